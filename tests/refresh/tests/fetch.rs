//! Whatever a server does, the catalogue is what it was or what was sent, and a row of the log says what happened.

use flate2::Compression;
use flate2::write::GzEncoder;
use model_access_refresh::{Request, Server, Wire, feed, json, model, reply};
use model_access_stress::connect;
use postgres::Client;
use serde_json::Value;
use std::io::Write;
use std::net::TcpListener;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// The settings are one row: one test at a time.
static ONE: Mutex<()> = Mutex::new(());

struct World {
    client: Client,
    _one: MutexGuard<'static, ()>,
}

/// What a refresh answered, its row of the log, and how long it took.
struct Run {
    answer: Value,
    log: Value,
    took: Duration,
}

impl World {
    /// A catalogue of three models, fed by hand.
    fn new() -> Self {
        let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut client = connect();
        let empty = "DELETE FROM public.model_catalogue_source WHERE true; DELETE FROM public.model_access WHERE true;
            DELETE FROM public.model_price_history WHERE true; DELETE FROM public.model_sync_log WHERE true;
            DELETE FROM public.model_review_items WHERE true; SELECT public.sync_openrouter_models(test.feed(3))";
        client.batch_execute(empty).expect("an empty catalogue");
        let mut world = Self { client, _one: one };
        world.limit(10);
        world
    }

    fn limit(&mut self, seconds: i32) {
        let query = "UPDATE public.model_access_settings SET fetch_timeout_seconds = $1 WHERE singleton";
        self.client.execute(query, &[&seconds]).expect(query);
    }

    fn text(&mut self, query: &str) -> String {
        self.client.query_one(query, &[]).expect(query).get(0)
    }

    fn catalogue(&mut self) -> String {
        self.text("SELECT test.catalogue_hash()::text")
    }

    fn refresh(&mut self, url: &str) -> Run {
        let query = "UPDATE public.model_access_settings SET openrouter_url = $1 WHERE singleton";
        self.client.execute(query, &[&url]).expect(query);
        let begun = Instant::now();
        let answer = self.text("SELECT public.refresh_openrouter_models()::text");
        let took = begun.elapsed();
        let log = self
            .text("SELECT to_jsonb(l)::text FROM public.model_sync_log AS l ORDER BY l.sync_started_at DESC LIMIT 1");
        let parsed = |text: &str| serde_json::from_str(text).expect("JSON");
        Run { answer: parsed(&answer), log: parsed(&log), took }
    }

    /// A refresh that fails for a reason and leaves everything as it was.
    fn fails(&mut self, url: &str, reason: &str) -> Run {
        let before = self.catalogue();
        let run = self.refresh(url);
        assert_eq!(run.answer["success"], false, "{}", run.answer);
        assert_eq!(run.log["id"], run.answer["sync_log_id"], "each run has its row");
        assert_eq!(run.log["sync_status"], "failed");
        assert_eq!(run.log["error_details"]["reason"], reason, "{}", run.log);
        assert_eq!(run.log["error_message"], run.answer["error"]);
        assert_eq!(self.catalogue(), before, "the catalogue is as it was");
        run
    }

    fn succeeds(&mut self, url: &str) -> Run {
        let run = self.refresh(url);
        assert_eq!(run.answer["success"], true, "{}", run.answer);
        assert_eq!(run.log["id"], run.answer["sync_log_id"]);
        assert_eq!(run.log["sync_status"], "completed");
        run
    }
}

fn within(run: &Run, seconds: f64) {
    assert!(run.took.as_secs_f64() < seconds, "it took {:?}", run.took);
}

#[test]
fn a_feed_is_fetched_and_an_unchanged_one_costs_one_304() {
    let mut world = World::new();
    let server = Server::new(|request, _, wire| match request.header("if-none-match") {
        Some("\"v1\"") => reply(wire, "304 Not Modified", "ETag: \"v1\"\r\n", b""),
        _ => json(wire, "ETag: \"v1\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n", &feed(4)),
    });
    let url = server.url("/models?x=y");
    let first = world.succeeds(&url);
    assert_eq!((&first.answer["total_processed"], &first.log["http_status"]), (&4.into(), &200.into()));
    let before = world.catalogue();
    let second = world.succeeds(&url);
    assert_eq!((&second.answer["not_modified"], &second.log["http_status"]), (&true.into(), &304.into()));
    assert_eq!(world.catalogue(), before);
    let third = world.succeeds(&url);
    assert_eq!(third.answer["not_modified"], true, "a 304 does not end what is known");
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[0].path, "/models?x=y");
    assert_eq!((seen[0].header("if-none-match"), seen[0].header("if-modified-since")), (None, None));
    assert_eq!(seen[2].header("if-modified-since"), Some("Wed, 21 Oct 2015 07:28:00 GMT"));
    assert!(seen[0].header("user-agent").is_some_and(|agent| agent.starts_with("model_access/")));
}

