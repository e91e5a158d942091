//! Whether a call may be made: the extension against one SELECT of the same rows.

use super::people::{self, LIMITED, person};
use crate::Result;
use crate::clients::Work;
use crate::compare::{same, texts};
use crate::contender::{Contender, admitted, compete};
use crate::measure::{Measure, Scenario};
use crate::options::Options;
use crate::report::Report;
use postgres::Client;

const FLOOR: &str = include_str!("../../sql/quota_check.sql");
const NATIVE: &str = "SELECT * FROM public.check_model_quota($1, $2)";
const WHO: u64 = 1;
/// Limits of others in the table, so that it is no empty one.
const OTHER_LIMITS: i32 = 20;

/// Compares, then measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    people::make(owner, WHO, WHO)?;
    owner.execute("CALL bench.make_other_limits(1, $1)", &[&OTHER_LIMITS])?;
    owner.batch_execute(
        "VACUUM (ANALYZE) public.quota_limits, public.quota_usage, public.profiles, public.organizations, public.model_access",
    )?;
    let native = "SELECT ROW(f.allowed, f.limit_amount, f.used, f.held, f.remaining, f.resets_at)::text
                    FROM public.check_model_quota($1, $2) AS f";
    let floor = format!(
        "SELECT ROW(f.allowed, f.amount, f.used, f.held, f.remaining, f.resets_at)::text FROM (\n{FLOOR}\n) AS f"
    );
    let expected = texts(owner, &floor, &[&person(WHO), &LIMITED])?;
    let found = texts(owner, native, &[&person(WHO), &LIMITED])?;
    if expected.len() != 1 {
        return Err(format!("the floor of check gives {} rows", expected.len()).into());
    }
    same("check", &expected, &found)?;

    let calls = options.quick_or(50, 1000);
    let mut contenders = [
        Contender::plain("floor", |client| asking(client, FLOOR))?.on_one_core()?,
        Contender::native("native", |client| asking(client, NATIVE))?.on_one_core()?,
    ];
    let series = compete(&mut contenders, options.rounds, calls)?;
    let name = "check, one limit".to_owned();
    let scenario = report.add(Scenario { name, calls, references: &["floor"], series });
    report.cost_goal(scenario, "native", "floor", Measure::Cpu, 1.5);
    Ok(())
}

fn asking(client: &mut Client, query: &str) -> Result<Work> {
    let statement = client.prepare(query)?;
    Ok(Box::new(move |client| admitted(&client.query_one(&statement, &[&person(WHO), &LIMITED])?)))
}
