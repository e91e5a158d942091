//! Curves: what calls cost, what they read and what many clients get as limits, users, ledger, catalogue and clients become more.

mod catalogue;
mod crowd;
mod memory;
mod pages;
mod size;
mod tables;

use super::{database, verify};
use crate::Result;
use crate::options::Options;
use crate::report::Report;
use size::{NOTHING, Size};

/// A small database stands beside those that grow. At the end it has to bear many clients, who fill it.
pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    let start = Size::small(options);
    let mut small = database("_small")?;
    size::grow(&mut small, NOTHING, start)?;
    tables::run(options, &mut small, report)?;
    catalogue::run(options, &mut small, report)?;
    memory::run(options, report)?;
    crowd::run(options, &mut small, report)?;
    verify(&mut small)
}
