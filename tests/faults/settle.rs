//! Backends that are terminated while they settle.

use crate::calls::{Book, Call, Kind};
use crate::report::{Least, Wrongs, number};
use crate::server::{self, Life, code, connect, superuser, text};
use model_access_stress::Dice;
use postgres::Client;
use std::thread;
use std::time::{Duration, Instant};

const DATABASE: &str = "faults_settle";

pub fn run() -> bool {
    let mut admin = server::fresh(DATABASE, "");
    let life = Life::begins();
    let mut killer = superuser(DATABASE);
    let mut dice = Dice(number("FAULTS_SEED", 20_260_101).max(1));
    let (wrongs, book, least) = (Wrongs::default(), Book::default(), Least::new(0.5, 30));
    let (mut lost, mut late, mut turn) = (0, 0, 0);
    let mut takes = Duration::from_millis(60);
    while !least.is_reached(lost) {
        turn += 1;
        let call = Call::new(&mut dice, format!("r{turn}"), Kind::Settle);
        let reservation = call.reserve(&mut admin).expect("a reservation").expect("admitted");
        // Half of them wait for a counter when the end comes.
        let waits = dice.roll(2) == 0;
        let most = u64::try_from(takes.as_micros()).unwrap_or(60_000);
        let delay = Duration::from_micros(dice.roll(most + most / 4));
        match terminated(&mut admin, &mut killer, &call.settlement(&reservation), waits, delay) {
            Ok(took) => {
                late += 1;
                takes = took;
            }
            Err(None) => lost += 1,
            Err(Some(error)) => wrongs.note(error),
        }
        let again = |client: &mut Client| {
            client.query_one(&call.settlement(&reservation), &[]).map(|row| row.get::<_, bool>(0))
        };
        for client in [&mut admin, &mut connect(DATABASE)] {
            let answer = again(client);
            if !matches!(answer, Ok(true)) {
                wrongs.note(format!("settled again: {answer:?}"));
            }
        }
        book.answered(&call);
    }
    wrongs.note_all(book.differences(&mut admin));
    wrongs.note_all(server::wrong(&mut admin));
    let held = text(
        &mut admin,
        "SELECT (SELECT count(*) FROM public.quota_holds) || ' ' || coalesce(sum(u.held), 0) FROM public.quota_usage AS u",
    );
    if held.split(' ').any(|number| !number.trim_end_matches(['0', '.']).is_empty()) {
        wrongs.note(format!("what was settled is still held: {held}"));
    }
    life.went_on(&wrongs);
    let figures = format!("{} settlements lost their backend, {late} were done before", least.enforced(&wrongs, lost));
    let kept = wrongs.told("a settlement whose backend was terminated gives one row when it is made again", &figures);
    std::mem::drop((admin, killer));
    server::drop(DATABASE);
    kept
}

/// Settles in a session of its own, which is terminated meanwhile. How long it took when that came too late; `Err(None)` when it
/// was in time.
fn terminated(
    admin: &mut Client,
    killer: &mut Client,
    settlement: &str,
    waits: bool,
    delay: Duration,
) -> Result<Duration, Option<String>> {
    let mut session = connect(DATABASE);
    let pid: i32 = session.query_one("SELECT pg_backend_pid()", &[]).expect("a pid").get(0);
    let mut held = admin.transaction().expect("a transaction");
    if waits {
        held.execute("SELECT FROM public.quota_usage FOR UPDATE", &[]).expect("counters are held");
    }
    let started = Instant::now();
    let settled = thread::scope(|scope| {
        let settling = scope.spawn(|| session.query_one(settlement, &[]).map(|_| started.elapsed()));
        thread::sleep(delay);
        killer.execute("SELECT pg_catalog.pg_terminate_backend($1)", &[&pid]).expect("terminated");
        settling.join().expect("who settles")
    });
    held.rollback().expect("let go");
    settled.map_err(|error| (code(&error) != "lost").then(|| format!("terminated: {error:?}")))
}
