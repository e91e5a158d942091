//! A client and its backend on one core.
//!
//! They take turns, so a second core makes neither faster. But where the scheduler wakes one of them on another core, the wake
//! costs as much as a call of the server, above all in a virtual machine, and whether it does is chance that lasts for seconds.

use crate::Result;
use rustix::thread::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps a process on the first of the cores that this one may use.
pub fn keep(pid: i32) -> Result<()> {
    let pid = Pid::from_raw(pid).ok_or("the backend has no process")?;
    Ok(sched_setaffinity(Some(pid), &first_of(&sched_getaffinity(None)?))
        .map_err(|error| format!("a backend cannot be kept on one core: {error}"))?)
}

/// Keeps this thread on that core until it is dropped.
pub struct OneCore(CpuSet);

impl OneCore {
    /// From now on.
    pub fn enter() -> Result<Self> {
        let all = sched_getaffinity(None)?;
        sched_setaffinity(None, &first_of(&all))?;
        Ok(Self(all))
    }
}

impl Drop for OneCore {
    fn drop(&mut self) {
        // A thread may go back to where it came from.
        sched_setaffinity(None, &self.0).unwrap_or_default();
    }
}

fn first_of(all: &CpuSet) -> CpuSet {
    let mut first = CpuSet::new();
    if let Some(core) = (0..CpuSet::MAX_CPU).find(|core| all.is_set(*core)) {
        first.set(core);
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_comes_back_from_its_one_core() {
        let before = sched_getaffinity(None).expect("it may be asked");
        let kept = OneCore::enter().expect("it may be set");
        assert_eq!(sched_getaffinity(None).expect("it may be asked").count(), 1);
        drop(kept);
        assert!(sched_getaffinity(None).expect("it may be asked") == before);
    }
}