#[test]
fn what_one_address_says_of_its_feed_is_not_asked_of_another() {
    let mut world = World::new();
    let server = Server::new(|request, before, wire| match (request.path.as_str(), before) {
        ("/models", 0) => reply(wire, "302 Found", "Location: /old\r\n", b""),
        ("/models", _) => reply(wire, "302 Found", "Location: /new\r\n", b""),
        (_, _) if request.header("if-none-match").is_some() => reply(wire, "304 Not Modified", "", b""),
        ("/old", _) => json(wire, "ETag: \"1\"\r\n", &feed(4)),
        _ => json(wire, "ETag: \"1\"\r\n", &feed(5)),
    });
    world.succeeds(&server.url("/models"));
    assert_eq!(world.succeeds(&server.url("/models")).answer["total_processed"], 5);
    assert_eq!(world.succeeds(&server.url("/models")).answer["not_modified"], true, "it is known of /new now");
    assert!(server.seen().iter().all(|seen| seen.path != "/models" || seen.header("if-none-match").is_none()));
}

#[test]
fn what_is_secret_in_an_address_is_told_to_no_log() {
    let mut world = World::new();
    let server = Server::new(|_, _, wire| {
        reply(wire, "302 Found", "Location: http://u:SECRET@cdn.example.org/x?t=SECRET\r\n", b"")
    });
    let redirected = server.url("/");
    for url in [
        "http://u:SECRET@api.example.org/v1?key=SECRET",
        "ftp://x.example.org/SECRET",
        "https://10.0.0.5/SECRET",
        &redirected,
    ] {
        let run = world.fails(url, "address_refused");
        let status = world.text("SELECT public.get_catalogue_status()::text");
        assert!(!run.log.to_string().contains("SECRET"), "{}", run.log);
        assert!(url.contains("/SECRET") || !status.contains("SECRET"), "{status}");
    }
}

#[test]
fn numbers_that_are_short_in_the_feed_and_long_in_memory_are_no_prices() {
    let mut world = World::new();
    let long = vec!["1e131071"; 9000].join(",");
    let body = format!(
        "{{\"data\": [{}, {{\"id\": \"acme/long\", \"name\": \"Long\", \"supported_parameters\": [{long}]}}]}}",
        [1, 2, 3].map(model).join(",")
    );
    let server = Server::new(move |_, _, wire| json(wire, "", &body));
    let run = world.succeeds(&server.url("/"));
    assert_eq!(run.answer["models_rejected"], 1);
    assert!(run.log["error_details"].to_string().contains("digits"), "{}", run.log);
    let endless = format!("[{}]", vec!["0"; 2_000_000].join(","));
    let server = Server::new(move |_, _, wire| json(wire, "", &endless));
    within(&world.fails(&server.url("/"), "no_feed"), 5.0);
}

#[test]
fn a_feed_that_was_changed_just_now_is_fetched_again() {
    let mut world = World::new();
    let headers =
        |date: &str| format!("Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\nDate: Wed, 21 Oct 2015 {date} GMT\r\n");
    for (date, expected) in [("07:28:59", None), ("07:29:00", Some("Wed, 21 Oct 2015 07:28:00 GMT"))] {
        let server = Server::new(move |_, _, wire| json(wire, &headers(date), &feed(4)));
        world.succeeds(&server.url("/"));
        world.succeeds(&server.url("/"));
        assert_eq!(server.seen()[1].header("if-modified-since"), expected, "sent at {date}");
    }
}

#[test]
fn what_the_server_said_counts_while_the_catalogue_is_what_it_sent() {
    let mut world = World::new();
    let server = Server::new(|_, _, wire| json(wire, "ETag: \"v1\"\r\n", &feed(4)));
    let asked = |server: &Server| server.seen().last().and_then(|seen| seen.header("if-none-match").map(str::to_owned));
    world.succeeds(&server.url("/"));
    for change in [
        "SELECT public.force_sync_openrouter_models(test.feed(5))",
        "DELETE FROM public.model_access WHERE model_id = 'acme/m4'",
        "UPDATE public.model_catalogue_source SET fetched_at = now() - interval '8 days' WHERE true",
        "UPDATE public.model_catalogue_source SET url = 'http://127.0.0.1:1/' WHERE true",
    ] {
        world.client.batch_execute(change).expect(change);
        world.succeeds(&server.url("/"));
        assert_eq!(asked(&server), None, "after {change}");
        world.succeeds(&server.url("/"));
        assert_eq!(asked(&server).as_deref(), Some("\"v1\""), "after {change} and a fetch");
    }
}

