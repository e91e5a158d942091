//! What happens to the clients: operators who change limits, backends that are terminated, servers that crash.

use super::session::Session;
use super::world::{CHANGING, GROUPS, USERS, World, connect, count, locked, organization, scope, user};
use postgres::{Client, Error, Row};
use std::collections::VecDeque;
use std::env;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

/// How often the server is killed: at equal distances.
pub const CRASHES: u32 = 3;
/// Between two backends that are terminated or cancelled.
const KILL_EVERY: Duration = Duration::from_millis(250);
/// Limits that come and go beside those that stay.
const PASSING: usize = 3;

const BUSY: &str = "SELECT a.pid FROM pg_catalog.pg_stat_activity AS a
  WHERE a.application_name LIKE 'quota %' AND a.xact_start IS NOT NULL
    AND a.state IN ('active', 'idle in transaction')
  ORDER BY random() LIMIT 1";

/// Terminates, cancels and crashes until the time is over.
pub fn chaos(world: &World) {
    let mut dice = world.dice(1000);
    let mut admin: Option<Client> = None;
    let part = world.duration / (CRASHES + 1);
    for step in 1..=CRASHES + 1 {
        while world.started.elapsed() < part * step && !world.is_late() {
            thread::sleep(KILL_EVERY);
            let Some(mut client) = admin.take().or_else(|| connect("supabase_admin", "chaos").ok()) else { continue };
            let Ok(rows) = client.query(BUSY, &[]) else { continue };
            if let Some(pid) = rows.first().map(|row| row.get::<_, i32>(0)) {
                let terminate = dice.roll(4) != 0;
                if terminate {
                    locked(&world.killed).insert(pid);
                }
                let function = if terminate { "pg_terminate_backend" } else { "pg_cancel_backend" };
                let _ = client.query(&format!("SELECT pg_catalog.{function}({pid})"), &[]);
            }
            admin = Some(client);
        }
        if step <= CRASHES && !world.is_late() {
            crash(world);
        }
    }
}

fn crash(world: &World) {
    let cluster = env::var("QUOTA_CLUSTER").expect("QUOTA_CLUSTER is set by tests/stress/run");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/crash");
    // The server inherits what it is not told to close: a pipe would never end.
    let status = Command::new(script).arg(cluster).stdin(Stdio::null()).stdout(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => count(&world.counts.crashes),
        other => {
            world.fail(format!("the server was not killed and started: {other:?}"));
            world.lost.store(true, Ordering::Relaxed);
        }
    }
    // Backends of the new server may have the numbers of old ones.
    locked(&world.killed).clear();
}

/// Sets limits lower and higher, makes and removes others, changes the slots of an organisation, and asks for status.
pub fn operate(world: &World) {
    let mut session = Session::new(world, 2000, "quota operator");
    let mut highest = [20_u64; GROUPS.len()];
    let mut passing: VecDeque<String> = VecDeque::new();
    for turn in 0.. {
        if world.is_over() {
            return;
        }
        let pause = 40 + session.dice.roll(160);
        thread::sleep(Duration::from_millis(pause));
        let group = session.dice.roll(GROUPS.len() as u64) as usize;
        let user = user(group, session.dice.roll(USERS));
        let call = match session.dice.roll(12) {
            0..=4 => {
                let amount = if session.dice.roll(3) == 0 {
                    highest[group] += 1 + session.dice.roll(12);
                    highest[group]
                } else {
                    count(&world.counts.lowered);
                    session.dice.roll(highest[group])
                };
                format!(
                    "SELECT public.set_quota_limit('swing', 'requests', 'lifetime', {amount}, {}, p_model_pattern => 'swing/*')",
                    scope(group)
                )
            }
            5 if passing.len() >= PASSING => {
                let id = passing.pop_front().unwrap_or_default();
                format!("SELECT public.remove_quota_limit({id}, 'no longer needed')")
            }
            5..=6 => passing_limit(&mut session, group, turn),
            7 => format!(
                "UPDATE public.organizations SET quota_slots = {} WHERE id = '{}' RETURNING 1",
                1 + session.dice.roll(8),
                organization(CHANGING)
            ),
            8 => "SELECT public.expire_reservations(50)".to_owned(),
            9 => format!("SELECT d.allowed FROM public.check_model_quota('{user}', 'swing/m1', 10) AS d"),
            10 => format!("SELECT count(*) FROM public.get_quota_status('{user}')"),
            _ => format!(
                "SELECT public.adjust_quota('{user}', 'swing/m1', 'passing', {}, 'goodwill')",
                1 + session.dice.roll(5)
            ),
        };
        // Whom no limit named `passing` concerns, or whose reservation is gone, is told so.
        let Ok(rows) = session.definite(std::slice::from_ref(&call)) else { continue };
        if call.contains("'passing'") && call.contains("set_quota_limit") {
            passing.extend(rows.first().and_then(|row| row.get(0)).map(str::to_owned));
        }
    }
}

