//! A counter of a board.

use super::Instant;
use model_access_domain::counter::{Counter, Slot};
use model_access_domain::decision::Demand;
use model_access_domain::limit::{Amount, Limit, Metric};

/// A counter and the limit that it is of.
#[derive(Clone)]
pub struct Entry<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// The counter.
    pub counter: Counter,
    /// Into how many rows it is to be split.
    pub places: i16,
    /// The one slot that was locked, where one is enough.
    pub secured: Option<i16>,
    /// Usage before the calls.
    pub used_before: Amount,
}

impl Entry<'_> {
    /// Whether it has several rows.
    pub fn is_split(&self) -> bool {
        self.counter.is_split()
    }

    /// Whether more is used and held than the limit admits.
    pub fn is_exceeded(&self) -> bool {
        let taken = self.counter.used() + self.counter.live();
        self.limit.amount.as_ref().is_some_and(|amount| taken > *amount)
    }

    /// Usage from which thresholds are counted. Of other slots' usage a caller that locked one knows only what it was, so
    /// every threshold counts as reached anew; the alert's key lets only the first through.
    pub fn known_before(&self) -> Amount {
        if self.is_split() { Amount::from(-1) } else { self.used_before.clone() }
    }

    /// The window that is counted.
    pub fn window_start(&self) -> Instant {
        self.counter.slots.first().map(|slot| slot.window.start).unwrap_or_default()
    }

    /// Its rows.
    pub fn ids(&self) -> Vec<i64> {
        self.ids_with(|_| true)
    }

    /// Those of its rows that are wanted.
    pub fn ids_with(&self, wanted: impl Fn(&Slot) -> bool) -> Vec<i64> {
        self.counter.slots.iter().filter(|slot| wanted(slot)).map(|slot| slot.counter_id).collect()
    }

    /// Whether a row that is to be locked is not.
    pub fn waits_for_lock(&self) -> bool {
        match self.secured {
            Some(place) => !self.counter.slots.iter().any(|slot| slot.slot == place && slot.changes.locked),
            None => !self.counter.slots.iter().all(|slot| slot.changes.locked),
        }
    }

    /// Counts a demand: as used, or as held. `refuses`: the limit decides and is hard, so expired holds are taken back when that
    /// makes it fit.
    pub fn count(&mut self, demand: &Demand, at: Instant, refuses: bool, as_held: bool) {
        let asked = demand.of(self.limit.metric).unwrap_or_default();
        let fits = |counter: &Counter| match &self.limit.amount {
            Some(amount) if refuses => counter.used() + counter.held() + &asked <= *amount,
            _ => true,
        };
        if self.secured.is_none() && !fits(&self.counter) {
            self.counter.slots.iter_mut().for_each(Slot::reclaim);
        }
        let place = self.secured.unwrap_or_default();
        let nothing = Amount::default();
        // Usage of a window that is over is in the ledger only.
        let open = |slot: &&mut Slot| slot.slot == place && slot.window.contains(at);
        if let Some(slot) = self.counter.slots.iter_mut().find(open) {
            match (as_held, self.limit.metric) {
                (true, _) => slot.add(&nothing, &asked),
                (false, Metric::Concurrent) => {}
                (false, _) => slot.add(&asked, &nothing),
            }
        }
    }
}