#[test]
fn pages_are_followed_and_counted() {
    let mut world = World::new();
    let page = |number: usize, next: &str, total: usize| {
        format!("{{\"data\": [{}], \"links\": {{\"next\": {next}}}, \"total_count\": {total}}}", model(number))
    };
    let server = Server::new(move |request, _, wire| {
        let headers = "ETag: \"one page of several\"\r\n";
        match request.path.as_str() {
            "/models" => json(wire, headers, &page(1, "\"/models?page=2\"", 3)),
            "/models?page=2" => json(wire, headers, &page(2, "\"?page=3\"", 3)),
            "/models?page=3" => json(wire, headers, &page(3, "null", 3)),
            "/short" => json(wire, headers, &page(1, "\"/models?page=3\"", 3)),
            "/endless" => json(wire, headers, &page(1, "\"/endless\"", 1)),
            _ => json(wire, headers, &page(1, "\"http://169.254.169.254/latest/meta-data\"", 2)),
        }
    });
    let run = world.succeeds(&server.url("/models"));
    assert_eq!(run.answer["total_processed"], 3);
    world.succeeds(&server.url("/models"));
    assert!(server.seen().iter().all(|seen| seen.header("if-none-match").is_none()), "a page's name is not the feed's");
    assert!(world.fails(&server.url("/short"), "incomplete").answer["error"].to_string().contains("2 models"));
    world.fails(&server.url("/endless"), "too_many_pages");
    world.fails(&server.url("/elsewhere"), "address_refused");
}

#[test]
fn a_busy_server_is_asked_again_when_it_says() {
    let mut world = World::new();
    let server = Server::new(|_, before, wire| match before {
        0 => reply(wire, "429 Too Many Requests", "Retry-After: 1\r\n", b"slow down"),
        1 => reply(wire, "503 Service Unavailable", "", b""),
        _ => json(wire, "", &feed(3)),
    });
    let run = world.succeeds(&server.url("/"));
    assert_eq!(server.seen().len(), 3);
    assert!(run.took >= Duration::from_secs(2), "1 s that was asked for, 1 s of our own: {:?}", run.took);
    within(&run, 5.0);
    // Longer than there is time for.
    let server = Server::new(|_, _, wire| reply(wire, "429 Too Many Requests", "Retry-After: 3600\r\n", b""));
    let run = world.fails(&server.url("/"), "http_status");
    within(&run, 2.0);
    assert_eq!((server.seen().len(), &run.log["http_status"]), (1, &429.into()));
}

#[test]
fn a_broken_server_is_told_of_in_one_clean_line() {
    let mut world = World::new();
    let server = Server::new(|_, _, wire| {
        let page = format!("<h1>\r\n\u{1b}[31mOops\0 \u{202e}</h1> {}", "x".repeat(100_000));
        reply(wire, "500 Internal Server Error", "", page.as_bytes());
    });
    let run = world.fails(&server.url("/secret?token=1"), "http_status");
    assert_eq!(server.seen().len(), 4, "attempts");
    within(&run, 6.0);
    assert_eq!(run.log["http_status"], 500);
    let excerpt = run.log["error_details"]["excerpt"].as_str().expect("an excerpt").to_owned();
    assert!(excerpt.starts_with("<h1> [31mOops </h1> xxx") && excerpt.chars().count() == 201, "{excerpt}");
    assert!(!run.log.to_string().contains("token"), "{}", run.log);
    let server = Server::new(|_, _, wire| reply(wire, "404 Not Found", "", b""));
    assert_eq!(world.fails(&server.url("/"), "http_status").log["http_status"], 404);
    assert_eq!(server.seen().len(), 1, "what will not pass is not asked again");
}

