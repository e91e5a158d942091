//! The command line. `bin/bench` has the help text.

use crate::Result;
use std::path::PathBuf;
use std::time::Duration;

/// Rounds of a full run: enough for a median that a disturbed round does not move.
const ROUNDS: usize = 11;
/// Rounds of a quick run, which asserts nothing.
const QUICK_ROUNDS: usize = 2;

/// The most rounds of what many clients do.
const LOAD_ROUNDS: usize = 5;

/// A part that can be run by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The list of allowed models.
    List,
    /// The sync of the catalogue.
    Sync,
    /// One call of the quota functions: CPU.
    Calls,
    /// Many clients that reserve and settle.
    Clients,
    /// Many clients of one organisation.
    Hot,
    /// Curves: CPU, pages, bytes and transactions a second as tables, catalogue and clients become more.
    Growth,
    /// Bytes and updates in place.
    Space,
    /// Redis beside it.
    Redis,
}

impl Part {
    /// The parts that a word on the command line names.
    fn named(word: &str) -> Option<&'static [Self]> {
        Some(match word {
            "list" => &[Self::List],
            "sync" => &[Self::Sync],
            "calls" => &[Self::Calls],
            "clients" => &[Self::Clients],
            "hot" => &[Self::Hot],
            "growth" => &[Self::Growth],
            "space" => &[Self::Space],
            "redis" => &[Self::Redis],
            "quota" => &[Self::Calls, Self::Clients, Self::Hot, Self::Growth, Self::Space, Self::Redis],
            _ => return None,
        })
    }
}

/// What to run, and how long.
#[derive(Debug)]
pub struct Options {
    /// Small and fast: results are compared, no goal is asserted.
    pub quick: bool,
    /// Whether growth goes on to a ledger of 10⁷ rows.
    pub growth: bool,
    /// Rounds per scenario.
    pub rounds: usize,
    /// Where the raw numbers go.
    pub json: Option<PathBuf>,
    /// The folder where the curves go.
    pub svg: Option<PathBuf>,
    only: Vec<Part>,
}

impl Options {
    /// Reads `[--quick] [--growth] [--rounds N] [--json FILE] [--svg FOLDER] [PART…]`.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { quick: false, growth: false, rounds: 0, json: None, svg: None, only: Vec::new() };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--rounds" => options.rounds = arguments.next().ok_or("--rounds needs a number")?.parse()?,
                "--json" => options.json = Some(arguments.next().ok_or("--json needs a file")?.into()),
                "--svg" => options.svg = Some(arguments.next().ok_or("--svg needs a folder")?.into()),
                "--growth" => {
                    options.growth = true;
                    options.only.push(Part::Growth);
                }
                word => {
                    let parts = Part::named(word).ok_or_else(|| format!("unknown argument {word}"))?;
                    options.only.extend(parts);
                }
            }
        }
        if options.svg.is_some() && !options.runs(Part::Growth) {
            return Err("--svg needs the part growth, which has the curves".into());
        }
        if options.rounds == 0 {
            options.rounds = if options.quick { QUICK_ROUNDS } else { ROUNDS };
        }
        Ok(options)
    }

    /// Whether a part was asked for, by name or by naming none.
    pub fn runs(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Rounds of what many clients do, which takes longer than what one does.
    pub fn load_rounds(&self) -> usize {
        self.rounds.min(self.quick_or(1, LOAD_ROUNDS))
    }

    /// How long many clients are at it in a round.
    pub fn load_lasting(&self) -> Duration {
        Duration::from_millis(self.quick_or(200, 2000))
    }

    /// The smaller number in a quick run.
    pub fn quick_or<T>(&self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }
}