/// A limit that nobody reaches, so that its counters are made, from the ledger and from what is held, while calls are made.
fn passing_limit(session: &mut Session, group: usize, turn: u64) -> String {
    let pattern = ["*", "exact/*", "swing/*"][session.dice.roll(3) as usize];
    let (metric, period) =
        [("requests", "'monthly'"), ("tokens", "'lifetime'"), ("concurrent", "NULL")][session.dice.roll(3) as usize];
    let per_model = session.dice.roll(2) == 0;
    format!(
        "SELECT public.set_quota_limit('passing', '{metric}', {period}, {}, {}, p_model_pattern => '{pattern}', p_per_model => {per_model})",
        1_000_000_000 + turn,
        scope(group)
    )
}

/// What was read. `None` with the server, or with a failure of another kind, which is noted.
fn unless_lost(world: &World, answer: Result<Vec<Row>, Error>) -> Option<Vec<Row>> {
    if let Some(error) = answer.as_ref().err().and_then(Error::as_db_error)
        && !error.code().code().starts_with("57P")
    {
        world.fail(format!("{error:?}"));
    }
    answer.ok()
}

/// Reads invariants, each in one snapshot, while everything happens.
pub fn watch(world: &World) {
    const ABOVE: &str = "
        SELECT l.name, l.scope, l.subject, u.model, sum(u.used + u.held)::float8, max(h.highest)::float8
          FROM public.quota_usage AS u
          JOIN public.quota_limits AS l USING (limit_id)
          CROSS JOIN LATERAL (SELECT max((i.new_value ->> 'limit_amount')::numeric) AS highest
                                FROM public.quota_limit_history AS i WHERE i.limit_id = l.limit_id) AS h
         WHERE u.source = 'limit' AND l.name IN ('exact', 'swing', 'at once')
         GROUP BY l.limit_id, u.subject, u.model
        HAVING sum(u.used + u.held) > max(h.highest)";
    const DIFFER: &str = "SELECT v::text FROM public.verify_quota() AS v LIMIT 5";
    let mut client: Option<Client> = None;
    let mut verified = Instant::now();
    while !world.is_over() {
        thread::sleep(Duration::from_millis(100));
        let Some(mut watching) = client.take().or_else(|| connect("postgres", "watch").ok()) else { continue };
        let Some(above) = unless_lost(world, watching.query(ABOVE, &[])) else { continue };
        for row in above {
            let text = |place: usize| row.get::<_, String>(place);
            let (taken, highest): (f64, f64) = (row.get(4), row.get(5));
            world.fail(format!("{} of {} {} {}: {taken} above {highest}", text(0), text(1), text(2), text(3)));
        }
        if verified.elapsed() > Duration::from_secs(1) {
            let Some(differ) = unless_lost(world, watching.query(DIFFER, &[])) else { continue };
            differ.iter().for_each(|row| world.fail(format!("verify_quota: {}", row.get::<_, String>(0))));
            verified = Instant::now();
        }
        count(&world.counts.watched);
        client = Some(watching);
    }
}
