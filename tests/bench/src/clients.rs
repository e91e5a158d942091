//! Many clients at once: transactions a second, and how long one waits.

use crate::Result;
use postgres::Client;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// One transaction, on a connection of some kind.
pub type WorkOn<C> = Box<dyn FnMut(&mut C) -> Result<()> + Send>;
/// One transaction on the server.
pub type Work = WorkOn<Client>;

/// What a client did and how long each waited.
pub struct Load {
    /// Transactions a second, of all clients.
    pub per_second: f64,
    /// Half of them waited less, milliseconds.
    pub p50_ms: f64,
    /// One of a hundred waited longer, milliseconds.
    pub p99_ms: f64,
}

impl Load {
    /// Names of [`Self::figures`].
    pub const COLUMNS: &'static [&'static str] = &["per s", "p50 ms", "p99 ms"];

    /// As a row of a table.
    pub fn figures(&self) -> Vec<f64> {
        vec![self.per_second, self.p50_ms, self.p99_ms]
    }

    fn of(mut waits_ms: Vec<f64>, took: Duration) -> Self {
        waits_ms.sort_by(f64::total_cmp);
        let at = |share: usize| waits_ms.get(waits_ms.len() * share / 100).copied().unwrap_or(f64::NAN);
        Self { per_second: waits_ms.len() as f64 / took.as_secs_f64(), p50_ms: at(50), p99_ms: at(99) }
    }
}

/// One client: a connection, or what else it keeps, and what it can do there.
pub struct Worker<C> {
    /// The connection.
    pub client: C,
    /// What it can do.
    pub works: Vec<WorkOn<C>>,
    /// Transactions that belong together: none of them is left undone at the end.
    pub steps: usize,
}

/// Lets all clients do the same for some time, each as fast as it is answered. Before, unmeasured, each does it `steps`
/// times, so that plans are made.
pub fn load<C: Send>(workers: &mut [Worker<C>], work: usize, lasting: Duration) -> Result<Load> {
    let idle = together(workers, |worker| {
        (0..worker.steps).try_for_each(|_| act(worker, work))?;
        Ok(Vec::new())
    });
    idle?;
    let barrier = Barrier::new(workers.len());
    let started = Instant::now();
    let waits = together(workers, |worker| {
        barrier.wait();
        let started = Instant::now();
        let mut waits = Vec::new();
        while started.elapsed() < lasting || !waits.len().is_multiple_of(worker.steps) {
            let asked = Instant::now();
            act(worker, work)?;
            waits.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        Ok(waits)
    })?;
    Ok(Load::of(waits, started.elapsed()))
}

fn act<C>(worker: &mut Worker<C>, work: usize) -> std::result::Result<(), String> {
    let Worker { client, works, .. } = worker;
    let Some(work) = works.get_mut(work) else { return Err("there is no such work".to_owned()) };
    work(client).map_err(|error| match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    })
}

/// Each worker in a thread of its own; all that they measured.
fn together<C: Send>(
    workers: &mut [Worker<C>],
    task: impl Fn(&mut Worker<C>) -> std::result::Result<Vec<f64>, String> + Sync,
) -> Result<Vec<f64>> {
    let task = &task;
    let results = thread::scope(|scope| {
        let threads: Vec<_> = workers.iter_mut().map(|worker| scope.spawn(move || task(worker))).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let mut measured = Vec::new();
    for result in results {
        measured.extend(result.map_err(|_| "a client's thread broke off")??);
    }
    Ok(measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(steps: usize) -> Worker<usize> {
        Worker {
            client: 0,
            works: vec![Box::new(|done| {
                *done += 1;
                Ok(())
            })],
            steps,
        }
    }

    #[test]
    fn steps_that_belong_together_are_all_done() {
        let mut workers = vec![worker(3), worker(3)];
        load(&mut workers, 0, Duration::from_millis(2)).expect("nothing fails");
        assert!(workers.iter().all(|worker| worker.client > 3 && worker.client.is_multiple_of(3)));
    }

    #[test]
    fn a_client_that_fails_ends_the_load() {
        let mut workers = vec![worker(1), worker(1)];
        workers[1].works[0] = Box::new(|_| Err("refused".into()));
        let error = load(&mut workers, 0, Duration::from_millis(2)).err().expect("it fails").to_string();
        assert_eq!(error, "refused");
    }

    #[test]
    fn percentiles_are_of_all_clients() {
        let load = Load::of((1..=200).rev().map(f64::from).collect(), Duration::from_secs(2));
        assert_eq!(load.figures(), [100.0, 101.0, 199.0]);
    }
}
