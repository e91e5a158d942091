//! Which core a backend and its client run on. Where the scheduler chooses, it is chance, which lasts for seconds, and what a wake costs
//! depends on it.

use crate::Result;
use rustix::thread::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps a backend on the first of the cores that this process may use.
pub fn keep_backend(pid: i32) -> Result<()> {
    let pid = Pid::from_raw(pid).ok_or("the backend has no process")?;
    Ok(sched_setaffinity(Some(pid), &Place::Backends.of(&sched_getaffinity(None)?))
        .map_err(|error| format!("a backend cannot be kept on one core: {error}"))?)
}

/// Where the client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the backend's core: for short calls, whose wakes on another core would cost as much as they do themselves. The two take turns, so
    /// a second core makes neither faster.
    Backends,
    /// On the next core, if there is one: for long answers, which are read while they are sent, as by an application on another machine.
    Next,
}

impl Place {
    fn of(self, all: &CpuSet) -> CpuSet {
        let mut usable = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core));
        let first = usable.next();
        let core = match self {
            Self::Backends => first,
            Self::Next => usable.next().or(first),
        };
        let mut cores = CpuSet::new();
        core.into_iter().for_each(|core| cores.set(core));
        cores
    }
}

/// Keeps this thread in its place until it is dropped.
pub struct Kept(CpuSet);

impl Kept {
    /// From now on.
    pub fn on(place: Place) -> Result<Self> {
        let all = sched_getaffinity(None)?;
        sched_setaffinity(None, &place.of(&all))?;
        Ok(Self(all))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // A thread may go back to where it came from.
        sched_setaffinity(None, &self.0).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cores(numbers: &[usize]) -> CpuSet {
        let mut cores = CpuSet::new();
        numbers.iter().for_each(|core| cores.set(*core));
        cores
    }

    #[test]
    fn a_client_is_with_the_backend_or_on_the_next_core() {
        let all = cores(&[2, 3, 5]);
        assert!(Place::Backends.of(&all) == cores(&[2]));
        assert!(Place::Next.of(&all) == cores(&[3]));
        assert!(Place::Next.of(&cores(&[4])) == cores(&[4]), "there is no other");
    }

    #[test]
    fn a_thread_comes_back_from_its_place() {
        let before = sched_getaffinity(None).expect("it may be asked");
        let kept = Kept::on(Place::Backends).expect("it may be set");
        assert_eq!(sched_getaffinity(None).expect("it may be asked").count(), 1);
        drop(kept);
        assert!(sched_getaffinity(None).expect("it may be asked") == before);
    }
}
