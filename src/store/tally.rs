//! What this backend has done, counted in its own memory. Refusals are stored nowhere; a developer with one session sees here what
//! became of his calls, and whether lists come from memory.

use model_access_domain::decision::{Decision, Reason};
use std::cell::Cell;

/// How often something happened.
struct Count(Cell<u64>);

impl Count {
    const fn new() -> Self {
        Self(Cell::new(0))
    }

    fn add(&self) {
        self.0.set(self.0.get().saturating_add(1));
    }
}

thread_local! {
    static ADMITTED: Count = const { Count::new() };
    static REFUSED: [Count; Reason::ALL.len()] = const { [const { Count::new() }; Reason::ALL.len()] };
    static LIST_HITS: Count = const { Count::new() };
    static LIST_BUILDS: Count = const { Count::new() };
}

/// Notes decisions that are given to callers.
pub fn note_decisions(decisions: &[Decision]) {
    for decision in decisions {
        match decision.reason.and_then(|reason| Reason::ALL.iter().position(|known| *known == reason)) {
            None => ADMITTED.with(Count::add),
            Some(place) => REFUSED.with(|counts| counts.get(place).into_iter().for_each(Count::add)),
        }
    }
}

/// Notes a list that was given out from memory.
pub fn note_list_hit() {
    LIST_HITS.with(Count::add);
}

/// Notes a list that was read and is kept.
pub fn note_list_build() {
    LIST_BUILDS.with(Count::add);
}

/// What was counted: the figure's name, the label that tells its parts apart, the part, the count.
pub fn counts() -> Vec<(&'static str, &'static str, &'static str, u64)> {
    let read = |count: &Count| count.0.get();
    let decisions = |word, count| ("model_access_backend_decisions_total", "reason", word, count);
    let lists = |word, count| ("model_access_backend_lists_total", "source", word, count);
    let refused = REFUSED.with(|counts| counts.each_ref().map(read));
    let mut all = vec![decisions("admitted", ADMITTED.with(read))];
    all.extend(Reason::ALL.iter().zip(refused).map(|(reason, count)| decisions(reason.word(), count)));
    all.extend([lists("hit", LIST_HITS.with(read)), lists("build", LIST_BUILDS.with(read))]);
    all
}
