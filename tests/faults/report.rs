//! Lines for people and for bin/test.

use std::env;
use std::fmt::Display;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// More of what is wrong is only counted.
const SHOWN: usize = 8;

/// What was found wrong, from all threads.
#[derive(Default)]
pub struct Wrongs(Mutex<Vec<String>>);

impl Wrongs {
    pub fn note(&self, what: impl Display) {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(what.to_string());
    }

    pub fn note_all(&self, all: impl IntoIterator<Item = String>) {
        all.into_iter().for_each(|what| self.note(what));
    }

    /// Notes it when something did not happen often enough: then nothing was tested.
    pub fn at_least(&self, what: &str, happened: u64, least: u64) {
        if happened < least {
            self.note(format!("{happened} {what} instead of at least {least}: nothing was tested"));
        }
    }

    /// Prints the line of a promise, and begins anew. Returns whether it was kept.
    pub fn told(&self, promise: &str, figures: &str) -> bool {
        let wrongs = std::mem::take(&mut *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
        println!("{} - faults {promise} ({figures})", if wrongs.is_empty() { "ok" } else { "not ok" });
        for what in wrongs.iter().take(SHOWN) {
            println!("    {what:.500}");
        }
        if wrongs.len() > SHOWN {
            println!("    and {} more", wrongs.len() - SHOWN);
        }
        wrongs.is_empty()
    }
}

/// How long a random part goes on: for so many seconds and so many executions at the least.
pub struct Least {
    started: Instant,
    seconds: Duration,
    executions: u64,
}

impl Least {
    /// `share` of the seconds that are asked for.
    pub fn new(share: f64, executions: u64) -> Self {
        let seconds = number("FAULTS_SECONDS", 3) as f64 * share;
        Self { started: Instant::now(), seconds: Duration::from_secs_f64(seconds), executions }
    }

    pub fn is_reached(&self, executions: u64) -> bool {
        let elapsed = self.started.elapsed();
        // A machine that is slow beyond reason ends it too, and then has not done enough.
        elapsed >= self.seconds && executions >= self.executions || elapsed > self.seconds + Duration::from_secs(60)
    }

    /// As it stands now; less than was to be done is wrong.
    pub fn enforced(&self, wrongs: &Wrongs, executions: u64) -> String {
        let (elapsed, least) = (self.started.elapsed().as_secs_f64(), self.seconds.as_secs_f64());
        wrongs.at_least("executions", executions, self.executions);
        if elapsed < least {
            wrongs.note(format!("{elapsed:.1} s instead of at least {least:.1} s"));
        }
        format!("{executions} of at least {} in {elapsed:.1} s of at least {least:.1}", self.executions)
    }
}

pub fn number(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}
