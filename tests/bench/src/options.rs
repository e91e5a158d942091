//! The command line. `bin/bench` has the help text.

use crate::Result;
use std::path::PathBuf;

/// Rounds of a full run: enough for a median that a disturbed round does not move.
const ROUNDS: usize = 11;
/// Rounds of a quick run, which asserts nothing.
const QUICK_ROUNDS: usize = 2;

/// A part that can be run by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The list of allowed models.
    List,
    /// The sync of the catalogue.
    Sync,
}

/// What to run, and how long.
#[derive(Debug)]
pub struct Options {
    /// Small and fast: results are compared, no goal is asserted.
    pub quick: bool,
    /// Rounds per scenario.
    pub rounds: usize,
    /// Where the raw numbers go.
    pub json: Option<PathBuf>,
    only: Option<Part>,
}

impl Options {
    /// Reads `[--quick] [--rounds N] [--json FILE] [list|sync]`.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self { quick: false, rounds: 0, json: None, only: None };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--rounds" => options.rounds = arguments.next().ok_or("--rounds needs a number")?.parse()?,
                "--json" => options.json = Some(arguments.next().ok_or("--json needs a file")?.into()),
                "list" => options.only = Some(Part::List),
                "sync" => options.only = Some(Part::Sync),
                other => return Err(format!("unknown argument {other}").into()),
            }
        }
        if options.rounds == 0 {
            options.rounds = if options.quick { QUICK_ROUNDS } else { ROUNDS };
        }
        Ok(options)
    }

    /// Whether a part was asked for, by name or by naming none.
    pub fn runs(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }

    /// The smaller number in a quick run.
    pub fn quick_or<T>(&self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }
}