#[test]
fn bodies_that_break_off_or_are_none_change_nothing() {
    let mut world = World::new();
    let server = Server::new(|_, _, wire| {
        let _ = wire.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"data\": [");
    });
    world.fails(&server.url("/"), "connection");
    assert_eq!(server.seen().len(), 4, "it may pass");
    let cases: [(&[u8], &str); 7] = [
        (b"<html>Please sign in</html>", "no_feed"),
        (b"{\"data\": [{\"id\": ", "no_feed"),
        (b"{\"error\": \"none\"}", "no_feed"),
        (b"{\"data\": 5}", "no_feed"),
        (b"{\"data\": [\"\xff\"]}", "no_feed"),
        // JSON, and not jsonb's.
        (b"{\"data\": [{\"id\": \"acme/m1\", \"name\": \"a\\u0000b\"}]}", "no_feed"),
        (b"{\"data\": []}", "empty"),
    ];
    for (body, reason) in cases {
        let server = Server::new(move |_, _, wire| reply(wire, "200 OK", "", body));
        let run = world.fails(&server.url("/"), reason);
        assert_eq!(run.log["http_status"], 200);
    }
}

fn packed(pieces: usize, piece: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    (0..pieces).for_each(|_| encoder.write_all(piece).expect("memory"));
    encoder.finish().expect("memory")
}

