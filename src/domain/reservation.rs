//! The life of a reservation, as a table.
//!
//! | state \ event | settle        | settle again, same usage | release   | expire    | extend |
//! |---------------|---------------|--------------------------|-----------|-----------|--------|
//! | active        | → settled     |                          | → released| → expired | stays  |
//! | expired       | → settled     |                          | stays     | stays     | gone   |
//! | released      | → settled     |                          | stays     | stays     | gone   |
//! | settled       | other usage   | stays                    | stays     | stays     | gone   |
//!
//! Usage is never lost: it is stored in whatever state the reservation is, but once.

/// Where a reservation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits to be settled.
    Active,
    /// Its usage is in the ledger.
    Settled,
    /// Given back without usage.
    Released,
    /// Nobody came in time.
    Expired,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Settled, Self::Released, Self::Expired];

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Settled => "settled",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// By the stored word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What is asked of a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Store its usage; whether the same usage settled it before.
    Settle {
        /// The usage is the one that is stored.
        same_usage: bool,
    },
    /// Give it back.
    Release,
    /// Its time is over.
    Expire,
    /// Let it live longer; whether it still lives.
    Extend {
        /// Its time is not over.
        in_time: bool,
    },
}

/// What happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It goes to another state.
    Becomes(State),
    /// Nothing changes, and that is right.
    Stays,
    /// Settled before, with other usage: PT409.
    OtherUsage,
    /// It no longer lives: PT410.
    Gone,
}

/// What an event does to a reservation.
pub fn outcome(state: State, event: Event) -> Outcome {
    match (state, event) {
        (State::Settled, Event::Settle { same_usage: true }) => Outcome::Stays,
        (State::Settled, Event::Settle { same_usage: false }) => Outcome::OtherUsage,
        (_, Event::Settle { .. }) => Outcome::Becomes(State::Settled),
        (State::Active, Event::Release) => Outcome::Becomes(State::Released),
        (State::Active, Event::Expire) => Outcome::Becomes(State::Expired),
        (_, Event::Release | Event::Expire) => Outcome::Stays,
        (State::Active, Event::Extend { in_time: true }) => Outcome::Stays,
        (_, Event::Extend { .. }) => Outcome::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Becomes, Gone, OtherUsage, Stays};
    use State::{Active, Expired, Released, Settled};
    use proptest::prelude::*;

    const EVENTS: [Event; 6] = [
        Event::Settle { same_usage: false },
        Event::Settle { same_usage: true },
        Event::Release,
        Event::Expire,
        Event::Extend { in_time: true },
        Event::Extend { in_time: false },
    ];

    #[test]
    fn every_state_and_event() {
        let rows = [
            (Active, [Becomes(Settled), Becomes(Settled), Becomes(Released), Becomes(Expired), Stays, Gone]),
            (Expired, [Becomes(Settled), Becomes(Settled), Stays, Stays, Gone, Gone]),
            (Released, [Becomes(Settled), Becomes(Settled), Stays, Stays, Gone, Gone]),
            (Settled, [OtherUsage, Stays, Stays, Stays, Gone, Gone]),
        ];
        for (state, expected) in rows {
            assert_eq!(EVENTS.map(|event| outcome(state, event)), expected, "{state:?}");
        }
    }

    proptest! {
        /// In whatever order events come, usage is stored at most once, and once it was asked for, exactly once.
        #[test]
        fn usage_is_stored_once(events in prop::collection::vec(0_usize..EVENTS.len(), 0..20)) {
            let mut state = Active;
            let mut stored = 0;
            let mut asked = false;
            for event in events.into_iter().map(|place| EVENTS[place]) {
                asked |= matches!(event, Event::Settle { .. });
                if let Becomes(next) = outcome(state, event) {
                    stored += usize::from(next == Settled);
                    state = next;
                }
            }
            prop_assert_eq!(stored, usize::from(asked));
        }
    }
}
