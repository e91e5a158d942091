//! Counters: how much of a limit is used and held in the open window, perhaps split into slots.
//!
//! A split counter lets calls run at once: each slot may admit alone up to the share that it was granted. The shares
//! add up to the limit, so what the slots admit alone can never exceed it.

use crate::limit::{Amount, CounterKey, Limit};
use crate::window::{Instant, Window};
use bigdecimal::{RoundingMode, ToPrimitive, Zero};

/// Digits of a share behind those of the limit.
const SHARE_DIGITS: i64 = 6;

/// One row of a counter.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The row; 0 while there is none.
    pub counter_id: i64,
    /// Its place in a split counter.
    pub slot: i16,
    /// The window that it counts.
    pub window: Window,
    /// Settled usage.
    pub used: Amount,
    /// Held, by expired reservations too.
    pub held: Amount,
    /// The part of `used` that no ledger row accounts for.
    pub opening: Amount,
    /// The share that it may admit alone.
    pub granted: Option<Amount>,
    /// The limit of which that is a share.
    pub granted_of: Option<Amount>,
    /// The part of `held` whose reservations have expired, where that was looked up.
    pub expired: Amount,
    /// What changed since it was read.
    pub changes: Changes,
}

/// What is to be written of a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// More than what time brings: only then the row is written.
    pub any: bool,
    /// A new window began: what was held in the old one holds nothing any more.
    pub rolled: bool,
    /// Expired holds were taken back.
    pub reclaimed: bool,
    /// Nothing changed, but the row is locked and nobody else can change it.
    pub locked: bool,
}

impl Slot {
    /// An empty one of a window.
    pub fn empty(slot: i16, window: Window) -> Self {
        Self {
            counter_id: 0,
            slot,
            window,
            used: Amount::zero(),
            held: Amount::zero(),
            opening: Amount::zero(),
            granted: None,
            granted_of: None,
            expired: Amount::zero(),
            changes: Changes::default(),
        }
    }

    /// Begins the window that holds the instant, if this one is over. Never goes back.
    pub fn roll(&mut self, limit: &Limit, at: Instant) {
        if at < self.window.end {
            return;
        }
        let granted = (self.granted.take(), self.granted_of.take());
        let (counter_id, changes) = (self.counter_id, self.changes);
        *self = Self::empty(self.slot, limit.window(at));
        (self.granted, self.granted_of) = granted;
        self.counter_id = counter_id;
        self.changes = Changes { rolled: true, ..changes };
    }

    /// Takes expired holds back.
    pub fn reclaim(&mut self) {
        if !self.expired.is_zero() {
            self.held -= std::mem::take(&mut self.expired);
            self.changes.any = true;
            self.changes.reclaimed = true;
        }
    }

    /// Adds to what is used and held; either may be negative.
    pub fn add(&mut self, used: &Amount, held: &Amount) {
        self.used += used;
        self.held += held;
        self.changes.any = true;
    }

    /// Whether it may admit so much by its own share, which was cut from a limit of this amount.
    pub fn has_room(&self, requested: &Amount, amount: &Amount) -> bool {
        match (&self.granted, &self.granted_of) {
            (Some(granted), Some(of)) => of == amount && &self.used + &self.held + requested <= *granted,
            _ => false,
        }
    }
}

/// All rows of a counter that were read.
#[derive(Clone, Debug, PartialEq)]
pub struct Counter {
    /// What it counts.
    pub key: CounterKey,
    /// Its rows, in order of their place.
    pub slots: Vec<Slot>,
    /// When the next of its live holds expires, where that was looked up.
    pub next_expiry: Option<Instant>,
}

impl Counter {
    /// Settled usage of all slots.
    pub fn used(&self) -> Amount {
        total(self.slots.iter().map(|slot| &slot.used))
    }

    /// Held by live reservations, as far as expired ones were looked up.
    pub fn live(&self) -> Amount {
        self.held() - total(self.slots.iter().map(|slot| &slot.expired))
    }

    /// Held, with the expired part.
    pub fn held(&self) -> Amount {
        total(self.slots.iter().map(|slot| &slot.held))
    }

    /// As [`Slot::roll`], of each slot.
    pub fn roll(&mut self, limit: &Limit, at: Instant) {
        self.slots.iter_mut().for_each(|slot| slot.roll(limit, at));
    }

    /// Whether it is split, or was.
    pub fn is_split(&self) -> bool {
        self.slots.len() > 1
    }

    /// Shares out anew what is left of the limit among the first `places` slots. All slots must be at hand.
    ///
    /// The shares never add up to more than the limit, so that they stay right when holds are given back or a window begins
    /// anew: where more is taken than the limit admits, or there is no limit, nobody has a share and all slots are asked.
    pub fn share_out(&mut self, amount: Option<&Amount>, places: i16) {
        let left = amount.map(|amount| amount - self.used() - self.held()).filter(|left| *left >= Amount::zero());
        // Cut off, not rounded: the shares must not exceed what is left by the last digit.
        let share = left.map(|left| {
            let scale = left.fractional_digit_count().max(0) + SHARE_DIGITS;
            (left / Amount::from(places.max(1))).with_scale_round(scale, RoundingMode::Down)
        });
        for slot in &mut self.slots {
            let own = &slot.used + &slot.held;
            slot.granted = share.as_ref().map(|share| if slot.slot < places { own + share } else { own });
            slot.granted_of = slot.granted.as_ref().and(amount).cloned();
            slot.changes.any = true;
        }
    }

