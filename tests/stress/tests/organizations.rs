//! Members of organisations at the last tokens of their month.

use model_access_stress::{Dice, at_once, connect, number};

const CLIENTS: usize = 16;
/// No multiple of what the calls ask for.
const QUOTA: i64 = 997;

/// An organisation with a quota that its members share, and a model that is switched on for them.
struct World {
    organizations: [String; 2],
    model: String,
}

fn member(organization: usize, client: usize, round: u16) -> String {
    format!("00000000-0000-4000-8006-{round:04}{organization:04}{client:04}")
}

/// Two organisations whose counters are split into so many rows, each with a member per client.
fn world(round: u16, slots: u16) -> World {
    let organizations = [0, 1].map(|place| format!("00000000-0000-4000-8007-{round:04}0000{place:04}"));
    let mut client = connect();
    let model = number(
        &mut client,
        &format!(
            "INSERT INTO public.ai_models_system (name, role, system_message, api_key, endpoint)
             VALUES ('Shared {round}', 'writer', 'Write.', 'key', 'https://example.test/v1') RETURNING id"
        ),
    );
    for (place, organization) in organizations.iter().enumerate() {
        let members = (0..CLIENTS).map(|client| member(place, client, round)).collect::<Vec<_>>().join("','");
        client
            .batch_execute(&format!(
                "INSERT INTO public.organizations (id, name, pricing_plan, token_quota_monthly, quota_slots)
                 VALUES ('{organization}', 'Members {round} {place}', 'pro', {QUOTA}, {slots});
                 INSERT INTO public.org_system_model_config (organization_id, system_model_id)
                 VALUES ('{organization}', {model});
                 INSERT INTO auth.users (id, email)
                 SELECT id, id || '@example.test' FROM unnest(ARRAY['{members}']::uuid[]) AS id;
                 INSERT INTO public.profiles (id, email, organization_id)
                 SELECT id, id || '@example.test', '{organization}' FROM unnest(ARRAY['{members}']::uuid[]) AS id"
            ))
            .expect("an organisation with members");
    }
    World { organizations, model: model.to_string() }
}

/// What an organisation used by its ledger of system models, by the engine's ledger, and as its row shows it.
fn books(organization: &str) -> [i64; 3] {
    let of = |query: &str| number(&mut connect(), &query.replace("$1", &format!("'{organization}'")));
    [
        of("SELECT sum(u.tokens_used)::bigint FROM public.ai_model_usage AS u WHERE u.organization_id = $1"),
        of("SELECT sum(u.tokens_used)::bigint FROM public.ai_usage AS u WHERE u.organization_id = $1"),
        of("SELECT o.token_usage_current FROM public.organizations AS o WHERE o.id = $1"),
    ]
}

fn assert_sound(organization: &str) {
    let query = format!("SELECT count(*) FROM public.verify_quota('{organization}')");
    assert_eq!(0, number(&mut connect(), &query), "verify_quota() finds nothing");
}

const CONSUME: &str = "SELECT (public.record_token_usage($1::text::uuid, $2::text::bigint, $3) ->> 'allowed')::boolean";

/// Each client takes 1 to 3 tokens at a time, then single ones, until there are none.
#[test]
fn two_organisations_with_sixteen_clients_each_end_exactly_at_their_quotas() {
    for (round, slots) in [(1, 1), (2, 8)] {
        let World { organizations, model } = world(round, slots);
        at_once(2 * CLIENTS, move |place, client| {
            client.batch_execute("SET ROLE service_role; SET lock_timeout = '20s'").expect("the application's server");
            let user = member(place % 2, place / 2, round);
            let mut dice = Dice(place as u64 + 1);
            let mut take = |tokens: i32| client.query_one(CONSUME, &[&user, &model, &tokens]).expect(CONSUME).get(0);
            while take(i32::try_from(dice.roll(3)).expect("small") + 1) {}
            while take(1) {}
        });
        for organization in &organizations {
            assert_sound(organization);
            if slots > 1 {
                connect().batch_execute("SELECT public.reset_monthly_quotas()").expect("the row shows what is used");
            }
            assert_eq!([QUOTA; 3], books(organization), "slots {slots}");
        }
    }
}

