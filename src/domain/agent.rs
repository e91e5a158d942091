//! How agents do: the means of a day, their health, and which of several is called.

use crate::breaker;

/// A column of an execution holds no longer one: some 27 hours, in milliseconds. The mean's column neither.
pub const MAX_LATENCY_MS: i64 = 99_999_999;

/// How an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Its last call succeeded.
    Healthy,
    /// Its last call failed.
    Degraded,
    /// Its breaker is open.
    Unhealthy,
}

impl Health {
    /// By failures in a row and the breaker's state.
    pub fn of(failures: i64, breaker: breaker::State) -> Self {
        match (breaker, failures) {
            (breaker::State::Open, _) => Self::Unhealthy,
            (_, ..=0) => Self::Healthy,
            _ => Self::Degraded,
        }
    }

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Unhealthy => "unhealthy",
        }
    }
}

/// The calls of an agent on one day: counts, and the sums behind the means, which are exact at every call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Calls that succeeded.
    pub successful: i64,
    /// Calls that failed.
    pub failed: i64,
    /// Milliseconds of those that succeeded: what fails at once would make an agent look fast.
    pub latency_ms: i64,
    /// Calls whose tokens are known.
    pub counted: i64,
    /// Their tokens.
    pub tokens_in: i64,
    /// As well.
    pub tokens_out: i64,
}

/// Rounds a quotient half up; 0 for nothing.
fn rounded(sum: i64, count: i64, times: i64) -> i64 {
    let (sum, count, times) = (i128::from(sum), i128::from(count), i128::from(times));
    if count <= 0 {
        return 0;
    }
    i64::try_from((2 * sum * times + count).div_euclid(2 * count)).unwrap_or(i64::MAX)
}

impl Day {
    /// A call ended; a time-out and a failure have no latency that counts.
    pub fn ended(&mut self, latency_ms: Option<i64>) {
        match latency_ms {
            Some(latency) => {
                self.successful = self.successful.saturating_add(1);
                self.latency_ms = self.latency_ms.saturating_add(latency);
            }
            None => self.failed = self.failed.saturating_add(1),
        }
    }

    /// What a call used became known.
    pub fn used(&mut self, tokens_in: i64, tokens_out: i64) {
        self.counted = self.counted.saturating_add(1);
        self.tokens_in = self.tokens_in.saturating_add(tokens_in);
        self.tokens_out = self.tokens_out.saturating_add(tokens_out);
    }

    /// The mean latency with two digits; `None` when no call succeeded.
    pub fn avg_latency_ms(&self) -> Option<String> {
        let hundredths = rounded(self.latency_ms, self.successful, 100).min(MAX_LATENCY_MS * 100 + 99);
        (self.successful > 0).then(|| format!("{}.{:02}", hundredths / 100, hundredths % 100))
    }

    /// The mean tokens in and out; `None` when no call's are known.
    pub fn avg_tokens(&self) -> Option<(i32, i32)> {
        let mean = |sum| i32::try_from(rounded(sum, self.counted, 1)).unwrap_or(i32::MAX);
        (self.counted > 0).then(|| (mean(self.tokens_in), mean(self.tokens_out)))
    }
}

/// An agent that may be called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Mean latency of its recent calls, in hundredths of a millisecond; `None` when there were none.
    pub latency: Option<i64>,
    /// Executions that run.
    pub running: i64,
}

/// The place of the one to call: the least latency times the calls that it would then have to answer, of equals the one with
/// fewer, then the first. Whose latency nobody knows counts as the quickest, so that it is tried.
pub fn pick(candidates: &[Candidate]) -> Option<usize> {
    let quickest = candidates.iter().filter_map(|candidate| candidate.latency).min().unwrap_or(1).max(1);
    let cost = |candidate: &Candidate| {
        let latency = candidate.latency.unwrap_or(quickest).max(1);
        i128::from(latency) * (i128::from(candidate.running.max(0)) + 1)
    };
    let best = candidates.iter().enumerate().min_by_key(|(_, candidate)| (cost(candidate), candidate.running));
    best.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn health_by_failures_and_breaker() {
        use breaker::State::{Closed, HalfOpen, Open};
        for (failures, state, expected) in [
            (0, Closed, Health::Healthy),
            (1, Closed, Health::Degraded),
            (4, Closed, Health::Degraded),
            (5, Open, Health::Unhealthy),
            (0, Open, Health::Unhealthy),
            (5, HalfOpen, Health::Degraded),
            (0, HalfOpen, Health::Healthy),
        ] {
            assert_eq!(Health::of(failures, state), expected, "{failures} {state:?}");
        }
    }

    #[test]
    fn means_are_rounded_half_up() {
        for (latencies, expected) in [
            (vec![10], "10.00"),
            (vec![10, 11], "10.50"),
            (vec![1, 1, 0], "0.67"),
            (vec![0, 0, 1], "0.33"),
            (vec![0, 0, 0, 0, 0, 0, 0, 1], "0.13"), // 0.125
            (vec![MAX_LATENCY_MS], "99999999.00"),
        ] {
            let mut day = Day::default();
            latencies.into_iter().for_each(|latency| day.ended(Some(latency)));
            assert_eq!(day.avg_latency_ms().as_deref(), Some(expected));
        }
        let mut day = Day::default();
        day.ended(None);
        assert_eq!((day.failed, day.avg_latency_ms(), day.avg_tokens()), (1, None, None));
        day.used(1, 2);
        day.used(2, 2);
        assert_eq!(day.avg_tokens(), Some((2, 2)), "1.5 and 2");
        day.used(i64::MAX, 0);
        assert_eq!(day.avg_tokens(), Some((i32::MAX, 1)));
    }

    #[test]
    fn the_quickest_answer_is_picked() {
        let known = |latency, running| Candidate { latency: Some(latency), running };
        let new = |running| Candidate { latency: None, running };
        for (candidates, expected) in [
            (vec![], None),
            (vec![known(200, 0), known(100, 0)], Some(1)),
            (vec![known(200, 0), known(100, 2)], Some(0)),
            (vec![known(200, 0), known(100, 1)], Some(0)), // as quick, with fewer
            (vec![known(100, 0), known(100, 0)], Some(0)),
            (vec![known(100, 1), new(0)], Some(1)),
            (vec![known(100, 0), new(1)], Some(0)),
            (vec![new(1), new(0)], Some(1)),
        ] {
            assert_eq!(pick(&candidates), expected, "{candidates:?}");
        }
    }

    proptest! {
        /// The mean of any calls, in whatever order, is that of their sum.
        #[test]
        fn a_mean_is_that_of_the_sum(latencies in prop::collection::vec(0_i64..=MAX_LATENCY_MS, 1..100)) {
            let (mut forth, mut back) = (Day::default(), Day::default());
            latencies.iter().for_each(|latency| forth.ended(Some(*latency)));
            latencies.iter().rev().for_each(|latency| back.ended(Some(*latency)));
            prop_assert_eq!(forth, back);
            let (sum, count) = (latencies.iter().sum::<i64>(), i64::try_from(latencies.len()).unwrap_or(1));
            let told: i64 = forth.avg_latency_ms().unwrap_or_default().replace('.', "").parse().unwrap_or(-1);
            // Within half a hundredth, and half upwards.
            let twice = 2 * told * count - 200 * sum;
            prop_assert!(-count < twice && twice <= count);
        }
    }
}
