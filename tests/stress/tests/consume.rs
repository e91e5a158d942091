//! Calls at once on one limit, and batches in opposite order.

use model_access_stress::{at_once, connect, number};
use std::sync::Once;

const CLIENTS: usize = 20;
/// How many of them the limit admits.
const FIT: usize = 5;
const ROUNDS: u32 = 20;

const CONSUME: &str = "SELECT c.allowed FROM public.consume_model_quota($1::text::uuid, $2, 1) AS c";

/// A user of a model of which he may make so many calls.
fn user_with_limit(place: u32, limit: usize) -> String {
    static MODELS: Once = Once::new();
    let mut client = connect();
    MODELS.call_once(|| {
        client
            .batch_execute(
                "INSERT INTO public.model_access (model_id, model_name, status, is_free)
                 SELECT 'few/m' || n, 'Few', 'active', true FROM generate_series(1, 2) AS n",
            )
            .expect("models");
    });
    let user = format!("00000000-0000-4000-8005-{place:012}");
    client
        .batch_execute(&format!(
            "INSERT INTO auth.users (id, email) VALUES ('{user}', 'few{place}@example.test');
             INSERT INTO public.profiles (id, email) VALUES ('{user}', 'few{place}@example.test');
             SELECT public.set_quota_limit('few', 'requests', 'lifetime', {limit}, 'user', '{user}', p_per_model => true)"
        ))
        .expect("a user with a limit");
    user
}

#[test]
fn quo_03_of_twenty_calls_at_once_five_fit_a_limit_of_five() {
    for round in 0..ROUNDS {
        let user = user_with_limit(round, FIT);
        let (caller, model) = (user.clone(), "few/m1");
        let admitted = at_once(CLIENTS, move |_, client| {
            client.batch_execute("SET ROLE service_role; SET lock_timeout = '8s'").expect("the application's server");
            client.query_one(CONSUME, &[&caller, &model]).expect(CONSUME).get::<_, bool>(0)
        });
        assert_eq!(FIT, admitted.into_iter().filter(|admitted| *admitted).count());
        let stored = format!("SELECT count(*) FROM public.ai_usage AS a WHERE a.user_id = '{user}'");
        assert_eq!(FIT, usize::try_from(number(&mut connect(), &stored)).expect("a count"));
    }
}

#[test]
fn quo_13_batches_in_opposite_order_do_not_deadlock() {
    const CALLS: usize = 60;
    let users = [user_with_limit(1000, 1_000_000), user_with_limit(1001, 1_000_000)];
    let calls: Vec<(String, &str)> =
        users.iter().flat_map(|user| ["few/m1", "few/m2"].map(|model| (user.clone(), model))).collect();
    let items = |calls: Vec<&(String, &str)>| {
        let items = calls.into_iter();
        let items = items.map(|(user, model)| format!(r#"{{"user_uuid":"{user}","model_id":"{model}","tokens":1}}"#));
        format!("[{}]", items.collect::<Vec<_>>().join(","))
    };
    let batches = [items(calls.iter().collect()), items(calls.iter().rev().collect())];
    at_once(CLIENTS, move |number, client| {
        client.batch_execute("SET ROLE service_role; SET lock_timeout = '8s'").expect("the application's server");
        let batch = &batches[number % 2];
        for _ in 0..CALLS {
            let query = "SELECT public.consume_model_quota_batch($1::text::jsonb)::text";
            client.query_one(query, &[batch]).expect("no deadlock, and no wait beyond lock_timeout");
        }
    });
    let used = format!(
        "SELECT sum(u.used)::bigint FROM public.quota_usage AS u WHERE u.subject IN ('{}', '{}')",
        users[0], users[1]
    );
    assert_eq!(CLIENTS * CALLS * calls.len(), usize::try_from(number(&mut connect(), &used)).expect("a count"));
}
