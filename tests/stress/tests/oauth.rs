//! A login comes back several times at once: one of them gets it.

use model_access_stress::{at_once, connect, number};

const CLIENTS: usize = 16;
const ROUNDS: usize = 200;
const CONSUME: &str = "SELECT public.consume_oauth_state($1) ->> 'state_id'";

/// A member, and a state for each round.
fn world(organization: &str, user: &str, prefix: &str) {
    connect()
        .batch_execute(&format!(
            "INSERT INTO public.organizations (id, name) VALUES ('{organization}', '{prefix}');
             INSERT INTO public.users (id, email, organization_id) VALUES ('{user}', '{prefix}@example.test', '{organization}');
             INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri, expires_at)
             SELECT '{user}', '{prefix} ' || n, 'verifier', 'provider', 'server', 'https://example.test', '2999-01-01'
               FROM generate_series(1, {ROUNDS}) AS n"
        ))
        .expect("a member with states");
}

/// All clients begin a round together, as far as a barrier can bring them to.
#[test]
fn of_sixteen_clients_one_burns_a_state() {
    world("00000000-0000-4000-8008-000000000001", "00000000-0000-4000-8008-00000000000a", "state");
    let round = std::sync::Barrier::new(CLIENTS);
    let got: Vec<Vec<usize>> = at_once(CLIENTS, move |_, client| {
        client.batch_execute("SET ROLE service_role; SET lock_timeout = '20s'").expect("the application's server");
        let mut burned = |number: &usize| {
            round.wait();
            client
                .query_one(CONSUME, &[&format!("state {number}")])
                .expect(CONSUME)
                .get::<_, Option<String>>(0)
                .is_some()
        };
        (1..=ROUNDS).filter(|number| burned(number)).collect()
    });
    let mut states: Vec<usize> = got.into_iter().flatten().collect();
    states.sort_unstable();
    assert_eq!((1..=ROUNDS).collect::<Vec<_>>(), states, "each state was given out once");
    let left = "SELECT count(*) FROM public.oauth_states AS s WHERE s.state LIKE 'state %' AND NOT s.used";
    assert_eq!(0, number(&mut connect(), left));
}

/// Half of those who get it take the call back: then another gets it, and none of those who keep it got the same.
#[test]
fn a_call_that_is_rolled_back_leaves_the_state_to_another() {
    world("00000000-0000-4000-8008-000000000002", "00000000-0000-4000-8008-00000000000b", "again");
    let round = std::sync::Barrier::new(CLIENTS);
    let got: Vec<Vec<usize>> = at_once(CLIENTS, move |place, client| {
        client.batch_execute("SET ROLE service_role; SET lock_timeout = '20s'").expect("the application's server");
        let mut kept = |number: &usize| {
            round.wait();
            let mut transaction = client.transaction().expect("a transaction");
            let state = format!("again {number}");
            let burned =
                transaction.query_one(CONSUME, &[&state]).expect(CONSUME).get::<_, Option<String>>(0).is_some();
            if place % 2 == 0 { transaction.commit() } else { transaction.rollback() }.expect("an end");
            burned && place % 2 == 0
        };
        (1..=ROUNDS).filter(|number| kept(number)).collect()
    });
    let mut states: Vec<usize> = got.into_iter().flatten().collect();
    states.sort_unstable();
    assert_eq!((1..=ROUNDS).collect::<Vec<_>>(), states, "each state was kept by one");
}
