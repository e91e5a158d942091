//! Rounds in turns, medians and ratios.

use crate::Result;

/// What one contender spent in one round, per call.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Wall time as the one who waits sees it, milliseconds.
    pub wall_ms: f64,
    /// CPU time of the backend, milliseconds.
    pub cpu_ms: f64,
    /// WAL written by the whole server, bytes; `None` where reading is measured.
    pub wal_bytes: Option<f64>,
}

impl Sample {
    /// Both together. WAL counts only when both measured it.
    pub fn and(self, other: Self) -> Self {
        Self {
            wall_ms: self.wall_ms + other.wall_ms,
            cpu_ms: self.cpu_ms + other.cpu_ms,
            wal_bytes: self.wal_bytes.zip(other.wal_bytes).map(|(one, two)| one + two),
        }
    }

    /// Per call.
    pub fn divided_by(self, calls: u32) -> Self {
        let calls = f64::from(calls);
        Self {
            wall_ms: self.wall_ms / calls,
            cpu_ms: self.cpu_ms / calls,
            wal_bytes: self.wal_bytes.map(|bytes| bytes / calls),
        }
    }
}

/// Which figure of a sample is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Wall time.
    Wall,
    /// CPU time of the backend.
    Cpu,
}

impl Measure {
    /// As it is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Cpu => "CPU",
        }
    }

    fn of(self, sample: &Sample) -> f64 {
        match self {
            Self::Wall => sample.wall_ms,
            Self::Cpu => sample.cpu_ms,
        }
    }
}

/// One contender's rounds.
#[derive(Debug)]
pub struct Series {
    /// Its name.
    pub contender: &'static str,
    /// One sample a round, in the order of time.
    pub samples: Vec<Sample>,
}

impl Series {
    /// One figure of every round.
    pub fn values(&self, measure: Measure) -> Vec<f64> {
        self.samples.iter().map(|sample| measure.of(sample)).collect()
    }

    /// WAL per call of every round in which it was measured.
    pub fn wal_bytes(&self) -> Vec<f64> {
        self.samples.iter().filter_map(|sample| sample.wal_bytes).collect()
    }
}

/// The same work done by several contenders.
#[derive(Debug)]
pub struct Scenario {
    /// What is done; unique in a run.
    pub name: String,
    /// Calls per contender and round.
    pub calls: u32,
    /// The contenders that the others are compared with.
    pub references: &'static [&'static str],
    /// Every contender's rounds.
    pub series: Vec<Series>,
}

impl Scenario {
    /// The rounds of a contender, if it took part.
    pub fn of(&self, contender: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.contender == contender)
    }

    /// How many times as fast as `reference` a contender is: the median over the rounds of the ratio within a round,
    /// so that a slow minute of the machine, which slows both, does not count.
    pub fn ratio(&self, contender: &str, reference: &str, measure: Measure) -> Option<f64> {
        let (ours, theirs) = (self.of(contender)?, self.of(reference)?);
        let ratios = ours.values(measure).into_iter().zip(theirs.values(measure)).map(|(ours, theirs)| theirs / ours);
        Some(median(ratios.collect()))
    }
}

/// The middle value, or the mean of the two middle ones; NaN of nothing, which meets no goal.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), middle.checked_sub(1).and_then(|below| values.get(below))) {
        (Some(upper), Some(lower)) if values.len().is_multiple_of(2) => (lower + upper) / 2.0,
        (Some(middle), _) => *middle,
        (None, _) => f64::NAN,
    }
}

/// Lets every contender run once per round. Each round begins with another one, so that none is always the first after
/// a pause or always the one behind the greediest. A round before the first fills caches and is not kept. Returns the
/// samples of each contender in the order of time.
pub fn turns<T>(contenders: usize, rounds: usize, mut measure: impl FnMut(usize) -> Result<T>) -> Result<Vec<Vec<T>>> {
    let mut samples: Vec<Vec<T>> = (0..contenders).map(|_| Vec::with_capacity(rounds)).collect();
    for round in 0..=rounds {
        for turn in 0..contenders {
            let number = (round + turn) % contenders;
            let sample = measure(number)?;
            if let (Some(samples), true) = (samples.get_mut(number), round > 0) {
                samples.push(sample);
            }
        }
    }
    Ok(samples)
}

/// As [`turns`], for what one backend spends.
pub fn in_turns(
    contenders: &[&'static str],
    rounds: usize,
    measure: impl FnMut(usize) -> Result<Sample>,
) -> Result<Vec<Series>> {
    let samples = turns(contenders.len(), rounds, measure)?;
    Ok(contenders.iter().zip(samples).map(|(&contender, samples)| Series { contender, samples }).collect())
}

/// A round is cut into so many slices where single calls are measured: a shared machine changes its speed within seconds, and what
/// is compared must be close together.
pub const SLICES: u32 = 10;

/// As [`in_turns`], with a turn of every contender in each slice of a round; a slice is what `measure` measures.
pub fn in_slices(
    contenders: &[&'static str],
    rounds: usize,
    measure: impl FnMut(usize) -> Result<Sample>,
) -> Result<Vec<Series>> {
    let slices = usize::try_from(SLICES)?;
    let mut series = in_turns(contenders, rounds * slices, measure)?;
    for series in &mut series {
        series.samples = series.samples.chunks(slices).map(mean).collect();
    }
    Ok(series)
}

fn mean(samples: &[Sample]) -> Sample {
    let first = samples.first().copied().unwrap_or_default();
    let count = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    samples.iter().skip(1).copied().fold(first, Sample::and).divided_by(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn every_contender_begins_a_round_and_the_first_round_is_not_kept() {
        let mut order = Vec::new();
        let series = in_turns(&["a", "b", "c"], 2, |number| {
            order.push(number);
            Ok(Sample { wall_ms: order.len() as f64, ..Sample::default() })
        })
        .expect("nothing fails");
        assert_eq!(order, [0, 1, 2, 1, 2, 0, 2, 0, 1]);
        assert_eq!(series[0].values(Measure::Wall), [6.0, 8.0]);
    }

    #[test]
    fn a_round_is_the_mean_of_its_slices() {
        let mut turn = 0.0;
        let series = in_slices(&["a", "b"], 2, |number| {
            turn += 1.0;
            Ok(Sample { wall_ms: if number == 0 { 1.0 } else { turn }, ..Sample::default() })
        })
        .expect("nothing fails");
        assert_eq!(series[0].values(Measure::Wall), [1.0, 1.0]);
        // Its turns are 3 to 22 and 23 to 42, the first of two in every other slice.
        assert_eq!(series[1].values(Measure::Wall), [12.5, 32.5]);
    }

    #[test]
    fn ratios_are_made_within_a_round() {
        let of = |contender, walls: [f64; 3]| Series {
            contender,
            samples: walls.iter().map(|&wall_ms| Sample { wall_ms, ..Sample::default() }).collect(),
        };
        // The second round was disturbed, for both: the ratio stays.
        let series = vec![of("slow", [4.0, 40.0, 6.0]), of("fast", [2.0, 20.0, 2.0])];
        let scenario = Scenario { name: String::new(), calls: 1, references: &[], series };
        assert_eq!(scenario.ratio("fast", "slow", Measure::Wall), Some(2.0));
        assert_eq!(scenario.ratio("fast", "absent", Measure::Wall), None);
    }
}
