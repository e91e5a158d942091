//! Thresholds that usage reached.

use super::board::Board;
use super::entry::Entry;
use super::{Instant, to_server};
use crate::lookup;
use crate::pg::arrays::texts_arg;
use crate::pg::spi::{Snapshot, arg, timestamp_arg, timestamps_arg};
use model_access_domain::decision::thresholds_reached;
use model_access_domain::limit::Amount;
use pgrx::Uuid;

lookup!(RAISE, include_str!("../../../sql/queries/quota_alerts_raise.sql"));

/// Raises an alert for every threshold that the counted calls reached; each once in a window.
pub fn raise(board: &Board) {
    let reached: Vec<(&Entry, Amount, Amount)> = board
        .deciding()
        .flat_map(|entry| {
            let after = entry.counter.used();
            let shares = thresholds_reached(entry.limit, &entry.known_before(), &after);
            shares.into_iter().map(move |share| (entry, share, after.clone()))
        })
        .collect();
    if reached.is_empty() {
        return;
    }
    let texts = |of: &dyn Fn(&(&Entry, Amount, Amount)) -> String| reached.iter().map(of).collect::<Vec<String>>();
    let shares = texts(&|(_, share, _)| share.to_plain_string());
    let used = texts(&|(.., used)| used.to_plain_string());
    let amounts = texts(&|(entry, ..)| entry.limit.amount.clone().unwrap_or_default().to_plain_string());
    let starts: Vec<Instant> = reached.iter().map(|(entry, ..)| entry.window_start()).collect();
    let args = [
        arg(reached.iter().map(|(entry, ..)| to_server(entry.counter.key.subject)).collect::<Vec<Uuid>>()),
        texts_arg(reached.iter().map(|(entry, ..)| Some(entry.counter.key.source))),
        arg(reached.iter().map(|(entry, ..)| entry.counter.key.limit_id).collect::<Vec<i64>>()),
        texts_arg(reached.iter().map(|(entry, ..)| Some(entry.counter.key.model.as_str()))),
        timestamps_arg(starts),
        texts_arg(shares.iter().map(|share| Some(share.as_str()))),
        texts_arg(reached.iter().map(|(entry, ..)| Some(entry.limit.name.as_str()))),
        texts_arg(used.iter().map(|used| Some(used.as_str()))),
        texts_arg(amounts.iter().map(|amount| Some(amount.as_str()))),
        timestamp_arg(board.now),
    ];
    RAISE.with(|query| query.rows(Snapshot::Latest, &args, |_| ()));
}