/// Clients hold more than they use; nothing of it is lost, and what is left goes to the last token.
#[test]
fn reservations_of_members_end_exactly_at_the_quota_too() {
    for (round, slots) in [(3, 1), (4, 8)] {
        let World { organizations, model } = world(round, slots);
        let reference = format!("system/{model}");
        at_once(2 * CLIENTS, move |place, client| {
            client.batch_execute("SET ROLE service_role; SET lock_timeout = '20s'").expect("the application's server");
            let user = member(place % 2, place / 2, round);
            let mut dice = Dice(place as u64 + 1);
            let reserve =
                "SELECT d.reservation_id::text FROM public.reserve_model_quota($1::text::uuid, $2, 2, 3) AS d";
            let mut held = || client.query_one(reserve, &[&user, &reference]).expect(reserve).get(0);
            let mut reservations: Vec<String> = Vec::new();
            while let Some(reservation) = held() {
                reservations.push(reservation);
                if reservations.len() > 60 {
                    break;
                }
            }
            for reservation in reservations {
                let usage = format!(r#"{{"total_tokens": {}}}"#, dice.roll(5) + 1);
                let settle = "SELECT count(*) FROM public.settle_model_quota($1::text::uuid, $2::text::jsonb)";
                client.query_one(settle, &[&reservation, &usage]).expect(settle);
            }
        });
        for (place, organization) in organizations.iter().enumerate() {
            let mut client = connect();
            let user = member(place, 0, round);
            while client.query_one(CONSUME, &[&user, &model, &1]).expect(CONSUME).get(0) {}
            assert_sound(organization);
            client.batch_execute("SELECT public.reset_monthly_quotas()").expect("the row shows what is used");
            assert_eq!([QUOTA; 3], books(organization), "slots {slots}");
        }
    }
}

/// An operator moves the slots and the end of the month about, and shows what is used, while members call and reservations end.
#[test]
fn what_operators_change_under_calls_loses_nothing() {
    const OPERATORS: usize = 2;
    let World { organizations, model } = world(5, 1);
    // So that calls have a counter of the user to lock beside the organisation's.
    let limit =
        "UPDATE public.ai_models_system SET token_limit_period = 'daily', token_limit_amount = 100000 WHERE id = ";
    connect().batch_execute(&format!("{limit}{model}")).expect("a limit of each user");
    let reference = format!("system/{model}");
    let changed = organizations.clone();
    at_once(CLIENTS + OPERATORS, move |place, client| {
        client.batch_execute("SET lock_timeout = '20s'").expect("the owner, whom nothing keeps from changing");
        let mut dice = Dice(place as u64 + 1);
        for _ in 0..60 {
            let done = if place < OPERATORS {
                let change = match dice.roll(4) {
                    0 => "token_reset_date = now() + interval '1 hour' * trunc(random() * 600 + 1)".to_owned(),
                    1 => "token_quota_monthly = CASE WHEN token_quota_monthly IS NULL THEN 100000 END".to_owned(),
                    _ => format!("quota_slots = {}", dice.roll(4) + 1),
                };
                // Two transactions: who has an organisation's row must not wait for its counter.
                let update = format!("UPDATE public.organizations SET {change} WHERE id = '{}'", changed[place]);
                client
                    .batch_execute(&update)
                    .and_then(|()| client.batch_execute("SELECT public.reset_monthly_quotas()"))
                    .map(|()| 0)
            } else {
                let users = [0, 1].map(|organization| member(organization, place - OPERATORS, 5));
                let call = match dice.roll(3) {
                    0 => format!(
                        "SELECT count(*) FROM public.consume_model_quota_batch('[
                             {{\"user_uuid\": \"{}\", \"model_id\": \"{reference}\", \"tokens\": 2, \"requests\": 1}},
                             {{\"user_uuid\": \"{}\", \"model_id\": \"{reference}\", \"tokens\": 3, \"requests\": 1}}]')",
                        users[place % 2],
                        users[1 - place % 2]
                    ),
                    1 => format!(
                        "SELECT count(*) FROM public.reserve_model_quota('{}', '{reference}', 1, 2) AS d
                          WHERE d.allowed",
                        users[place % 2]
                    ),
                    _ => format!(
                        "SELECT count(*)
                           FROM (SELECT r.reservation_id FROM public.quota_reservations AS r
                                  WHERE r.status = 'active' AND r.user_id = '{}' LIMIT 1) AS r
                          CROSS JOIN LATERAL public.settle_model_quota(r.reservation_id, '{{\"total_tokens\": 2}}') AS s",
                        users[place % 2]
                    ),
                };
                client.query_one(&call, &[]).map(|row| row.get::<_, i64>(0))
            };
            if let Err(error) = done {
                assert_eq!(Some("40001"), error.code().map(|code| code.code()), "{error}");
            }
        }
    });
    for organization in &organizations {
        assert_sound(organization);
        connect()
            .batch_execute(&format!(
                "UPDATE public.organizations
                    SET token_quota_monthly = 100000, token_reset_date = now() + interval '26 days 5 minutes'
                  WHERE id = '{organization}'"
            ))
            .expect("a month that holds all calls");
    }
    for (place, organization) in organizations.iter().enumerate() {
        let user = member(place, 0, 5);
        assert!(connect().query_one(CONSUME, &[&user, &model, &1]).expect(CONSUME).get::<_, bool>(0));
        connect().batch_execute("SELECT public.reset_monthly_quotas()").expect("the row shows what is used");
        let [system, engine, shown] = books(organization);
        assert_eq!([system; 2], [engine, shown], "both ledgers and what the organisation shows");
        assert_sound(organization);
    }
}
