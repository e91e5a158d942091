//! Syncs beside syncs, admins and readers.

use model_access_stress::{at_once, connect, number, sync};
use postgres::error::SqlState;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The tests share one catalogue: one at a time.
static CATALOGUE: Mutex<()> = Mutex::new(());

fn clean_catalogue() -> std::sync::MutexGuard<'static, ()> {
    let guard = CATALOGUE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    connect()
        .batch_execute("TRUNCATE public.model_access, public.model_sync_log, public.model_price_history, public.model_review_items")
        .expect("an empty catalogue");
    guard
}

#[test]
fn concurrent_syncs_run_one_after_the_other() {
    let _catalogue = clean_catalogue();
    // Eight feeds of forty models that overlap in thirty-five; the last one to run decides who is active.
    let answers = at_once(8, |number, client| {
        // Each client has its own price for acme/m36, which all feeds have.
        let priced = format!(
            "jsonb_set(test.feed(40, 'acme', {}), '{{{},pricing,prompt}}', '\"{}\"')",
            1 + 5 * number,
            35 - 5 * number,
            number + 1
        );
        sync(client, "force_sync_openrouter_models", &priced)
    });
    assert!(answers.iter().all(|answer| answer["success"] == true), "{answers:?}");
    let added: i64 = answers.iter().map(|answer| answer["models_added"].as_i64().unwrap_or_default()).sum();
    let mut client = connect();
    assert_eq!(added, number(&mut client, "SELECT count(*) FROM public.model_access"));
    assert_eq!(8, number(&mut client, "SELECT count(*) FROM public.model_sync_log WHERE sync_status = 'completed'"));
    assert_eq!(40, number(&mut client, "SELECT count(*) FROM public.model_access WHERE status = 'new'"));
    let span = "SELECT (max(n) - min(n) + 1)::bigint FROM (SELECT substr(model_id, 7)::int AS n
                FROM public.model_access WHERE status = 'new') AS m";
    assert_eq!(40, number(&mut client, span), "the models that are left are one feed, not a mixture");
    let doubled = "SELECT count(*) FROM (SELECT FROM public.model_price_history WHERE valid_to IS NULL
                   GROUP BY model_id HAVING count(*) > 1) AS m";
    assert_eq!(0, number(&mut client, doubled));
    assert_eq!(8, number(&mut client, "SELECT count(*) FROM public.model_price_history WHERE model_id = 'acme/m36'"));
    let overlapping = "SELECT count(*) FROM public.model_price_history AS a JOIN public.model_price_history AS b
                       ON a.model_id = b.model_id AND a.id < b.id
                       AND tstzrange(a.valid_from, a.valid_to) && tstzrange(b.valid_from, b.valid_to)";
    assert_eq!(0, number(&mut client, overlapping));
}

#[test]
fn dos_06_readers_never_wait_for_a_sync() {
    let _catalogue = clean_catalogue();
    let mut admin = connect();
    sync(&mut admin, "sync_openrouter_models", "test.feed(20)");
    admin.batch_execute("UPDATE public.model_access SET status = 'active', is_free = true WHERE true").expect("opened");
    let mut syncing = connect();
    let mut transaction = syncing.transaction().expect("a transaction");
    transaction.execute("SELECT public.force_sync_openrouter_models(test.feed(5, 'other'))", &[]).expect("a sync");
    // The sync is not committed: sixteen readers see the old list at once, whatever it holds.
    let lists = at_once(16, |_, client| {
        client.batch_execute("SET lock_timeout = '100ms'").expect("a setting");
        (0..20)
            .map(|_| number(client, "SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('A'))"))
            .collect::<Vec<_>>()
    });
    assert!(lists.iter().flatten().all(|count| *count == 20), "{lists:?}");
    transaction.commit().expect("committed");
    assert_eq!(0, number(&mut admin, "SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('A'))"));
}

