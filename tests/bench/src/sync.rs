//! The sync of the catalogue: the extension against the seed's loop in plpgsql and against set-based SQL.

use crate::Result;
use crate::compare::{same, texts};
use crate::measure::{Measure, Sample, Scenario, in_turns};
use crate::options::Options;
use crate::report::Report;
use crate::server::{Caller, wal_position};
use postgres::Client;

const CONTENDERS: [&str; 3] = ["plpgsql", "setbased", "native"];
/// Where each contender keeps the catalogue.
const TABLES: [&str; 3] = ["bench_plpgsql.model_access", "bench_setbased.model_access", "public.model_access"];
/// All that a contender's sync writes, so that one can be put back without touching the others.
const WRITTEN: [&str; 3] = [
    "bench_plpgsql.model_access, bench_plpgsql.model_sync_log",
    "bench_setbased.model_access, bench_setbased.model_sync_log",
    "public.model_access, public.model_sync_log, public.model_price_history, public.model_review_items",
];
const REFERENCES: &[&str] = &["plpgsql", "setbased"];
/// Below this many bytes of WAL a sync that changes nothing has written its log row and little else.
const UNCHANGED_WAL: f64 = 2000.0;

/// What comes in, and what is there before.
#[derive(Clone, Copy, Debug)]
struct Work {
    what: &'static str,
    /// The feeds of odd and even calls. The catalogue holds what the even ones have.
    feeds: (&'static str, &'static str),
    /// Whether each call finds an empty catalogue.
    from_empty: bool,
}

const FIRST: Work = Work { what: "first", feeds: ("base", "base"), from_empty: true };
const UNCHANGED: Work = Work { what: "nothing changed", feeds: ("base", "base"), from_empty: false };
const CHANGED: Work = Work { what: "5 % changed", feeds: ("changed", "base"), from_empty: false };

/// Compares, then measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    for script in [
        include_str!("../sql/sync_plpgsql.sql"),
        include_str!("../sql/sync_setbased.sql"),
        include_str!("../sql/sync_harness.sql"),
    ] {
        owner.batch_execute(script)?;
    }
    let mut bench = Bench { owner, callers: [Caller::connect()?, Caller::connect()?, Caller::connect()?] };
    for models in options.quick_or([400, 2_000], [400, 20_000]) {
        bench.make_feeds(models)?;
        bench.compare(models)?;
        // The small catalogue takes more calls to be measurable, and the large one fewer to end.
        let (calls, firsts) = if models == 400 { options.quick_or((4, 2), (20, 10)) } else { (2, 1) };

        let first = report.add(bench.measure(options.rounds, models, FIRST, firsts)?);
        let unchanged = report.add(bench.measure(options.rounds, models, UNCHANGED, calls)?);
        let changed = report.add(bench.measure(options.rounds, models, CHANGED, calls)?);
        // CPU of the backend: what a commit waits for is the disk's, the same for all, and differs between machines.
        report.goal(first, "native", "plpgsql", Measure::Cpu, 1.4);
        report.goal(unchanged, "native", "plpgsql", Measure::Cpu, if models == 400 { 8.0 } else { 15.0 });
        report.goal(changed, "native", "plpgsql", Measure::Cpu, 6.0);
        report.wal_goal(unchanged, "native", UNCHANGED_WAL);
    }
    Ok(())
}

/// The connections of this part: one prepares and looks on, those of the contenders are measured.
struct Bench<'a> {
    owner: &'a mut Client,
    callers: [Caller; CONTENDERS.len()],
}

impl Bench<'_> {
    fn make_feeds(&mut self, models: i32) -> Result<()> {
        for edition in ["base", "changed", "shrunk"] {
            let statement = "INSERT INTO bench.feeds SELECT $1, $2, bench.feed($1, $2)";
            self.owner.execute(statement, &[&models, &edition])?;
        }
        Ok(())
    }

    /// Ends the run unless all contenders bring the same about: first sync, changes, models gone and back again.
    fn compare(&mut self, models: i32) -> Result<()> {
        for contender in 0..CONTENDERS.len() {
            self.empty(contender)?;
        }
        for edition in ["base", "changed", "shrunk", "base"] {
            let mut expected: Option<Vec<String>> = None;
            for (contender, table) in TABLES.iter().enumerate() {
                self.sync(contender, models, (edition, edition), 1)?;
                let query = include_str!("../sql/mapped_columns.sql").replace("$TABLE", table);
                let found = texts(self.owner, &query, &[])?;
                let expected = expected.get_or_insert_with(|| found.clone());
                same(&format!("sync of {models} models, {edition}: {}", CONTENDERS[contender]), expected, &found)?;
                if found.len() != usize::try_from(models)? {
                    return Err(format!("{} rows after a sync of {models} models", found.len()).into());
                }
            }
        }
        Ok(())
    }

    fn measure(&mut self, rounds: usize, models: i32, work: Work, calls: u32) -> Result<Scenario> {
        // A first sync begins from these statistics too, and not from what the scenario before happened to leave:
        // TRUNCATE keeps them, and the planner believes them.
        for contender in 0..CONTENDERS.len() {
            self.empty(contender)?;
            self.sync(contender, models, (work.feeds.1, work.feeds.1), 1)?;
            self.vacuum(contender)?;
        }
        let series = in_turns(&CONTENDERS, rounds, |contender| {
            if work.from_empty {
                return self.measure_first(contender, models, work, calls);
            }
            self.vacuum(contender)?; // the dead rows of the round before
            Ok(self.sync(contender, models, work.feeds, calls)?.divided_by(calls))
        })?;
        let name = format!("sync of {models} models, {}", work.what);
        Ok(Scenario { name, calls, references: REFERENCES, series })
    }

    fn measure_first(&mut self, contender: usize, models: i32, work: Work, calls: u32) -> Result<Sample> {
        let mut total = Sample { wal_bytes: Some(0.0), ..Sample::default() };
        for _ in 0..calls {
            self.empty(contender)?;
            total = total.and(self.sync(contender, models, work.feeds, 1)?);
        }
        Ok(total.divided_by(calls))
    }

    fn empty(&mut self, contender: usize) -> Result<()> {
        Ok(self.owner.batch_execute(&format!("TRUNCATE {}", WRITTEN[contender]))?)
    }

    fn vacuum(&mut self, contender: usize) -> Result<()> {
        Ok(self.owner.batch_execute(&format!("VACUUM (ANALYZE) {}", WRITTEN[contender]))?)
    }

    /// What some calls spent in all. Fetching the feed from its table is measured by itself and taken off.
    fn sync(&mut self, contender: usize, models: i32, feeds: (&str, &str), calls: u32) -> Result<Sample> {
        let fetching = self.call(contender, models, feeds, 0)?;
        let wal = wal_position(self.owner)?;
        let spent = self.call(contender, models, feeds, calls)?;
        let wal_bytes = Some(wal_position(self.owner)? - wal);
        Ok(Sample { cpu_ms: spent.cpu_ms - fetching.cpu_ms, wal_bytes, ..spent })
    }

    fn call(&mut self, contender: usize, models: i32, (odd, even): (&str, &str), calls: u32) -> Result<Sample> {
        let calls = i32::try_from(calls)?;
        let mut wall_ms = 0.0;
        let spent = self.callers[contender].spent(|client| {
            let call = "CALL bench.sync($1, $2, $3, $4, $5, NULL, NULL)";
            wall_ms = client.query_one(call, &[&CONTENDERS[contender], &models, &odd, &even, &calls])?.get(0);
            Ok(())
        })?;
        Ok(Sample { wall_ms, ..spent })
    }
}
