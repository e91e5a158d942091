//! How full a database is, and calls of all its people.

use super::pages;
use crate::Result;
use crate::clients::Work;
use crate::contender::{Contender, admitted, compete};
use crate::measure::Scenario;
use crate::options::Options;
use crate::quota::consume::NATIVE;
use crate::quota::people::{LIMITED, TOKENS, person};
use crate::server::Caller;
use postgres::Client;

/// How full a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows of the ledger.
    pub ledger: i64,
    /// Users.
    pub people: i64,
    /// Limits that do not concern them.
    pub limits: i32,
}

/// An empty database.
pub const NOTHING: Size = Size { ledger: 0, people: 0, limits: 0 };
/// The database that does not grow, in a table.
pub const SMALL: &str = "small";
/// The one that has grown.
pub const GROWN: &str = "grown";
/// A call may cost so many times what it does in the small database.
pub const MOST: f64 = 1.25;
/// So many times where users and ledger have grown together: then each call is of somebody whose pages are in no cache of the
/// processor.
pub const MOST_TOGETHER: f64 = 2.0;
/// Days over which the ledger is spread.
const DAYS: i32 = 20;

impl Size {
    /// Where growth begins.
    pub fn small(options: &Options) -> Self {
        options.quick_or(Self { ledger: 500, people: 50, limits: 1 }, Self { ledger: 10_000, people: 1_000, limits: 1 })
    }
}

/// Makes what is missing.
pub fn grow(owner: &mut Client, from: Size, to: Size) -> Result<()> {
    if to.limits > from.limits {
        owner.execute("CALL bench.make_other_limits($1, $2)", &[&(from.limits + 1), &to.limits])?;
    }
    if to.people > from.people {
        owner.execute("CALL bench.make_people($1, $2, NULL)", &[&from.people, &(to.people - 1)])?;
    }
    if from.ledger == 0 {
        pages::fill(owner, to.ledger, to.people, DAYS)?;
    } else if to.ledger > from.ledger {
        let fill = "CALL bench.fill_ledger($1, $2, 0, $3, $4)";
        owner.execute(fill, &[&from.ledger, &(to.ledger - 1), &to.people, &DAYS])?;
    }
    owner.execute("CALL bench.make_counters(0, $1)", &[&(to.people - 1)])?;
    Ok(owner.batch_execute(
        "VACUUM (ANALYZE) public.ai_usage, public.quota_usage, public.quota_limits, public.profiles, public.organizations",
    )?)
}

/// Takes the measured calls out of the ledger, which else would be as many as the rows of a small one.
pub fn forget_calls(owner: &mut Client, size: Size) -> Result<()> {
    owner.execute(include_str!("../../../sql/forget_calls.sql"), &[&TOKENS])?;
    grow(owner, size, size)
}

/// Calls of all people by turns, in an order that meets the same page seldom.
pub fn calling(client: &mut Client, people: i64) -> Result<Work> {
    let statement = client.prepare(NATIVE)?;
    let people = u64::try_from(people)?;
    let mut turn: u64 = 0;
    Ok(Box::new(move |client| {
        turn += 1;
        let user = person(turn * 7919 % people);
        admitted(&client.query_one(&statement, &[&user, &LIMITED, &TOKENS])?)
    }))
}

/// CPU of `consume` in the small database and in another, by turns.
pub fn compare_consume(options: &Options, name: String, small: Size, suffix: &str, grown: Size) -> Result<Scenario> {
    let calls = options.quick_or(50, 1000);
    let on = |name, suffix: &str, size: Size| {
        Contender::on(name, Caller::connect_to(suffix)?, |client| calling(client, size.people))?
            .without_waiting()?
            .on_one_core()
    };
    let mut contenders = [on(SMALL, "_small", small)?, on(GROWN, suffix, grown)?];
    let series = compete(&mut contenders, options.rounds, calls)?;
    Ok(Scenario { name, calls, references: &[SMALL], series })
}
