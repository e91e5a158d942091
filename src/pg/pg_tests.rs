//! Tests of this floor inside a backend. They need the feature `pg_test`, which no released build has.

#[pgrx::pg_schema]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use crate::pg::jsonb::Jsonb;
    use crate::pg::spi::{self, Snapshot, arg};
    use crate::pg::subtransaction::{self, Failure};
    use crate::pg::{Reply, Report, owner, script, session};
    use crate::statement;
    use pgrx::prelude::*;

    /// Does something as `role` that ends in `outcome`; the hook that the tests below call through SQL.
    #[pg_extern(volatile)]
    fn act_as_then(role: &str, outcome: &str) -> Reply<String> {
        Reply::of(|| {
            let role = session::role(&session::c_string(role)).expect("the role exists");
            owner::act_as(role, || match outcome {
                "return" => {
                    spi::execute_text("SELECT 1");
                    Ok(format!("{} {}", session::role_name(session::current_role()), path()))
                }
                "refuse" => Err(Report::new(b"PT429", "too many").detail("Came late.").hint("Wait.")),
                "error" => {
                    spi::execute_text("SELECT 1 / 0");
                    Ok(String::new())
                }
                "cancel" => {
                    // A real signal from outside, as pg_cancel_backend and statement_timeout send it.
                    let kill = "sleep 0.2; kill -INT $PPID";
                    let mut shell = std::process::Command::new("sh").args(["-c", kill]).spawn().expect("a shell");
                    let slept = std::panic::catch_unwind(|| spi::execute_text("SELECT pg_sleep(30)"));
                    shell.wait().expect("the shell ends");
                    if let Err(raised) = slept {
                        std::panic::resume_unwind(raised);
                    }
                    Ok(String::new())
                }
                "panic" => panic!("a bug"),
                other => Err(Report::new(b"22023", format!("no such outcome: {other}"))),
            })
        })
    }

    fn path() -> String {
        session::setting(c"search_path").unwrap_or_default()
    }

    const PINNED: &str = "pg_catalog, public, extensions, pg_temp";

    #[pg_test]
    fn path_is_pinned_when_a_statement_comes() {
        Spi::run("SET LOCAL search_path = tests").unwrap();
        let statement = || {
            spi::execute_text("SELECT 1");
            path()
        };
        owner::act_as(session::current_role(), || assert_eq!(path(), PINNED));
        owner::act_as_by_number(session::current_role(), || {
            assert_eq!(path(), "tests", "nothing looks names up yet");
            for outcome in [Ok(()), Err(())] {
                let inside = subtransaction::run(|| {
                    assert_eq!(statement(), PINNED);
                    outcome
                });
                assert_eq!(inside.is_ok(), outcome.is_ok());
                assert_eq!(path(), "tests", "what is set in a subtransaction ends with it");
            }
            let raised: Result<(), Failure<()>> = subtransaction::run(|| {
                spi::execute_text("SELECT 1 / 0");
                Ok(())
            });
            assert!(raised.is_err());
            owner::act_as_by_number(session::current_role(), || assert_eq!(statement(), PINNED));
            assert_eq!(path(), "tests", "the turn within the turn has ended");
            owner::with_settings(&[(c"search_path", c"pg_catalog")], || assert_eq!(statement(), "pg_catalog"));
            assert_eq!(statement(), PINNED);
            spi::execute_text("SET LOCAL search_path = public");
            owner::act_as_by_number(session::current_role(), || assert_eq!(statement(), PINNED, "whatever was set"));
        });
        assert_eq!(path(), "tests");
        assert_eq!(statement(), "tests", "nobody acts as the owner");
    }

    /// Prepares a caller with a path of his own; returns his name.
    fn become_caller() {
        Spi::run(
            "CREATE ROLE t_owner; CREATE ROLE t_caller;
             GRANT USAGE ON SCHEMA tests TO t_caller;
             GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tests TO t_caller;
             SET LOCAL search_path = tests, public; SET LOCAL ROLE t_caller",
        )
        .unwrap();
    }

    /// Runs the hook in a savepoint and returns the SQLSTATE that came out.
    fn sqlstate_of(outcome: &str) -> String {
        Spi::run(&format!(
            "DO $test$
             BEGIN
                 PERFORM tests.act_as_then('t_owner', '{outcome}');
                 PERFORM set_config('test.sqlstate', '00000', true);
             EXCEPTION WHEN query_canceled OR OTHERS THEN
                 PERFORM set_config('test.sqlstate', SQLSTATE, true);
             END $test$"
        ))
        .unwrap();
        session::setting(c"test.sqlstate").unwrap()
    }

    fn assert_caller_is_back() {
        assert_eq!(session::role_name(session::current_role()), "t_caller");
        assert_eq!(path(), "tests, public");
        assert_eq!(Spi::get_one::<i32>("SELECT 7").unwrap(), Some(7));
    }

    #[pg_test]
    fn owner_acts_with_the_pinned_path_and_the_caller_returns() {
        become_caller();
        let inside = Spi::get_one::<String>("SELECT tests.act_as_then('t_owner', 'return')").unwrap().unwrap();
        assert_eq!(inside, format!("t_owner {PINNED}"));
        assert_caller_is_back();
    }

    #[pg_test]
    fn caller_returns_after_an_error_of_ours_with_its_sqlstate() {
        become_caller();
        assert_eq!(sqlstate_of("refuse"), "PT429");
        assert_caller_is_back();
    }

    #[pg_test]
    fn caller_returns_after_an_error_of_the_server() {
        become_caller();
        assert_eq!(sqlstate_of("error"), "22012");
        assert_caller_is_back();
    }

    #[pg_test]
    fn caller_returns_after_a_cancel() {
        become_caller();
        assert_eq!(sqlstate_of("cancel"), "57014");
        assert_caller_is_back();
    }

    #[pg_test]
    fn esc07_caller_returns_after_a_panic_and_the_backend_lives() {
        become_caller();
        assert_eq!(sqlstate_of("panic"), "XX000");
        assert_caller_is_back();
    }

    #[pg_test]
    fn esc08_many_errors_in_one_transaction_leave_nothing_behind() {
        become_caller();
        for _ in 0..50 {
            for outcome in ["refuse", "error", "panic", "return"] {
                sqlstate_of(outcome);
            }
        }
        assert_caller_is_back();
    }

    #[pg_test]
    fn an_error_carries_detail_and_hint() {
        become_caller();
        Spi::run(
            "DO $test$
             DECLARE told text; detail text; hint text;
             BEGIN
                 PERFORM tests.act_as_then('t_owner', 'refuse');
             EXCEPTION WHEN SQLSTATE 'PT429' THEN
                 GET STACKED DIAGNOSTICS told = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
                 PERFORM set_config('test.error', concat_ws('|', told, detail, hint), true);
             END $test$",
        )
        .unwrap();
        assert_eq!(session::setting(c"test.error").unwrap(), "too many|Came late.|Wait.");
    }

    #[pg_test]
    fn an_error_of_the_applications_trigger_passes_whole() {
        Spi::run(
            "CREATE TABLE public.t_rows (n integer CONSTRAINT t_small CHECK (n < 100));
             CREATE FUNCTION public.t_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
             BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'PT507', DETAIL = 'Full.', HINT = 'Delete.', COLUMN = 'n'; END $f$;
             CREATE TRIGGER t_refuse BEFORE INSERT ON public.t_rows FOR EACH ROW WHEN (NEW.n = 7) EXECUTE FUNCTION public.t_refuse()",
        )
        .unwrap();
        let told = |number: i32| {
            Spi::run(&format!(
                "DO $test$
                 DECLARE told text; detail text; hint text; context text; col text; con text;
                 BEGIN
                     PERFORM tests.insert_row({number});
                     PERFORM set_config('test.error', 'none', true);
                 EXCEPTION WHEN OTHERS THEN
                     GET STACKED DIAGNOSTICS told = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT,
                         context = PG_EXCEPTION_CONTEXT, col = COLUMN_NAME, con = CONSTRAINT_NAME;
                     PERFORM set_config('test.error',
                         concat_ws('|', SQLSTATE, told, detail, hint, col, con, context ~ 'function t_refuse\\(\\)'), true);
                 END $test$"
            ))
            .unwrap();
            session::setting(c"test.error").unwrap()
        };
        assert_eq!(told(7), "PT507|no room|Full.|Delete.|n||t");
        assert!(
            told(100).starts_with("23514|new row for relation \"t_rows\" violates check constraint"),
            "{}",
            told(100)
        );
        assert!(told(100).ends_with("||t_small|f"), "{}", told(100));
        assert_eq!(told(8), "none");
    }

    #[pg_test]
    fn a_private_sqlstate_is_known_in_a_subtransaction() {
        let raised: Result<(), Failure<()>> = subtransaction::run(|| {
            spi::execute_text("DO $t$ BEGIN RAISE EXCEPTION 'late' USING ERRCODE = 'PT410'; END $t$");
            Ok(())
        });
        match raised {
            Err(Failure::Raised(caught)) => {
                assert_eq!((caught.sqlstate(), caught.message()), ("PT410".to_owned(), "late".to_owned()));
            }
            _ => panic!("the block must raise"),
        }
    }

    #[pg_test]
    fn the_owner_may_not_leave_the_restricted_operation() {
        Spi::run("CREATE ROLE t_owner").unwrap();
        let role = session::role(c"t_owner").unwrap();
        let outcome: Result<(), Failure<()>> = subtransaction::run(|| {
            owner::act_as(role, || spi::execute_text("SET ROLE NONE"));
            Ok(())
        });
        match outcome {
            Err(Failure::Raised(caught)) => assert_eq!(caught.sqlstate(), "42501"),
            _ => panic!("SET ROLE must be refused"),
        }
    }

    statement!(COUNT_T, "SELECT pg_catalog.count(*) FROM public.t_rows AS r WHERE r.n OPERATOR(pg_catalog.=) ANY ($1)");
    statement!(INSERT_T, "INSERT INTO public.t_rows (n) VALUES ($1)");

    fn count(numbers: Vec<i32>) -> i64 {
        COUNT_T.with(|query| query.first(Snapshot::Latest, &[arg(numbers)], |row| row.get::<i64>(1))).flatten().unwrap()
    }

    /// The hook through which a statement of ours meets a trigger of the application.
    #[pg_extern(volatile)]
    fn insert_row(number: i32) -> Reply<i64> {
        Reply::of(|| Ok::<_, Report>(insert(number) as i64))
    }

    fn insert(number: i32) -> u64 {
        INSERT_T.with(|query| query.execute(&[arg(number)]))
    }

    #[pg_test]
    fn a_subtransaction_is_kept_or_rolled_back_whole() {
        Spi::run("CREATE TABLE public.t_rows (n integer CHECK (n < 100))").unwrap();
        assert_eq!(insert(1), 1);
        let kept: Result<(), Failure<()>> = subtransaction::run(|| {
            insert(2);
            Ok(())
        });
        assert!(kept.is_ok());
        let refused = subtransaction::run(|| {
            insert(3);
            Err::<(), _>("enough")
        });
        assert!(matches!(refused, Err(Failure::Refused("enough"))));
        let raised: Result<(), Failure<()>> = subtransaction::run(|| {
            insert(4);
            insert(100);
            Ok(())
        });
        match raised {
            Err(Failure::Raised(caught)) => {
                assert_eq!(caught.sqlstate(), "23514");
                assert!(caught.message().contains("t_rows"));
                assert!(!caught.is_panic());
            }
            _ => panic!("the check constraint must raise"),
        }
        let panicked: Result<(), Failure<()>> = subtransaction::run(|| {
            insert(5);
            panic!("a bug")
        });
        assert!(matches!(panicked, Err(Failure::Raised(caught)) if caught.is_panic()));
        assert_eq!(count(vec![1, 2, 3, 4, 5, 100]), 2);
        assert_eq!(insert(6), 1);
    }

    #[pg_test]
    fn a_column_of_another_type_is_an_error_and_no_bug() {
        statement!(NUMBERS, "SELECT r.n FROM public.t_rows AS r");
        Spi::run("CREATE TABLE public.t_rows (n bigint); INSERT INTO public.t_rows VALUES (1)").unwrap();
        let read = || {
            subtransaction::run(|| {
                Ok::<_, ()>(NUMBERS.with(|q| q.first(Snapshot::Latest, &[], |row| row.get::<String>(1))))
            })
        };
        match read() {
            Err(Failure::Raised(caught)) => {
                assert_eq!((caught.sqlstate().as_str(), caught.is_panic()), ("42804", false))
            }
            _ => panic!("a bigint is no text"),
        }
        Spi::run("ALTER TABLE public.t_rows ALTER COLUMN n TYPE text").unwrap();
        assert!(matches!(read(), Ok(Some(Some(text))) if text == "1"));
    }

    #[pg_test]
    fn a_kept_plan_follows_the_table_when_it_is_made_anew() {
        Spi::run("CREATE TABLE public.t_rows (n integer)").unwrap();
        insert(1);
        assert_eq!(count(vec![1]), 1);
        Spi::run("DROP TABLE public.t_rows; CREATE TABLE public.t_rows (more text, n integer)").unwrap();
        assert_eq!(count(vec![1]), 0);
        insert(1);
        assert_eq!(count(vec![1, 1]), 1);
    }

    #[pg_test]
    fn arguments_are_bound_whatever_they_hold() {
        statement!(ECHO, "SELECT $1::pg_catalog.text, $2::pg_catalog.int4, $3::pg_catalog.text[]");
        let hostile = "'; DROP TABLE x; -- %s $1 \\ \u{1F680}";
        let row = ECHO.with(|query| {
            query.first(
                Snapshot::Callers,
                &[arg(hostile), arg(None::<i32>), arg(vec![Some(hostile.to_owned()), None])],
                |row| (row.get::<String>(1), row.get::<i32>(2), row.get::<Vec<Option<String>>>(3)),
            )
        });
        let expected = (Some(hostile.to_owned()), None, Some(vec![Some(hostile.to_owned()), None]));
        assert_eq!(row, Some(expected));
    }

    /// The document as Rust reads it, written out again; NULL when it is nested too deeply.
    #[pg_extern(immutable)]
    fn jsonb_read(document: Jsonb) -> Option<String> {
        document.top().to_value().map(|value| value.to_string())
    }

    /// The bytes that the digest of a document is made of, as a length and a sum.
    #[pg_extern(immutable)]
    fn jsonb_digest(document: Jsonb) -> i64 {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        document.top().digest(&mut |bytes| hash.update(bytes));
        i64::from_le_bytes(hash.digest().to_le_bytes())
    }

    #[pg_test]
    fn jsonb_is_read_as_the_server_writes_it() {
        let documents = [
            "null",
            "true",
            "\"x\"",
            "[]",
            "{}",
            "[1, 2.50, -0.000000001, 123456789012345678901234567890, 1e30]",
            "{\"a\": {\"b\": [null, false, {\"c\": \"\\\"quoted\\\" \\u00e9 \\ud83d\\ude80\"}]}, \"\": \"\"}",
        ];
        for document in documents {
            let same = Spi::get_one_with_args::<bool>(
                "SELECT tests.jsonb_read($1::jsonb)::jsonb = $1::jsonb",
                &[document.into()],
            );
            assert_eq!(same.unwrap(), Some(true), "{document}");
        }
    }

    #[pg_test]
    fn jsonb_nested_too_deeply_is_told_not_followed() {
        let read = |depth: usize| {
            let document = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            Spi::get_one_with_args::<String>("SELECT tests.jsonb_read($1::jsonb)", &[document.into()]).unwrap()
        };
        assert!(read(31).is_some());
        assert!(read(33).is_none());
        assert!(read(5000).is_none());
    }

    #[pg_test]
    fn jsonb_digests_are_equal_for_equal_documents_only() {
        let same = |left: &str, right: &str| {
            Spi::get_one_with_args::<bool>(
                "SELECT tests.jsonb_digest($1::jsonb) = tests.jsonb_digest($2::jsonb)",
                &[left.into(), right.into()],
            )
            .unwrap()
            .unwrap()
        };
        assert!(same("{\"a\": 1, \"b\": [\"x\"]}", "{\"b\": [\"x\"], \"a\": 1}"));
        let pairs = [
            ("1", "2"),
            ("\"1\"", "1"),
            ("null", "\"n\""),
            ("[\"ab\", \"c\"]", "[\"a\", \"bc\"]"),
            ("[[1], 2]", "[[1, 2]]"),
            ("{\"a\": null}", "{}"),
            ("[true]", "[false]"),
        ];
        for (left, right) in pairs {
            assert!(!same(left, right), "{left} {right}");
        }
    }

    #[pg_test]
    fn a_toasted_document_is_read_whole() {
        Spi::run(
            "CREATE TABLE public.t_rows (d jsonb);
             INSERT INTO public.t_rows SELECT jsonb_agg(md5(n::text)) FROM generate_series(1, 20000) AS n",
        )
        .unwrap();
        let same = Spi::get_one::<bool>("SELECT tests.jsonb_read(d)::jsonb = d FROM public.t_rows").unwrap();
        assert_eq!(same, Some(true));
    }

    #[pg_test]
    fn a_file_is_split_where_the_server_says() {
        let file = "SELECT 1; -- a ; in a comment\nSELECT ';'; DO $$ BEGIN NULL; END $$;\n\n SELECT 'é'";
        let statements: Vec<_> = script::statements(file).unwrap().into_iter().map(str::trim).collect();
        assert_eq!(statements.len(), 4);
        assert_eq!(statements[0], "SELECT 1");
        assert_eq!(statements[2], "DO $$ BEGIN NULL; END $$");
        assert_eq!(statements[3], "SELECT 'é'");
    }
}
