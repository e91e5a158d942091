//! What must be true in the end.

use super::book::Used;
use super::trouble::CRASHES;
use super::world::{EXACT, GROUPS, ROUNDS, World, connect, locked, user};
use postgres::Client;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

const DENIALS: u64 = 100;
const TERMINATED: u64 = 20;

/// Compares everything with everything.
pub fn judge(world: &World) {
    let mut client = connect("postgres", "judge").expect("the server is up");
    let fail = |wrong: String| world.fail(wrong);
    no_hold_is_left(world, &mut client);
    let columns = "SELECT v::text FROM public.verify_quota() AS v";
    client
        .query(columns, &[])
        .expect(columns)
        .iter()
        .for_each(|row| fail(format!("verify_quota: {}", row.get::<_, String>(0))));
    the_ledger_is_what_was_answered(world, &mut client);
    every_limit_is_used_up(world, &mut client);
    let at_least = |what: &str, counter: &AtomicU64, least: u64| {
        let happened = counter.load(Ordering::Relaxed);
        if happened < least {
            fail(format!("{happened} {what} instead of at least {least}: the test has tested nothing"));
        }
    };
    at_least("denials", &world.counts.denials, DENIALS);
    at_least("terminated backends", &world.counts.terminated, TERMINATED);
    at_least("crashes", &world.counts.crashes, CRASHES.into());
    at_least("looks at the invariants", &world.counts.watched, 20);
    at_least("lowered limits", &world.counts.lowered, 20);
}

/// Reservations were settled, released, or are over by now.
fn no_hold_is_left(world: &World, client: &mut Client) {
    let left = "SELECT count(*), coalesce(max(h.expires_at)::text, '') FROM public.quota_holds AS h";
    while !world.is_late() {
        client.execute("SELECT public.expire_reservations()", &[]).expect("expired");
        if client.query_one(left, &[]).expect(left).get::<_, i64>(0) == 0 {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    let row = client.query_one(left, &[]).expect(left);
    if row.get::<_, i64>(0) != 0 {
        world.fail(format!("{} holds are left, until {}", row.get::<_, i64>(0), row.get::<_, String>(1)));
    }
    let held = "SELECT count(*) FROM public.quota_usage AS u WHERE u.held <> 0";
    let held: i64 = client.query_one(held, &[]).expect(held).get(0);
    if held != 0 {
        world.fail(format!("{held} counters hold something"));
    }
}

fn the_ledger_is_what_was_answered(world: &World, client: &mut Client) {
    let ledger = "SELECT coalesce(u.idempotency_key, ''), u.user_id::text, u.model, u.requests::bigint, u.tokens_used FROM public.ai_usage AS u";
    let rows = client.query(ledger, &[]).expect(ledger);
    let number = |row: &postgres::Row, place: usize| u64::try_from(row.get::<_, i64>(place)).unwrap_or(u64::MAX);
    let used = |row: &postgres::Row| {
        (row.get(0), Used { user: row.get(1), model: row.get(2), requests: number(row, 3), tokens: number(row, 4) })
    };
    let differences = locked(&world.book).differences(rows.iter().map(used));
    if let Some(first) = differences.first() {
        world.fail(format!("{} calls differ between answers and ledger, such as {first}", differences.len()));
    }
}

/// Admitted by the answers, in the ledger, and in the status: N exactly, of every limit named `exact`.
fn every_limit_is_used_up(world: &World, client: &mut Client) {
    for (place, group) in GROUPS.iter().enumerate() {
        let status = format!(
            "SELECT count(*), count(*) FILTER (WHERE s.remaining = 0 AND s.used = {EXACT} AND s.held = 0)
               FROM public.get_quota_status('{}') AS s WHERE s.name = 'exact'",
            user(place, 0)
        );
        let row = client.query_one(&status, &[]).expect(&status);
        let (limits, used_up): (i64, i64) = (row.get(0), row.get(1));
        if (limits, used_up) != (ROUNDS as i64, ROUNDS as i64) {
            world.fail(format!("{}: {used_up} of {limits} limits are used up by the status", group.name));
        }
        for model in (1..=ROUNDS).map(|number| format!("exact/m{number}")) {
            let answered = locked(&world.book).requests(place, &model);
            let stored = format!(
                "SELECT coalesce(sum(u.requests), 0)::bigint FROM public.ai_usage AS u
                  WHERE u.model = '{model}' AND u.user_id::text LIKE '00000000-0000-4000-8001-{place:04}%'"
            );
            let stored: i64 = client.query_one(&stored, &[]).expect(&stored).get(0);
            if (answered, stored) != (EXACT, EXACT as i64) {
                world.fail(format!("{} {model}: {answered} admitted, {stored} stored of {EXACT}", group.name));
            }
        }
    }
}

/// One line of what happened.
pub fn figures(world: &World) -> String {
    let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let counts = &world.counts;
    let seconds = world.started.elapsed().as_secs_f64();
    format!(
        "quota stress: seed {}, {} limits of {EXACT}, {} calls in the ledger, {} operations ({:.0}/s), {} denials, {} reserved, \
         {} left to expire, {} rolled back, {} repeated, {} limits lowered, {} terminated, {} cancelled, {} crashes, \
         {} connections lost, {} deadlocks, {} beside transactions of two calls, {} conflicts, {} looks at invariants, {:.1} s",
        world.seed,
        ROUNDS * GROUPS.len() as u64,
        locked(&world.book).len(),
        of(&counts.operations),
        of(&counts.operations) as f64 / seconds,
        of(&counts.denials),
        of(&counts.reserved),
        of(&counts.abandoned),
        of(&counts.rolled_back),
        of(&counts.repeated),
        of(&counts.lowered),
        of(&counts.terminated),
        of(&counts.cancelled),
        of(&counts.crashes),
        of(&counts.lost),
        of(&counts.deadlocks),
        of(&counts.deadlocks_of_pairs),
        of(&counts.conflicts),
        of(&counts.watched),
        seconds,
    )
}
