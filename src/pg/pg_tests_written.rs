//! Tests of rows that are written without an executor, inside a backend.

#[pgrx::pg_schema]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use crate::pg::keyed::Seen;
    use crate::pg::shape::Kind::{Big, Instant, Text};
    use crate::pg::spi::{Arg, Row, Snapshot, arg, timestamp_arg};
    use crate::pg::{owner, session};
    use crate::{keyed, written};
    use pgrx::prelude::*;

    written!(WHOLE, c"t_rows", [(c"id", Big), (c"word", Text), (c"at", Instant)]);
    written!(WORD, c"t_rows", [(c"word", Text)]);
    written!(GONE, c"t_rows", []);
    keyed!(BY_ID, c"t_rows", [(c"id", Big)], [(c"word", Text)]);
    keyed!(BY_WORD, c"t_rows", [(c"word", Text)], [(c"id", Big)]);

    /// 2000-01-01 and a year later.
    const YEARS: [pg_sys::TimestampTz; 2] = [0, 366 * 86_400_000_000];

    fn row(id: i64, word: &str, at: pg_sys::TimestampTz) -> [Arg; 3] {
        [arg(id), arg(word), timestamp_arg(at)]
    }

    fn insert(id: i64, word: &str) -> bool {
        WHOLE.with(|table| table.insert(&[row(id, word, 0)])).is_some()
    }

    fn update(id: i64, word: &str) -> bool {
        WORD.with(|table| BY_ID.with(|rows| table.update(rows, [arg(id)], &[arg(word)]))).is_some()
    }

    fn delete(id: i64) -> bool {
        GONE.with(|table| BY_ID.with(|rows| table.delete(rows, [arg(id)]))).is_some()
    }

    fn run(sql: &str) {
        Spi::run(sql).unwrap();
    }

    fn count(sql: &str) -> i64 {
        Spi::get_one(&format!("SELECT count(*) FROM {sql}")).unwrap().unwrap()
    }

    fn make() {
        run("CREATE TABLE public.t_rows (id bigint PRIMARY KEY, word text NOT NULL, at timestamptz, note text)");
    }

    #[pg_test]
    fn rows_are_inserted_updated_and_deleted() {
        make();
        assert!(insert(1, "one") && insert(2, "two") && update(2, "deux") && delete(1));
        assert_eq!(count("public.t_rows WHERE id = 2 AND word = 'deux' AND at = '2000-01-01 UTC' AND note IS NULL"), 1);
        assert_eq!(count("public.t_rows"), 1);
        assert!(update(7, "nobody") && delete(7), "there is no such row");
        assert_eq!(count("public.t_rows"), 1);
    }

    fn as_owner(work: impl FnOnce() -> bool) -> String {
        owner::act_as_by_number(session::current_role(), || {
            assert!(work());
            session::setting(c"search_path").unwrap()
        })
    }

    /// A function of somebody's finds its names by the pinned path, wherever a table calls it.
    #[pg_test]
    fn path_is_pinned_for_functions_that_may_look_names_up() {
        const PINNED: &str = "pg_catalog, public, extensions, pg_temp";
        make();
        run(&format!(
            "CREATE FUNCTION public.t_is_pinned(text) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
                 -- The other is the server's own, for CREATE INDEX since 17.
                 IF current_setting('search_path') NOT IN ('{PINNED}', 'pg_catalog, pg_temp') THEN RAISE 'not pinned'; END IF;
                 RETURN true;
             END $$;
             SET LOCAL search_path = public"
        ));
        let check = |expression: &str| {
            let added = format!("ALTER TABLE public.t_rows ADD CONSTRAINT t_asks CHECK ({expression})");
            (added, "ALTER TABLE public.t_rows DROP CONSTRAINT t_asks")
        };
        let index = |of: &str| (format!("CREATE INDEX t_asks ON public.t_rows {of}"), "DROP INDEX public.t_asks");
        for ((made, dropped), later) in [
            (check("public.t_is_pinned(word)"), PINNED),
            (check(&format!("current_setting('search_path') = '{PINNED}'")), PINNED),
            (check("id = ANY (ARRAY[id, public.t_is_pinned(word)::int])"), PINNED),
            (check("word <> CURRENT_SCHEMA"), PINNED),
            (index("((public.t_is_pinned(word)))"), PINNED),
            (index("(id) WHERE public.t_is_pinned(word)"), PINNED),
            // Called when the index is read, and gone from what is kept of it.
            (index("(id) WHERE public.t_is_pinned('x') AND id > 0"), "public"),
            (check("length(upper(word)) < 10 AND at < '2020-01-01 UTC'"), "public"),
            (index("((timezone('UTC', at)::date)) WHERE id > 0 AND note IS NULL"), "public"),
            // The row gets a new entry in all indexes, which are opened as they are by then.
            (index("(upper(word)) WHERE word LIKE 't%'"), PINNED),
        ] {
            // What can be called at once is called here, too.
            run(&format!("SET LOCAL search_path = {PINNED}; {made}; SET LOCAL search_path = public"));
            let calls = |id| as_owner(|| insert(id, "one") && update(id, "two") && delete(id));
            assert_eq!(calls(1), PINNED, "the table is looked at: {made}");
            assert_eq!(calls(2), later, "{made}");
            run(dropped);
        }
    }

    /// A column of an index that changes gets an entry in all of them, whether the row stays on its page or not.
    #[pg_test]
    fn indexes_follow_the_rows() {
        make();
        run("CREATE INDEX ON public.t_rows (word);
             CREATE INDEX ON public.t_rows (upper(word)) WHERE word LIKE 't%';
             SET LOCAL enable_seqscan = off");
        assert!((0..500).all(|id| insert(id, &format!("t{id}"))));
        assert!((0..500).all(|id| update(id, &format!("t{}", id % 10))));
        assert_eq!(count("public.t_rows WHERE word = 't7'"), 50);
        assert_eq!(count("public.t_rows WHERE upper(word) = 'T7' AND word LIKE 't%'"), 50);
        assert_eq!(count("public.t_rows WHERE id BETWEEN 100 AND 199"), 100);
        assert!(update(7, &"x".repeat(7000)) && update(7, "small"), "to another page, and back");
        assert_eq!(count("public.t_rows WHERE id = 7 AND word = 'small'"), 1);
    }

    #[pg_test]
    fn rows_go_to_the_partition_of_their_instant() {
        run("CREATE TABLE public.t_rows (id bigint, word text, at timestamptz) PARTITION BY RANGE (at);
             CREATE TABLE public.t_2000 (at timestamptz, dropped int, word text, id bigint);
             ALTER TABLE public.t_2000 DROP COLUMN dropped;
             ALTER TABLE public.t_rows ATTACH PARTITION public.t_2000 FOR VALUES FROM ('2000-01-01 UTC') TO ('2001-01-01 UTC');
             CREATE TABLE public.t_2001 PARTITION OF public.t_rows FOR VALUES FROM ('2001-01-01 UTC') TO (MAXVALUE)");
        let [first, second] = YEARS;
        let stored = |rows: &[[Arg; 3]]| WHOLE.with(|table| table.insert(rows)).is_some();
        assert!(stored(&[row(1, "one", first), row(2, "two", second - 1)]));
        assert!(stored(&[row(3, "three", second)]) && stored(&[row(4, "four", i64::MAX)]));
        assert!(!stored(&[row(5, "five", first), row(6, "six", second)]), "two partitions");
        assert!(!stored(&[row(7, "seven", first - 1)]), "none");
        assert_eq!((count("public.t_2000 WHERE word IN ('one', 'two') AND id < 3"), count("public.t_2000")), (2, 2));
        assert_eq!((count("public.t_2001 WHERE id > 2"), count("public.t_2001")), (2, 2));
        run("CREATE TABLE public.t_else PARTITION OF public.t_rows DEFAULT");
        assert!(!stored(&[row(8, "eight", first - 1)]), "a default partition is looked at by a statement");
        run("ALTER TABLE ONLY public.t_rows ALTER COLUMN word SET DEFAULT 'filled by us'");
        assert!(stored(&[row(10, "ten", second)]));
        run("ALTER TABLE public.t_rows ADD note text");
        run("ALTER TABLE ONLY public.t_rows ALTER COLUMN note SET DEFAULT 'theirs'");
        assert!(!stored(&[row(11, "eleven", second)]), "a default of the whole table's");
        run("ALTER TABLE public.t_rows DROP COLUMN note");
        run("ALTER TABLE public.t_rows DETACH PARTITION public.t_2001");
        assert!(!stored(&[row(9, "nine", second)]));
        assert_eq!(count("public.t_2001"), 3);
    }

    /// What a statement would do beside writing the row is left to it; what is gone again is in nobody's way.
    #[pg_test]
    fn what_asks_for_a_statement_gets_one() {
        make();
        run("CREATE FUNCTION public.t_fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'");
        let hindrances = [
            (
                "CREATE TRIGGER t BEFORE INSERT ON public.t_rows FOR EACH ROW EXECUTE FUNCTION public.t_fire()",
                "DROP TRIGGER t ON public.t_rows",
                false,
            ),
            (
                "CREATE TRIGGER t AFTER UPDATE ON public.t_rows EXECUTE FUNCTION public.t_fire()",
                "DROP TRIGGER t ON public.t_rows",
                false,
            ),
            ("CREATE RULE r AS ON DELETE TO public.t_rows DO INSTEAD NOTHING", "DROP RULE r ON public.t_rows", false),
            (
                "ALTER TABLE public.t_rows FORCE ROW LEVEL SECURITY",
                "ALTER TABLE public.t_rows NO FORCE ROW LEVEL SECURITY",
                false,
            ),
            (
                "ALTER TABLE public.t_rows ADD UNIQUE (id) DEFERRABLE",
                "ALTER TABLE public.t_rows DROP CONSTRAINT t_rows_id_key",
                false,
            ),
            (
                "ALTER TABLE public.t_rows ADD more text GENERATED ALWAYS AS (word) STORED",
                "ALTER TABLE public.t_rows DROP COLUMN more",
                false,
            ),
            (
                "ALTER TABLE public.t_rows ALTER COLUMN word TYPE varchar(9)",
                "ALTER TABLE public.t_rows ALTER COLUMN word TYPE text",
                false,
            ),
            ("CREATE INDEX t_brin ON public.t_rows USING brin (id)", "DROP INDEX public.t_brin", false),
            ("ALTER TABLE public.t_rows RENAME TO t_other", "ALTER TABLE public.t_other RENAME TO t_rows", false),
            ("ALTER TABLE public.t_rows ADD more int DEFAULT 7", "ALTER TABLE public.t_rows DROP COLUMN more", true),
            (
                "CREATE DOMAIN public.t_region AS text DEFAULT 'eu'; ALTER TABLE public.t_rows ADD more public.t_region",
                "ALTER TABLE public.t_rows DROP COLUMN more; DROP DOMAIN public.t_region",
                true,
            ),
            (
                "ALTER TABLE public.t_rows ADD more int GENERATED BY DEFAULT AS IDENTITY",
                "ALTER TABLE public.t_rows DROP COLUMN more",
                true,
            ),
        ];
        for (id, (hinder, undo, updates)) in (1..).zip(hindrances) {
            assert!(insert(id, "before"), "{hinder}");
            run(hinder);
            assert_eq!((insert(-id, "no"), update(id, "new")), (false, updates), "{hinder}");
            run(undo);
            assert!(update(id, "after") && insert(100 + id, "later"), "{undo}");
        }
        assert_eq!(count("public.t_rows WHERE word = 'after'"), 12);
        assert_eq!(count("public.t_rows"), 24);
    }

    fn word(id: i64) -> Option<String> {
        let read = |row: &Row| row.get::<String>(1).unwrap();
        Seen::with(Snapshot::Latest, |seen| BY_ID.with(|rows| rows.first(seen, [arg(id)], read))).unwrap()
    }

    /// An index points at the first of a row's versions on a page, and that is the place that stays.
    #[pg_test]
    fn a_row_that_is_updated_in_place_stays_where_it_was() {
        make();
        assert!(insert(1, "one") && insert(2, "two"));
        let looks = || Spi::get_one::<i64>("SELECT pg_stat_get_xact_numscans('public.t_rows_pkey'::regclass)").unwrap();
        assert!(update(1, "begun") && word(1).is_some());
        let before = looks();
        for turn in 0..40 {
            let text = format!("turn {turn}");
            assert!(update(1, &text));
            assert_eq!(word(1), Some(text));
        }
        assert_eq!(looks(), before, "the index was asked");
        assert_eq!(word(2).as_deref(), Some("two"));
    }

    /// A row is found where it was last seen only if it is still there, and is the one.
    #[pg_test]
    fn places_of_before_are_looked_at() {
        make();
        let words = |ids: &[i64]| ids.iter().map(|id| word(*id)).collect::<Vec<_>>();
        let some = |word: &str| Some(word.to_owned());
        assert!((0..600).all(|id| insert(id, &format!("t{id}"))));
        // More than are remembered, twice.
        for _ in 0..2 {
            assert!((0..600).all(|id| word(id) == some(&format!("t{id}"))));
        }
        assert!(update(7, "seven") && delete(8));
        assert_eq!(words(&[7, 8, 7]), [some("seven"), None, some("seven")]);
        run("UPDATE public.t_rows SET id = 1007 WHERE id = 7");
        assert_eq!(words(&[7, 1007, 9]), [None, some("seven"), some("t9")]);
        assert_eq!(words(&[0, 1]), [some("t0"), some("t1")]);
        run("TRUNCATE public.t_rows");
        assert_eq!(words(&[1007, 1, 0]), [None, None, None], "the table has no page");
        assert!(insert(10, "first of the page") && insert(11, "second"));
        assert_eq!(words(&[0, 1]), [None, None], "others stand where they stood");
        assert_eq!(words(&[10, 11]), [some("first of the page"), some("second")]);
    }

    /// Of several keys some rows are where they were, some have moved, some are gone, some were never seen.
    #[pg_test]
    fn each_row_of_several_keys_comes_once() {
        make();
        assert!((1..=5).all(|id| insert(id, &format!("t{id}"))) && (1..=4).all(|id| word(id).is_some()));
        run("UPDATE public.t_rows SET id = 30 WHERE id = 3");
        run("UPDATE public.t_rows SET id = 3 WHERE id = 30");
        assert!(delete(4));
        let keys: Vec<_> = [1_i64, 2, 3, 4, 5, 9, 1].iter().map(|id| [arg(*id)]).collect();
        let expected: Vec<_> = [(0, "t1"), (1, "t2"), (2, "t3"), (4, "t5"), (6, "t1")]
            .map(|(place, word)| (place, word.to_owned()))
            .to_vec();
        let read = |row: &Row| row.get::<String>(1).unwrap();
        for _ in 0..2 {
            let mut rows = Vec::new();
            let keep = |place, row: &Row| {
                rows.push((place, read(row)));
                true
            };
            Seen::with(Snapshot::Latest, |seen| BY_ID.with(|found| found.rows(seen, &keys, keep))).unwrap();
            assert_eq!(rows, expected);
            let mut locked = Vec::new();
            BY_ID.with(|found| found.lock(&keys, |place, row| locked.push((place, read(row))))).unwrap();
            assert_eq!(locked, expected);
        }
        let of = |ids: [i64; 3]| ids.into_iter().map(|id| [arg(id)]);
        let free = |ids| BY_ID.with(|found| found.lock_first_free(of(ids), read)).unwrap();
        assert_eq!(free([4, 9, 3]).as_deref(), Some("t3"));
        assert_eq!(free([4, 9, 8]), None);
    }

    /// Who finds rows by one key tells another look-up of the same rows where they are.
    #[pg_test]
    fn places_are_shared_with_another_key() {
        make();
        run("CREATE UNIQUE INDEX ON public.t_rows (word)");
        assert!((1..=3).all(|id| insert(id, &format!("t{id}"))));
        let looks = || Spi::get_one::<i64>("SELECT pg_stat_get_xact_numscans('public.t_rows_pkey'::regclass)").unwrap();
        let words: Vec<_> = ["t2", "t3"].map(|word| [arg(word)]).to_vec();
        let id = |row: &Row| [arg(row.get::<i64>(1))];
        let shared =
            |seen| BY_WORD.with(|rows| BY_ID.with(|ids| rows.rows_shared(seen, &words, (ids, id), |_, _| true)));
        Seen::with(Snapshot::Latest, shared).unwrap();
        let before = looks();
        assert_eq!([2, 3].map(word), [Some("t2".to_owned()), Some("t3".to_owned())]);
        assert_eq!(looks(), before, "the index was asked");
        assert_eq!(word(1).as_deref(), Some("t1"));
        assert_ne!(looks(), before, "it is asked for a row that nobody saw");
    }

    #[pg_test]
    fn all_rows_of_a_key_are_found_though_one_was_seen() {
        make();
        assert!(insert(1, "one"));
        assert_eq!(word(1).as_deref(), Some("one"));
        run("ALTER TABLE public.t_rows DROP CONSTRAINT t_rows_pkey; CREATE INDEX ON public.t_rows (id)");
        assert!(insert(1, "again"));
        let mut words = Vec::new();
        let keep = |_, row: &Row| {
            words.push(row.get::<String>(1).unwrap());
            true
        };
        Seen::with(Snapshot::Latest, |seen| BY_ID.with(|rows| rows.rows(seen, &[[arg(1_i64)]], keep))).unwrap();
        assert_eq!(words, ["one", "again"]);
    }

    /// Runs a write that is to fail, in a savepoint; returns its SQLSTATE.
    fn sqlstate(write: impl FnOnce() -> bool) -> String {
        let raised = crate::pg::subtransaction::run(|| -> Result<bool, ()> { Ok(write()) });
        match raised {
            Err(crate::pg::subtransaction::Failure::Raised(caught)) => caught.sqlstate(),
            _ => "00000".to_owned(),
        }
    }

    #[pg_test]
    fn constraints_hold() {
        make();
        run("ALTER TABLE public.t_rows ADD CHECK (word <> 'bad')");
        assert!(insert(1, "good"));
        assert_eq!(sqlstate(|| insert(1, "again")), "23505");
        assert_eq!(sqlstate(|| insert(2, "bad")), "23514");
        assert_eq!(sqlstate(|| update(1, "bad")), "23514");
        assert_eq!(
            sqlstate(|| WHOLE.with(|t| t.insert(&[[arg(3_i64), arg(None::<&str>), timestamp_arg(0)]])).is_some()),
            "23502"
        );
        run("ALTER TABLE public.t_rows ADD CONSTRAINT t_here CHECK (tableoid = 'public.t_rows'::regclass)");
        assert!(update(1, "good"), "a check may ask for the table");
        run("ALTER TABLE public.t_rows DROP CONSTRAINT t_here");
        run("ALTER TABLE public.t_rows DROP CONSTRAINT t_rows_word_check, ADD CHECK (word <> 'worse')");
        assert!(insert(2, "bad"));
        assert_eq!(sqlstate(|| insert(3, "worse")), "23514");
        run("CREATE PUBLICATION t_all FOR TABLE public.t_rows; ALTER TABLE public.t_rows REPLICA IDENTITY NOTHING");
        assert!(insert(4, "published"));
        assert_eq!(sqlstate(|| update(1, "unknown")), "55000");
        assert_eq!(sqlstate(|| delete(1)), "55000");
        assert_eq!(count("public.t_rows"), 3);
    }
}
