//! Work that waits for the world outside, on a thread of its own, while the backend listens to the server.
//!
//! A read of a socket begins anew when a signal interrupts it, so a backend that reads itself would not notice a cancel. The
//! thread handles no signals and calls nothing of the server, whose functions are for one thread only.

use super::session;
use pgrx::pg_sys;
use std::ffi::{c_int, c_long};
use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, TryRecvError};
use std::thread;

/// So long the backend sleeps before it looks again whether the work is done.
const NAP_MS: c_long = 10;

/// Tells the work that nobody waits any more, also when an error passes.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Why there is no result.
pub enum Failed {
    /// The system gives no thread.
    NoThread,
    /// The work ended in a panic, which is a bug.
    Broke,
}

/// Runs `work` on another thread and returns what it does.
///
/// A cancel, a time-out or the server's end is raised at once; the work is told by its argument and ends by itself.
///
/// `work` must not call into the server: not allocate there, not raise, not log.
pub fn run<R: Send + 'static>(work: impl FnOnce(&AtomicBool) -> R + Send + 'static) -> Result<R, Failed> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let cancelled = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&cancelled);
    let thread = without_signals(|| {
        let body = move || {
            // Nobody receives it when the wait was cancelled.
            let _ = sender.send(work(&told));
        };
        thread::Builder::new().name("model_access".to_owned()).spawn(body)
    });
    thread.map_err(|_| Failed::NoThread)?;
    let _waiting = Waiting(cancelled);
    loop {
        match receiver.try_recv() {
            Ok(result) => return Ok(result),
            Err(TryRecvError::Disconnected) => return Err(Failed::Broke),
            Err(TryRecvError::Empty) => nap(),
        }
    }
}

/// Sleeps for a moment, or until the server wants something; then does what it wants.
fn nap() {
    let events = pg_sys::WL_LATCH_SET | pg_sys::WL_TIMEOUT | pg_sys::WL_EXIT_ON_PM_DEATH;
    // SAFETY: MyLatch is this backend's own latch.
    unsafe {
        pg_sys::WaitLatch(pg_sys::MyLatch, events as c_int, NAP_MS, pg_sys::PG_WAIT_EXTENSION);
        pg_sys::ResetLatch(pg_sys::MyLatch);
    }
    session::check_for_interrupts();
}

/// Runs `start` with all signals blocked: a thread that it starts never handles one.
fn without_signals<R>(start: impl FnOnce() -> R) -> R {
    let (mut all, mut before) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    // SAFETY: the sets are filled before they are read; the mask of this thread is put back as it was.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
    }
    let started = start();
    // SAFETY: see above; `before` was filled by the call that succeeds with such arguments.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut()) };
    started
}
