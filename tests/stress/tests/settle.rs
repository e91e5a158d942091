//! One call that sixteen clients report at the same instant: the ledger has it once, every counter has it once, and all are told
//! the same; whoever reports another usage is told PT409.

use model_access_stress::{connect, number};
use postgres::{Client, Error};
use std::collections::BTreeSet;
use std::sync::{Barrier, Once};
use std::thread;

const CLIENTS: usize = 16;
const ROUNDS: i64 = 150;
/// Into so many rows the counters of an organisation are split.
const SLOTS: i64 = 8;

const MODEL: &str = "once/m1";
const SETTLE: &str = "SELECT s.usage_id::text, s.tokens, s.cost_usd::text, s.total_usd::text, s.cost_source, s.repeated
                        FROM public.settle_model_quota($1::text::uuid, $2::text::jsonb) AS s";
const RECORD: &str = "SELECT s.usage_id::text, s.tokens, s.cost_usd::text, s.total_usd::text, s.cost_source, s.repeated
                        FROM public.record_model_usage($1::text::uuid, $2, $3::text::jsonb, $4) AS s";

/// Usage with what it costs by the model's price, in 10⁻⁵ USD.
struct Usage {
    json: &'static str,
    tokens: i64,
    cost: i64,
    cost_usd: &'static str,
    total_usd: &'static str,
}

const USAGE: Usage = Usage {
    json: r#"{"prompt_tokens": 100, "completion_tokens": 50}"#,
    tokens: 150,
    cost: 70,
    cost_usd: "0.0007",
    total_usd: "0.00084",
};
const OTHER_USAGE: Usage = Usage {
    json: r#"{"prompt_tokens": 100, "completion_tokens": 51}"#,
    tokens: 151,
    cost: 71,
    cost_usd: "0.00071",
    total_usd: "0.000852",
};

/// A user of an organisation with limits on requests, tokens and cost of both.
struct Someone {
    user: String,
    organization: String,
}

impl Someone {
    fn new(place: u32) -> Self {
        static MODELS: Once = Once::new();
        let mut client = connect();
        MODELS.call_once(|| {
            client
                .batch_execute(&format!(
                    "INSERT INTO public.model_access (model_id, model_name, status, is_free) VALUES ('{MODEL}', 'Once', 'active', true);
                     INSERT INTO public.model_price_history (model_id, valid_from, pricing)
                     VALUES ('{MODEL}', '2000-01-01 00:00+00', '{{\"prompt\": \"0.000002\", \"completion\": \"0.00001\"}}')"
                ))
                .expect("a model with a price");
        });
        let user = format!("00000000-0000-4000-8003-{place:012}");
        let organization = format!("00000000-0000-4000-8004-{place:012}");
        client
            .batch_execute(&format!(
                "INSERT INTO public.organizations (id, name, quota_slots) VALUES ('{organization}', 'Once', {SLOTS});
                 INSERT INTO auth.users (id, email) VALUES ('{user}', 'once{place}@example.test');
                 INSERT INTO public.profiles (id, email, subscription_tier, organization_id)
                 VALUES ('{user}', 'once{place}@example.test', 'free', '{organization}');
                 SELECT public.set_quota_limit(s.scope || ' ' || m.metric, m.metric, 'lifetime', 1000000, s.scope, s.subject, p_per => s.scope)
                   FROM (VALUES ('user', '{user}'), ('organization', '{organization}')) AS s (scope, subject)
                  CROSS JOIN (VALUES ('requests'), ('tokens'), ('cost_usd')) AS m (metric)"
            ))
            .expect("a user with limits");
        Self { user, organization }
    }

    fn reserve(&self, client: &mut Client) -> String {
        let reserve =
            "SELECT r.reservation_id::text FROM public.reserve_model_quota($1::text::uuid, $2, 100, 100) AS r";
        client.query_one(reserve, &[&self.user, &MODEL]).expect(reserve).get(0)
    }

    /// What every counter says, one line each; cost in 10⁻⁵ USD.
    fn counters(&self, client: &mut Client) -> Vec<String> {
        let query =
            "SELECT format('%s: %s used, %s held', l.name, trim_scale(sum(u.used) * f.factor), trim_scale(sum(u.held)))
                       FROM public.quota_usage AS u
                       JOIN public.quota_limits AS l USING (limit_id)
                      CROSS JOIN LATERAL (SELECT CASE l.metric WHEN 'cost_usd' THEN 100000 ELSE 1 END AS factor) AS f
                      WHERE u.subject::text IN ($1, $2)
                      GROUP BY l.name, f.factor
                      ORDER BY l.name";
        let rows = client.query(query, &[&self.user, &self.organization]).expect(query);
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What the ledger has of the user.
    fn ledger(&self, client: &mut Client) -> String {
        let query =
            "SELECT format('%s rows, %s requests, %s tokens, %s', count(*), sum(a.requests), sum(a.tokens_used),
                                   trim_scale(sum(a.cost_usd) * 100000))
                       FROM public.ai_usage AS a WHERE a.user_id::text = $1";
        client.query_one(query, &[&self.user]).expect(query).get(0)
    }

    /// Nothing is left to count, and all was counted once: so many calls, tokens, and 10⁻⁵ USD.
    fn used(&self, client: &mut Client, calls: i64, tokens: i64, cost: i64) {
        let line = |scope: &str, metric: &str, used: i64| format!("{scope} {metric}: {used} used, 0 held");
        let of = |scope| [line(scope, "cost_usd", cost), line(scope, "requests", calls), line(scope, "tokens", tokens)];
        assert_eq!([of("organization"), of("user")].concat(), self.counters(client));
        assert_eq!(format!("{calls} rows, {calls} requests, {tokens} tokens, {cost}"), self.ledger(client));
    }
}

