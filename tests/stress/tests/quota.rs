//! The quota engine under fire: thirty-two clients call at random while limits change, backends are terminated and the server
//! is killed. Whoever lost his answer asks again with his key. In the end each limit has admitted what it admits, no less and
//! no more; the ledger is, row by row, what the answers said; and counters, holds and ledger agree.
//!
//! Runs against a cluster of its own, which `tests/stress/run` starts. The seed decides what the clients ask for; when they
//! meet is the scheduler's to decide.

#[path = "quota/book.rs"]
mod book;
#[path = "quota/decision.rs"]
mod decision;
#[path = "quota/end.rs"]
mod end;
#[path = "quota/session.rs"]
mod session;
#[path = "quota/trouble.rs"]
mod trouble;
#[path = "quota/work.rs"]
mod work;
#[path = "quota/world.rs"]
mod world;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};
use work::Worker;
use world::World;

const CLIENTS: u64 = 32;

/// Ends the process when something hangs that no timeout ends.
fn last_resort(world: &World) {
    let end = world.deadline + Duration::from_secs(45);
    thread::spawn(move || {
        thread::sleep(end.saturating_duration_since(Instant::now()));
        eprintln!("quota stress: hangs long after its deadline");
        process::exit(1);
    });
}

#[test]
fn each_limit_admits_exactly_what_it_admits_whatever_crashes() {
    world::set_up(&mut world::connect("postgres", "set-up").expect("the server is up"));
    let world = World::new();
    last_resort(&world);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let world = &world;
                scope.spawn(move || {
                    let mut worker = Worker::new(world, number);
                    worker.work();
                    worker
                })
            })
            .collect();
        scope.spawn(|| trouble::operate(&world));
        scope.spawn(|| trouble::watch(&world));
        trouble::chaos(&world);
        world.over.store(true, Ordering::Relaxed);
        let workers: Vec<Worker> = workers.into_iter().map(|worker| worker.join().expect("a client")).collect();
        for mut worker in workers {
            scope.spawn(move || worker.exhaust());
        }
    });
    end::judge(&world);
    let figures = end::figures(&world);
    println!("{figures}");
    if let Ok(file) = env::var("QUOTA_FIGURES") {
        fs::write(file, figures + "\n").expect("the figures are written");
    }
    let failures = world.failures();
    assert!(failures.is_empty(), "{} failures, the first: {:#?}", failures.len(), &failures[..failures.len().min(10)]);
}