#[test]
fn packed_bodies_are_unpacked_and_large_ones_are_not_read() {
    let mut world = World::new();
    let small = packed(1, feed(5).as_bytes());
    let server = Server::new(move |request, _, wire| {
        assert!(request.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip")));
        reply(wire, "200 OK", "Content-Encoding: gzip\r\n", &small);
    });
    assert_eq!(world.succeeds(&server.url("/")).answer["total_processed"], 5);
    let bomb = packed(100, &[b' '; 1 << 20]);
    assert!(bomb.len() < 1 << 20);
    let server = Server::new(move |_, _, wire| reply(wire, "200 OK", "Content-Encoding: gzip\r\n", &bomb));
    within(&world.fails(&server.url("/"), "too_large"), 9.0);
    let server = Server::new(|_, _, wire| {
        let _ = wire.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n[");
        for _ in 0..100 {
            if wire.write_all(&[b' '; 1 << 20]).is_err() {
                return;
            }
        }
    });
    within(&world.fails(&server.url("/"), "too_large"), 9.0);
    assert_eq!(server.seen().len(), 1);
}

fn drips(_: &Request, _: usize, wire: &mut dyn Wire) {
    let _ = wire.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[");
    while wire.write_all(b" ").and_then(|()| wire.flush()).is_ok() {
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_server_that_drips_or_says_nothing_is_not_waited_for() {
    let mut world = World::new();
    world.limit(2);
    let server = Server::new(drips);
    within(&world.fails(&server.url("/"), "timeout"), 4.0);
    let server = Server::new(|_, _, _| thread::sleep(Duration::from_secs(30)));
    within(&world.fails(&server.url("/"), "timeout"), 4.0);
}

#[test]
fn redirects_lead_neither_in_circles_nor_into_private_networks() {
    let mut world = World::new();
    let server = Server::new(|request, _, wire| {
        let to = |wire: &mut dyn Wire, status: &str, where_to: &str| {
            reply(wire, status, &format!("Location: {where_to}\r\n"), b"");
        };
        match request.path.as_str() {
            "/moved" => to(wire, "301 Moved Permanently", "/here"),
            "/here" => json(wire, "", &feed(3)),
            "/loop" => to(wire, "302 Found", "/loop"),
            "/nowhere" => reply(wire, "302 Found", "", b""),
            path => to(wire, "307 Temporary Redirect", path.trim_start_matches("/to/")),
        }
    });
    assert_eq!(world.succeeds(&server.url("/moved")).answer["total_processed"], 3);
    world.fails(&server.url("/loop"), "too_many_redirects");
    world.fails(&server.url("/nowhere"), "http_status");
    for private in [
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://[fd00::1]/",
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://user:secret@example.org/",
    ] {
        let run = world.fails(&server.url(&format!("/to/{private}")), "address_refused");
        within(&run, 2.0);
        assert!(!server.seen().iter().any(|seen| seen.path.contains("meta-data") && !seen.path.starts_with("/to/")));
    }
}

#[test]
fn only_public_https_and_this_machine_are_asked() {
    let mut world = World::new();
    for url in ["http://openrouter.ai/api/v1/models", "https://10.0.0.1/", "nonsense", "", "https://u:p@openrouter.ai/"]
    {
        let run = world.fails(url, "address_refused");
        within(&run, 1.0);
        assert!(run.answer["error"].to_string().contains("openrouter_url"), "{}", run.answer);
        assert!(!run.log.to_string().contains("u:p"), "{}", run.log);
    }
}

#[test]
fn a_certificate_must_be_one_that_the_system_trusts() {
    let mut world = World::new();
    let trusted = env::var("REFRESH_CA").expect("REFRESH_CA is set by tests/refresh/run");
    fs::write(&trusted, "").expect("the system's certificates");
    let (server, certificate) = Server::with_certificate(|_, _, wire| json(wire, "", &feed(6)));
    let (_, other) = Server::with_certificate(|_, _, _| ());
    let url = format!("https://localhost:{}/models", server.port);
    fs::write(&trusted, &other).expect("the system's certificates");
    let run = world.fails(&url, "tls");
    assert!(server.seen().is_empty(), "nothing is asked: {}", run.answer);
    fs::write(&trusted, &certificate).expect("the system's certificates");
    assert_eq!(world.succeeds(&url).answer["total_processed"], 6);
    // A certificate is for a name.
    world.fails(&format!("https://127.0.0.1:{}/models", server.port), "tls");
    // Who speaks no TLS.
    let plain = Server::new(|_, _, wire| json(wire, "", &feed(6)));
    world.fails(&format!("https://localhost:{}/", plain.port), "connection");
}

#[test]
fn where_nobody_listens_the_log_says_so() {
    let mut world = World::new();
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let run = world.fails(&format!("http://127.0.0.1:{port}/"), "connection");
    within(&run, 6.0);
    assert!(run.answer["error"].to_string().contains("refused"), "{}", run.answer);
    world.limit(3);
    within(&world.fails("https://no-such-host.invalid/", "connection"), 5.0);
}

/// Another session's statement of that kind, once it waits for the network.
fn fetching(client: &mut Client) -> i32 {
    for _ in 0..200 {
        let query =
            "SELECT a.pid FROM pg_stat_activity AS a WHERE a.query LIKE 'SELECT public.refresh%' AND a.state = 'active'
                        AND a.wait_event = 'Extension' AND a.pid <> pg_backend_pid()";
        if let Some(row) = client.query_opt(query, &[]).expect(query) {
            return row.get(0);
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("nobody fetches")
}

#[test]
fn a_fetch_can_be_cancelled_and_keeps_nobody_waiting() {
    let mut world = World::new();
    world.limit(60);
    let server = Server::new(drips);
    let query = "UPDATE public.model_access_settings SET openrouter_url = $1 WHERE singleton";
    world.client.execute(query, &[&server.url("/")]).expect(query);
    let before = world.catalogue();
    let other = thread::spawn(|| {
        let mut client = connect();
        let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).expect("a pid").get(0);
        let code = |result: Result<Vec<postgres::SimpleQueryMessage>, postgres::Error>| {
            result.err().and_then(|error| error.code().map(|code| code.code().to_owned()))
        };
        let cancelled = code(client.simple_query("SELECT public.refresh_openrouter_models()"));
        let ended = Instant::now();
        let timed_out =
            code(client.simple_query("SET statement_timeout = '300ms'; SELECT public.refresh_openrouter_models()"));
        let again: i32 = client.query_one("SELECT pg_backend_pid()", &[]).expect("the backend lives").get(0);
        (cancelled, ended, timed_out, pid == again)
    });
    let pid = fetching(&mut world.client);
    // Meanwhile others sync, decide, and are told that somebody fetches.
    let begun = Instant::now();
    let answer = world.text("SELECT public.refresh_openrouter_models()::text");
    assert!(answer.contains("\"skipped\": true"), "{answer}");
    let others = "SELECT public.update_model_tier_access('acme/m1', true, NULL, NULL, 'active'); SELECT public.sync_openrouter_models(test.feed(3))";
    world.client.batch_execute(others).expect(others);
    assert!(begun.elapsed() < Duration::from_secs(2), "nobody waits: {:?}", begun.elapsed());
    let cancelled_at = Instant::now();
    world.client.query_one("SELECT pg_cancel_backend($1)", &[&pid]).expect("a cancel");
    let (cancelled, ended, timed_out, lives) = other.join().expect("the other session");
    assert_eq!((cancelled.as_deref(), timed_out.as_deref(), lives), (Some("57014"), Some("57014"), true));
    assert!(ended - cancelled_at < Duration::from_secs(1), "{:?}", ended - cancelled_at);
    assert_ne!(world.catalogue(), before, "what others did is there");
    assert_eq!(world.text("SELECT count(*)::text FROM public.model_sync_log WHERE http_status IS NOT NULL"), "0");
}