#[test]
fn a_second_sync_waits_and_gives_up_as_it_is_told() {
    let _catalogue = clean_catalogue();
    let mut first = connect();
    let mut transaction = first.transaction().expect("a transaction");
    transaction.execute("SELECT public.sync_openrouter_models(test.feed(5))", &[]).expect("a sync");

    // lock_timeout is an error of this run: answered and logged.
    let mut second = connect();
    second.batch_execute("SET lock_timeout = '200ms'").expect("a setting");
    let answer = sync(&mut second, "sync_openrouter_models", "test.feed(5)");
    assert_eq!(answer["success"], false, "{answer}");
    let code: String = second
        .query_one("SELECT error_details ->> 'sqlstate' FROM public.model_sync_log WHERE sync_status = 'failed'", &[])
        .expect("a failed row")
        .get(0);
    assert_eq!(code, "55P03");

    // A cancel is not: it is raised, leaves no row, and the session is the caller's again.
    second
        .batch_execute("SET lock_timeout = 0; SET statement_timeout = '200ms'; SET ROLE service_role")
        .expect("settings");
    let cancelled = second.execute("SELECT public.sync_openrouter_models(test.feed(5))", &[]).expect_err("a cancel");
    assert_eq!(cancelled.code(), Some(&SqlState::QUERY_CANCELED));
    second.batch_execute("SET statement_timeout = 0").expect("a setting");
    let session: String =
        second.query_one("SELECT current_user || ' ' || current_setting('search_path')", &[]).expect("alive").get(0);
    assert_eq!(session, "service_role \"$user\", public");
    transaction.commit().expect("committed");
    assert_eq!(2, number(&mut second, "SELECT count(*) FROM public.model_sync_log"));
}

#[test]
fn admins_and_syncs_do_not_deadlock_and_lose_nothing() {
    let _catalogue = clean_catalogue();
    sync(&mut connect(), "sync_openrouter_models", "test.feed(30)");
    let before = number(&mut connect(), "SELECT version FROM public.model_catalogue_version");
    let deadline = Instant::now() + Duration::from_secs(3);
    let writes: i64 = at_once(8, move |number, client| {
        let mut writes = 0;
        while Instant::now() < deadline {
            // Two sync in turn with and without a model; six open and close models in opposite orders.
            if number < 2 {
                let feed = format!("test.feed({})", 29 + writes % 2);
                assert_eq!(sync(client, "sync_openrouter_models", &feed)["success"], true);
            } else {
                let model = if number % 2 == 0 { writes % 25 } else { 24 - writes % 25 };
                let verdict = format!(
                    "SELECT public.update_model_tier_access('acme/m{}', true, NULL, NULL, 'active')",
                    model + 1
                );
                client.execute(&verdict, &[]).expect("a verdict");
            }
            writes += 1;
        }
        writes
    })
    .into_iter()
    .sum();
    let mut client = connect();
    assert!(writes > 8, "every client wrote");
    assert_eq!(25, number(&mut client, "SELECT count(*) FROM public.model_access WHERE status = 'active' AND is_free"));
    assert!(number(&mut client, "SELECT version FROM public.model_catalogue_version") > before);
    assert_eq!(30, number(&mut client, "SELECT count(*) FROM public.model_price_history WHERE valid_to IS NULL"));
}

#[test]
fn a_reader_sees_one_feed_or_the_other() {
    let _catalogue = clean_catalogue();
    sync(&mut connect(), "sync_openrouter_models", "test.feed(20)");
    let deadline = Instant::now() + Duration::from_secs(2);
    let seen = at_once(6, move |number, client| {
        let mut counts = Vec::new();
        let mut turn = 0;
        while Instant::now() < deadline {
            if number == 0 {
                let feed = if turn % 2 == 0 { "test.feed(7, 'other')" } else { "test.feed(20)" };
                assert_eq!(sync(client, "force_sync_openrouter_models", feed)["success"], true);
                turn += 1;
            } else {
                let query = "SELECT count(*) FROM public.model_access WHERE status <> 'inactive'";
                counts.push(model_access_stress::number(client, query));
            }
        }
        counts
    });
    let mut counts: Vec<i64> = seen.into_iter().flatten().collect();
    counts.sort_unstable();
    counts.dedup();
    assert_eq!(counts, [7, 20]);
}
