//! The values by which rows are looked for.

use super::spi::Arg;
use pgrx::pg_sys;

/// So many columns has the longest key.
const MOST_COLUMNS: usize = 5;

/// The values of a key.
#[derive(Clone, Copy)]
pub(super) struct Key {
    values: [Arg; MOST_COLUMNS],
    count: usize,
}

impl Key {
    /// Of an array.
    pub(super) fn of<const N: usize>(values: &[Arg; N]) -> Self {
        const { assert!(N <= MOST_COLUMNS) };
        let none = Arg::new(None, pg_sys::InvalidOid);
        let mut key = Self { values: [none; MOST_COLUMNS], count: N };
        key.values.iter_mut().zip(values).for_each(|(to, value)| *to = *value);
        key
    }

    /// As many as the key has columns.
    pub(super) fn values(&self) -> &[Arg] {
        self.values.get(..self.count).unwrap_or_default()
    }
}