    /// Whether any slot has a share.
    pub fn is_shared_out(&self) -> bool {
        self.slots.iter().any(|slot| slot.granted.is_some())
    }
}

/// A sum of many, most of them whole and small: decimals cost some copies each.
fn total<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Amount {
    let (mut whole, mut others) = (0_i128, Amount::zero());
    for amount in amounts {
        let (number, scale) = amount.as_bigint_and_scale();
        match number.to_i64() {
            Some(0) => {}
            Some(number) if scale == 0 => whole += i128::from(number),
            _ => others += amount,
        }
    }
    others + Amount::from(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::Source;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn counter(slots: &[(i64, i64)]) -> Counter {
        let window = Window { start: 0, end: 10 };
        let key = CounterKey { subject: Uuid::nil(), source: "limit", limit_id: 1, model: String::new() };
        let slots = slots.iter().zip(0..).map(|((used, held), place)| Slot {
            used: (*used).into(),
            held: (*held).into(),
            counter_id: i64::from(place) + 1,
            ..Slot::empty(place, window)
        });
        Counter { key, slots: slots.collect(), next_expiry: None }
    }

    #[test]
    fn a_window_that_is_over_begins_anew_and_keeps_its_share() {
        let limit = Limit::of_model(Source::Daily, "a/b", Some(5));
        let day = 86_400_000_000;
        let mut slot =
            Slot { window: limit.window(0), used: 4.into(), held: 1.into(), ..Slot::empty(0, limit.window(0)) };
        slot.granted = Some(5.into());
        slot.roll(&limit, day - 1);
        assert_eq!((slot.used.clone(), slot.changes.any), (4.into(), false));
        slot.roll(&limit, day);
        assert_eq!((slot.used.clone(), slot.held.clone(), slot.granted.clone()), (0.into(), 0.into(), Some(5.into())));
        assert_eq!(
            (slot.window, slot.changes.rolled && !slot.changes.any),
            (Window { start: day, end: 2 * day }, true)
        );
        slot.roll(&limit, 0);
        assert_eq!(slot.window.start, day, "never back");
    }

    #[test]
    fn a_share_of_another_amount_admits_nothing() {
        let mut split = counter(&[(1, 0), (0, 0)]);
        split.share_out(Some(&10.into()), 2);
        assert!(split.slots.iter().all(|slot| slot.has_room(&4.into(), &10.into())));
        assert!(!split.slots.iter().any(|slot| slot.has_room(&1.into(), &9.into())));
    }

    #[test]
    fn nobody_has_a_share_of_less_than_is_taken_or_of_no_limit() {
        let mut over = counter(&[(6, 11), (0, 19)]);
        over.share_out(Some(&15.into()), 2);
        assert!(!over.is_shared_out());
        over.share_out(Some(&100.into()), 2);
        assert!(over.is_shared_out());
        over.share_out(None, 2);
        assert!(!over.is_shared_out());
    }

    proptest! {
        #[test]
        fn a_total_is_the_sum(parts in prop::collection::vec((any::<i128>(), any::<i64>(), 0_i64..9, 0_u8..4), 0..9)) {
            let amount = |(large, number, scale, kind): &(i128, i64, i64, u8)| match kind {
                0 => Amount::from(*large),
                1 => Amount::from(*number),
                2 => Amount::new((*number).into(), *scale),
                _ => Amount::zero(),
            };
            let amounts: Vec<Amount> = parts.iter().map(amount).collect();
            prop_assert_eq!(total(amounts.iter()), amounts.iter().sum::<Amount>());
        }

        /// Whatever slots admit alone, in any order, while others give back what they held: the sum stays within the limit.
        #[test]
        fn shares_never_exceed_the_limit(
            slots in prop::collection::vec((0_i64..50, 0_i64..50), 1..9), amount in 0_i64..400, places in 1_i16..9,
            calls in prop::collection::vec((0_usize..8, 1_i64..30, any::<bool>()), 0..60),
        ) {
            let mut split = counter(&slots);
            let amount = Amount::from(amount);
            split.share_out(Some(&amount), places);
            for (place, asked, gives_back) in calls {
                let asked = Amount::from(asked);
                let total = split.used() + split.held();
                let Some(slot) = split.slots.get_mut(place) else { continue };
                if gives_back {
                    let held = asked.min(slot.held.clone());
                    slot.add(&Amount::zero(), &-held);
                } else if slot.has_room(&asked, &amount) {
                    slot.add(&asked, &Amount::zero());
                    prop_assert!(total + asked <= amount);
                }
            }
        }
    }
}
