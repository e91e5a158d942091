//! Who calls what: people, organisations and models as in `sql/quota_world.sql`.

use crate::Result;
use crate::compare::{same, texts};
use postgres::Client;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// The model whose daily limit is the one limit of the people here.
pub const LIMITED: &str = "tidepool/atlas-32b-limited";
/// The model without limits of its own.
pub const OPEN: &str = "tidepool/atlas-32b-open";
/// Tokens of a call.
pub const TOKENS: i64 = 1234;
/// The organisation of everyone in the parts that measure one call at a time.
pub const ORGANIZATION: u64 = 1;

const BYSTANDERS: i64 = 100_000;
const DAY: u64 = 86_400;

/// A person.
pub const fn person(number: u64) -> Uuid {
    Uuid::from_u128(0x0000_be5d_0000_4000_8000_0000_0000_0000 + number as u128)
}

/// An organisation.
pub const fn organization(number: u64) -> Uuid {
    Uuid::from_u128(0x0000_be5e_0000_4000_8000_0000_0000_0000 + number as u128)
}

/// The beginning of the day, UTC.
pub fn today() -> Result<SystemTime> {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds - seconds % DAY))
}

/// Makes the functions and models that the parts need.
pub fn prepare(owner: &mut Client) -> Result<()> {
    owner.batch_execute(include_str!("../../sql/quota_world.sql"))?;
    owner.execute("CALL bench.make_organization($1, 1)", &[&i64::try_from(ORGANIZATION)?])?;
    Ok(())
}

/// Makes people of the organisation, each with a counter of the limited model, whose window stands.
pub fn make(owner: &mut Client, first: u64, last: u64) -> Result<()> {
    let (first, last, organization) = (i64::try_from(first)?, i64::try_from(last)?, i64::try_from(ORGANIZATION)?);
    owner.execute("CALL bench.make_people($1, $2, $3)", &[&first, &last, &organization])?;
    owner.execute("CALL bench.make_counters($1, $2)", &[&first, &last])?;
    Ok(())
}

/// Makes people who are not measured, with a counter each: the planner shall not take the tables for small ones.
pub fn make_bystanders(owner: &mut Client, number: i64) -> Result<()> {
    let (first, last) = (BYSTANDERS, BYSTANDERS + number - 1);
    owner.execute("CALL bench.make_people($1, $2, NULL)", &[&first, &last])?;
    owner.execute("CALL bench.make_counters($1, $2)", &[&first, &last])?;
    Ok(owner.batch_execute("VACUUM (ANALYZE) public.profiles, public.organizations, public.quota_usage")?)
}

/// What calls of so many tokens left behind, without what two people cannot have in common.
pub fn outcome(owner: &mut Client, person: Uuid, tokens: i64) -> Result<Vec<String>> {
    texts(owner, include_str!("../../sql/quota_outcome.sql"), &[&person, &tokens])
}

/// Ends the run unless the calls of two people left the same behind.
pub fn same_outcome(owner: &mut Client, what: &str, expected: Uuid, found: Uuid, tokens: i64) -> Result<()> {
    let (expected, found) = (outcome(owner, expected, tokens)?, outcome(owner, found, tokens)?);
    if expected.is_empty() {
        return Err(format!("{what}: the calls left nothing behind").into());
    }
    same(what, &expected, &found)
}