/// What a client is told.
#[derive(Debug)]
struct Receipt {
    usage_id: String,
    tokens: i64,
    costs: [String; 3],
    repeated: bool,
}

/// A receipt, or the SQLSTATE.
type Answer = Result<Receipt, String>;

fn answer(rows: Result<postgres::Row, Error>) -> Answer {
    let row = rows.map_err(|error| error.code().map_or_else(|| error.to_string(), |code| code.code().to_owned()))?;
    let text = |place| row.get::<_, Option<String>>(place).unwrap_or_default();
    Ok(Receipt { usage_id: text(0), tokens: row.get(1), costs: [text(2), text(3), text(4)], repeated: row.get(5) })
}

fn clients() -> Vec<Client> {
    let mut clients: Vec<Client> = (0..CLIENTS).map(|_| connect()).collect();
    for client in &mut clients {
        client.batch_execute("SET ROLE service_role").expect("the application's server");
    }
    clients
}

/// What clients are told who call at the same instant.
fn at_once(clients: &mut [Client], call: impl Fn(usize, &mut Client) -> Answer + Sync) -> Vec<Answer> {
    let barrier = Barrier::new(clients.len());
    thread::scope(|scope| {
        let threads: Vec<_> = clients
            .iter_mut()
            .enumerate()
            .map(|(number, client)| {
                let (barrier, call) = (&barrier, &call);
                scope.spawn(move || {
                    barrier.wait();
                    call(number, client)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a client")).collect()
    })
}

/// Receipts of one call: one is the first, all name the same row with its cost.
fn one_call(receipts: &[&Receipt], usage: &Usage) {
    assert_eq!(1, receipts.iter().filter(|receipt| !receipt.repeated).count(), "{receipts:?}");
    let rows: BTreeSet<&str> = receipts.iter().map(|receipt| receipt.usage_id.as_str()).collect();
    assert_eq!(1, rows.len(), "{receipts:?}");
    for receipt in receipts {
        assert_eq!(usage.tokens, receipt.tokens);
        assert_eq!([usage.cost_usd, usage.total_usd, "computed"], receipt.costs.each_ref().map(String::as_str));
    }
}

fn receipts(answers: &[Answer]) -> Vec<&Receipt> {
    answers.iter().map(|answer| answer.as_ref().expect("a receipt")).collect()
}

fn everything_agrees(client: &mut Client) {
    assert_eq!(0, number(client, "SELECT count(*) FROM public.verify_quota()"));
}

#[test]
fn a_reservation_that_all_settle_at_once_is_counted_once() {
    let someone = Someone::new(1);
    let (mut owner, mut clients) = (connect(), clients());
    for round in 1..=ROUNDS {
        let reservation = someone.reserve(&mut owner);
        let answers = at_once(&mut clients, |_, client| answer(client.query_one(SETTLE, &[&reservation, &USAGE.json])));
        one_call(&receipts(&answers), &USAGE);
        someone.used(&mut owner, round, round * USAGE.tokens, round * USAGE.cost);
    }
    let slots = format!(
        "SELECT count(DISTINCT u.slot) FROM public.quota_usage AS u WHERE u.subject = '{}'",
        someone.organization
    );
    assert_eq!(SLOTS, number(&mut owner, &slots), "the organisation's counters are split");
    everything_agrees(&mut owner);
}

#[test]
fn usage_that_all_record_at_once_with_one_key_is_counted_once() {
    let someone = Someone::new(2);
    let (mut owner, mut clients) = (connect(), clients());
    // Usage that is recorded makes no counters: a call that is not measured makes them.
    let reservation = someone.reserve(&mut owner);
    answer(owner.query_one(SETTLE, &[&reservation, &USAGE.json])).expect("a receipt");
    for round in 1..=ROUNDS {
        let key = format!("round {round}");
        let answers = at_once(&mut clients, |_, client| {
            answer(client.query_one(RECORD, &[&someone.user, &MODEL, &USAGE.json, &key]))
        });
        one_call(&receipts(&answers), &USAGE);
        someone.used(&mut owner, 1 + round, (1 + round) * USAGE.tokens, (1 + round) * USAGE.cost);
    }
    everything_agrees(&mut owner);
}

#[test]
fn of_two_usages_that_are_reported_at_once_one_is_counted_and_the_other_refused() {
    let someone = Someone::new(3);
    let (mut owner, mut clients) = (connect(), clients());
    let (mut tokens, mut cost) = (0, 0);
    for round in 1..=ROUNDS {
        let reservation = someone.reserve(&mut owner);
        let usage_of = |number: usize| if number.is_multiple_of(2) { &USAGE } else { &OTHER_USAGE };
        let answers = at_once(&mut clients, |number, client| {
            answer(client.query_one(SETTLE, &[&reservation, &usage_of(number).json]))
        });
        let won = answers.iter().position(|answer| answer.as_ref().is_ok_and(|receipt| !receipt.repeated));
        let won = won.expect("somebody is the first");
        let (told, refused): (Vec<_>, Vec<_>) =
            answers.iter().enumerate().partition(|(number, _)| number % 2 == won % 2);
        let told: Vec<&Receipt> = told.into_iter().map(|(_, answer)| answer.as_ref().expect("a receipt")).collect();
        one_call(&told, usage_of(won));
        for (_, answer) in refused {
            assert_eq!("PT409", answer.as_ref().expect_err("other usage is refused"));
        }
        tokens += usage_of(won).tokens;
        cost += usage_of(won).cost;
        someone.used(&mut owner, round, tokens, cost);
    }
    everything_agrees(&mut owner);
}
