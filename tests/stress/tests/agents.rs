//! Sixteen clients and one agent: probes, means and counts, and what becomes of a call whose server dies.

use model_access_stress::{Dice, at_once, connect, number};
use postgres::Client;
use std::thread::sleep;
use std::time::Duration;

const CLIENTS: usize = 16;
const ROUNDS: usize = 20;

/// An agent of its own, with a chat in which a user has said something.
fn world(name: &str, session: &str, config: &str) {
    connect()
        .batch_execute(&format!(
            "INSERT INTO public.agents (name, type, config) VALUES ('{name}', 'custom', '{config}');
             INSERT INTO public.chat_sessions (id, user_id, org_id) VALUES ('{session}', 'user', 'organisation');
             SELECT public.append_chat_message('{session}', 'user', 'Hello')"
        ))
        .expect("an agent with a chat");
}

fn text(client: &mut Client, query: &str) -> String {
    client.query_one(query, &[]).expect(query).get(0)
}

fn start(client: &mut Client, session: &str, agent: &str) -> String {
    text(client, &format!("SELECT public.start_agent_execution('{session}', '{agent}', NULL)::text"))
}

/// All ask at the same instant whether an agent whose cool-down is over works again, and again when probes succeed.
#[test]
fn exactly_the_allowed_probes_pass() {
    const SESSION: &str = "00000000-0000-4000-8008-000000000001";
    const PROBES: usize = 3;
    world("probed", SESSION, r#"{"breaker": {"failures": 1, "cool_down_seconds": 1, "successes": 4, "probes": 3}}"#);
    for round in 0..ROUNDS {
        let mut client = connect();
        client
            .batch_execute(&format!(
                "SELECT public.finish_agent_execution(public.start_agent_execution('{SESSION}', 'probed', NULL), 'failed', NULL);
                 UPDATE public.circuit_breaker_state AS b SET opened_at = b.opened_at - interval '1 minute'
                  WHERE b.agent_id = (SELECT a.id FROM public.agents AS a WHERE a.name = 'probed')"
            ))
            .expect("the agent failed a while ago");
        let acquire = "SELECT (public.acquire_agent('probed') ->> 'allowed')::boolean";
        let ask = move || {
            let passed =
                at_once(CLIENTS, move |_, client| client.query_one(acquire, &[]).expect(acquire).get::<_, bool>(0));
            passed.into_iter().filter(|passed| *passed).count()
        };
        assert_eq!(PROBES, ask(), "round {round}");
        let begun: Vec<String> = (0..PROBES).map(|_| start(&mut client, SESSION, "probed")).collect();
        let state = |client: &mut Client, execution: &str| {
            text(client, &format!("SELECT public.finish_agent_execution('{execution}', 'success', NULL) ->> 'breaker'"))
        };
        for execution in &begun {
            assert_eq!("half_open", state(&mut client, execution), "round {round}");
        }
        // Three of four successes: as many may try again, the first closes it, and then all pass.
        assert_eq!(PROBES, ask(), "round {round}");
        let last = start(&mut client, SESSION, "probed");
        assert_eq!("closed", state(&mut client, &last), "round {round}");
        assert_eq!(CLIENTS, ask(), "round {round}");
    }
}

/// All finish calls of one agent: every one is counted, and the means are those of the executions.
#[test]
fn counts_and_means_are_exact() {
    const SESSION: &str = "00000000-0000-4000-8008-000000000002";
    world("busy", SESSION, r#"{"breaker": {"failures": 10000}}"#);
    at_once(CLIENTS, |place, client| {
        client.batch_execute("SET ROLE service_role; SET lock_timeout = '20s'").expect("the application's server");
        let mut dice = Dice(place as u64 + 1);
        for _ in 0..ROUNDS {
            let execution = start(client, SESSION, "busy");
            let (tokens_in, tokens_out) = (dice.roll(1000), dice.roll(100));
            let usage = format!("'{{\"prompt_tokens\": {tokens_in}, \"completion_tokens\": {tokens_out}}}'");
            let (status, usage) = match dice.roll(4) {
                0 => ("failed", "NULL".to_owned()),
                1 => ("failed", usage),
                _ => ("success", usage),
            };
            let finish =
                format!("SELECT public.finish_agent_execution('{execution}', '{status}', {usage}) ->> 'status'");
            assert_eq!(status, text(client, &finish));
            assert_eq!(status, text(client, &finish), "again");
        }
    });
    let compared = "
        SELECT count(*) FROM public.agents AS a
         CROSS JOIN LATERAL (
             SELECT sum(m.total_requests) AS total, sum(m.successful_requests) AS good, sum(m.failed_requests) AS bad,
                    sum(m.sum_latency_ms) AS latency, sum(m.sum_tokens_in) AS tokens_in, sum(m.sum_tokens_out) AS tokens_out,
                    bool_and(m.avg_latency_ms = round(m.sum_latency_ms::numeric / m.successful_requests, 2)
                             AND m.avg_tokens_in = round(m.sum_tokens_in::numeric / m.counted_requests)
                             AND m.avg_tokens_out = round(m.sum_tokens_out::numeric / m.counted_requests)) AS means
               FROM public.agent_metrics AS m WHERE m.agent_id = a.id) AS told
         CROSS JOIN LATERAL (
             SELECT count(*) AS total, count(*) FILTER (WHERE e.status = 'success') AS good, count(*) FILTER (WHERE e.status = 'failed') AS bad,
                    sum(e.latency_ms) FILTER (WHERE e.status = 'success') AS latency, sum(e.input_tokens) AS tokens_in,
                    sum(e.output_tokens) AS tokens_out
               FROM public.agent_executions AS e WHERE e.agent_id = a.id) AS found
         WHERE a.name = 'busy' AND told.means
           AND (told.total, told.good, told.bad, told.latency, told.tokens_in, told.tokens_out)
             = (found.total, found.good, found.bad, found.latency, found.tokens_in, found.tokens_out)";
    let total = "SELECT sum(m.total_requests)::bigint FROM public.agent_metrics AS m JOIN public.agents AS a ON a.id = m.agent_id WHERE a.name = 'busy'";
    let mut client = connect();
    assert_eq!(CLIENTS * ROUNDS, usize::try_from(number(&mut client, total)).expect("a count"));
    assert_eq!(1, number(&mut client, compared), "counts, sums and means are those of the executions");
}

/// A server dies between start and finish: the call times out, what it held is given back, and it counts as a failure.
#[test]
fn a_call_whose_server_died_times_out() {
    const SESSION: &str = "00000000-0000-4000-8008-000000000003";
    world("fatal", SESSION, r#"{"execution_timeout_seconds": 1}"#);
    let mut client = connect();
    client
        .batch_execute(
            "INSERT INTO public.model_access (model_id, model_name, status, is_free) VALUES ('agents/m1', 'm1', 'active', true);
             SELECT public.set_quota_limit('agents', 'tokens', 'lifetime', 1000, p_per => 'pool', p_model_pattern => 'agents/*')",
        )
        .expect("a model with a limit");
    let held = "SELECT coalesce(sum(u.held), 0)::bigint FROM public.quota_usage AS u
                  JOIN public.quota_limits AS l ON l.limit_id = u.limit_id WHERE l.name = 'agents'";
    let victims = at_once(CLIENTS, |_, client| {
        let reservation = text(
            client,
            "SELECT r.reservation_id::text FROM public.reserve_model_quota(test.id('A'), 'agents/m1', 10, 10) AS r",
        );
        let query = format!("SELECT public.start_agent_execution('{SESSION}', 'fatal', NULL, '{reservation}')::text");
        let execution = text(client, &query);
        let pid = number(client, "SELECT pg_backend_pid()::bigint");
        // It is about to finish when it dies.
        let finish =
            format!("BEGIN; SELECT public.finish_agent_execution('{execution}', 'success', '{{\"total_tokens\": 5}}')");
        client.batch_execute(&finish).expect("not committed");
        connect().execute("SELECT pg_terminate_backend($1::bigint::integer)", &[&pid]).expect("a backend dies");
        execution
    });
    assert_eq!(CLIENTS, victims.len());
    assert_eq!(20 * 16, number(&mut client, held));
    sleep(Duration::from_millis(1100));
    let expired: i64 = at_once(4, |_, client| number(client, "SELECT public.expire_agent_executions(5)::bigint"))
        .into_iter()
        .sum::<i64>()
        + number(&mut client, "SELECT public.expire_agent_executions()::bigint");
    assert_eq!(16, expired);
    assert_eq!(0, number(&mut client, held));
    assert_eq!(0, number(&mut client, "SELECT count(*) FROM public.verify_quota() AS v"));
    let failed = "SELECT sum(m.failed_requests)::bigint FROM public.agent_metrics AS m JOIN public.agents AS a ON a.id = m.agent_id WHERE a.name = 'fatal'";
    assert_eq!(16, number(&mut client, failed));
}

/// Whoever deletes his chat while its calls end pays for each of them: nothing is lost, nothing counted twice, nobody deadlocks.
#[test]
fn calls_outlive_their_chats() {
    const SESSION: &str = "00000000-0000-4000-8008-000000000004";
    const CALLS: usize = 8;
    world("lasting", SESSION, r#"{"breaker": {"failures": 10000}}"#);
    let mut client = connect();
    client
        .batch_execute(
            "INSERT INTO public.model_access (model_id, model_name, status, is_free) VALUES ('lasting/m1', 'm1', 'active', true);
             SELECT public.set_quota_limit('lasting', 'tokens', 'lifetime', 1000000, p_per => 'pool', p_model_pattern => 'lasting/*')",
        )
        .expect("a model with a limit");
    for round in 0..ROUNDS {
        client
            .batch_execute(&format!(
                "INSERT INTO public.chat_sessions (id, user_id, org_id) VALUES ('{SESSION}', 'user', 'organisation') ON CONFLICT DO NOTHING;
                 SELECT public.append_chat_message('{SESSION}', 'user', 'Hello')"
            ))
            .expect("a chat");
        let calls: Vec<String> = (0..CALLS)
            .map(|_| {
                let start = format!(
                    "SELECT public.start_agent_execution('{SESSION}', 'lasting', NULL, r.reservation_id)::text
                       FROM public.reserve_model_quota(test.id('A'), 'lasting/m1', 10, 10) AS r"
                );
                text(&mut client, &start)
            })
            .collect();
        at_once(CLIENTS, move |place, client| match calls.get(place) {
            Some(call) => {
                let finish = format!(
                    "SELECT public.finish_agent_execution('{call}', 'success', '{{\"total_tokens\": 7}}') ->> 'status'"
                );
                assert_eq!("success", text(client, &finish), "round {round}");
            }
            None => {
                let delete = format!("DELETE FROM public.chat_sessions AS s WHERE s.id = '{SESSION}'");
                client.batch_execute(&delete).expect("the chat goes");
            }
        });
    }
    let told = format!("{0} {0}", CALLS * ROUNDS);
    let counted = "SELECT concat_ws(' ', (SELECT count(*) FROM public.ai_usage AS u WHERE u.model = 'lasting/m1' AND u.tokens_used = 7), sum(m.successful_requests))
                     FROM public.agent_metrics AS m JOIN public.agents AS a ON a.id = m.agent_id WHERE a.name = 'lasting'";
    assert_eq!(told, text(&mut client, counted));
    assert_eq!(0, number(&mut client, "SELECT count(*) FROM public.verify_quota() AS v"));
}
