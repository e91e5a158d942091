//! Sixteen readers of the list of models beside writers of every kind: each answer is what plain SQL says under the same
//! snapshot.

use model_access_stress::{Dice, at_once, connect, number};
use postgres::Client;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const READERS: usize = 16;
const WRITERS: usize = 4;
const DURATION: Duration = Duration::from_secs(8);

/// One change, committed or taken back, of a kind that the dice choose.
fn write(client: &mut Client, dice: &mut Dice) {
    let model = format!("acme/m{}", 1 + dice.roll(40));
    let flip =
        format!("UPDATE public.model_access SET is_pro = NOT is_pro, is_free = NOT is_free WHERE model_id = '{model}'");
    let statements = match dice.roll(40) {
        0..=15 => flip,
        16..=20 => format!("BEGIN; {flip}; ROLLBACK"),
        21..=25 => format!("BEGIN; SAVEPOINT s; {flip}; ROLLBACK TO s; UPDATE public.model_access SET is_enterprise = NOT is_enterprise WHERE model_id = '{model}'; COMMIT"),
        26..=30 => format!("SET session_replication_role = replica; {flip}; RESET session_replication_role"),
        31..=34 => format!("BEGIN; DELETE FROM public.model_access WHERE model_id = '{model}'; INSERT INTO public.model_access (model_id, model_name, status, is_enterprise) VALUES ('{model}', 'Back', 'active', true) ON CONFLICT DO NOTHING; COMMIT"),
        35..=36 => "BEGIN; CREATE TEMP TABLE saved ON COMMIT DROP AS TABLE public.model_access; TRUNCATE public.model_access; INSERT INTO public.model_access SELECT * FROM saved; COMMIT".to_owned(),
        37 => format!("ALTER TABLE public.model_access ALTER COLUMN daily_limit TYPE integer USING {}", dice.roll(1000)),
        38 => format!("BEGIN; ALTER TABLE public.model_access DISABLE TRIGGER model_access_catalogue_version; {flip}; ALTER TABLE public.model_access ENABLE ALWAYS TRIGGER model_access_catalogue_version; COMMIT"),
        _ => "VACUUM FULL public.model_access".to_owned(),
    };
    // Writers of these kinds may deadlock or time out with each other: the change is then taken back, which is one more
    // thing that a reader must not notice.
    for statement in statements.split("; ") {
        if client.batch_execute(statement).is_err() {
            client.batch_execute("ROLLBACK; RESET session_replication_role").expect("a clean session");
            break;
        }
    }
}

/// What a reader compares: the list of each tier, in one statement or in a transaction with one snapshot.
fn compare(client: &mut Client, dice: &mut Dice) -> Vec<String> {
    let person = ["A", "P", "B"][dice.roll(3) as usize];
    let compared = format!("SELECT test.compared_list('{person}')");
    let ask = |client: &mut Client| client.query_one(&compared, &[]).map(|row| row.get::<_, String>(0));
    let answers = if dice.roll(3) == 0 {
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").expect("a transaction");
        let answers: Result<Vec<_>, _> = (0..3)
            .map(|_| {
                thread::sleep(Duration::from_millis(2));
                ask(client)
            })
            .collect();
        client.batch_execute("COMMIT").expect("the end of it");
        answers
    } else {
        ask(client).map(|answer| vec![answer])
    };
    answers.expect("a reader is never refused")
}

#[test]
fn every_list_is_what_the_table_says() {
    let mut owner = connect();
    owner
        .batch_execute(
            "SET client_min_messages = warning;
             TRUNCATE public.model_access, public.model_price_history, public.model_review_items;
             SELECT public.force_sync_openrouter_models(test.feed(40));
             UPDATE public.model_access SET status = 'active', is_enterprise = true WHERE true",
        )
        .expect("forty models");
    let (over, different, compared) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let shared = Arc::new((over, different, compared));
    let clock = Arc::clone(&shared);
    let timer = thread::spawn(move || {
        let until = Instant::now() + DURATION;
        while Instant::now() < until {
            thread::sleep(Duration::from_millis(50));
        }
        clock.0.store(true, Ordering::Relaxed);
    });
    let writes: usize = at_once(READERS + WRITERS, move |client_number, client| {
        let (over, different, compared) = &*shared;
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (client_number as u64 + 1));
        client.batch_execute("SET lock_timeout = '2s'; SET client_min_messages = error").expect("settings");
        let mut writes = 0;
        while !over.load(Ordering::Relaxed) {
            if client_number < WRITERS {
                write(client, &mut dice);
                writes += 1;
                thread::sleep(Duration::from_millis(1 + dice.roll(5)));
            } else {
                for answer in compare(client, &mut dice) {
                    compared.fetch_add(1, Ordering::Relaxed);
                    if answer.starts_with("DIFFERENT") {
                        different.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        }
        assert_eq!(0, different.load(Ordering::Relaxed), "of {} lists", compared.load(Ordering::Relaxed));
        assert!(
            compared.load(Ordering::Relaxed) > 500,
            "only {} lists were compared",
            compared.load(Ordering::Relaxed)
        );
        writes
    })
    .into_iter()
    .sum();
    timer.join().expect("the clock");
    assert!(writes > 200, "only {writes} changes were made");
    assert_eq!(40, number(&mut owner, "SELECT count(*) FROM public.model_access"));
}
