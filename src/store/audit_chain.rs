//! The chain of an organisation's audit log: each row has the hash of the one before, and a head knows where the chain ends.

use crate::error::Error;
use crate::lookup;
use crate::pg::spi::{Row, Snapshot, arg, timestamp_arg};
use crate::pg::trigger::{RowTrigger, TriggerResult};
use crate::pg::{memory, owner, session};
use model_access_domain::audit::{Broken, Entry, Head, NO_HASH, Stored, Walk};
use pgrx::Uuid;
use std::ffi::{CStr, c_int};

/// The rows.
pub const LOG: &CStr = c"audit_logs";
/// The ends of the chains.
pub const HEADS: &CStr = c"audit_log_heads";

/// So many rows are read at once.
const CHUNK: i64 = 1000;

lookup!(
    HEAD,
    "SELECT h.last_position, h.last_hash FROM public.audit_log_heads AS h WHERE h.chain_id OPERATOR(pg_catalog.=) $1"
);
lookup!(
    HEAD_LOCK,
    "SELECT h.last_position, h.last_hash FROM public.audit_log_heads AS h
      WHERE h.chain_id OPERATOR(pg_catalog.=) $1 FOR NO KEY UPDATE"
);
lookup!(
    HEAD_MAKE,
    "INSERT INTO public.audit_log_heads (chain_id, last_position, last_hash) VALUES ($1, 0, $2)
         ON CONFLICT (chain_id) DO NOTHING"
);
lookup!(
    HEAD_MOVE,
    "UPDATE public.audit_log_heads AS h SET last_position = $2, last_hash = $3
      WHERE h.chain_id OPERATOR(pg_catalog.=) $1"
);
lookup!(ROWS, include_str!("../../sql/queries/audit_rows.sql"));
// What is shown in a log and is no row of its chain. A row whose organisation is gone stays in that one's chain.
lookup!(OUTSIDE, include_str!("../../sql/queries/audit_rows_outside.sql"));
// Before the head, as audit_parties.sql says.
lookup!(PARTIES, include_str!("../../sql/queries/audit_parties.sql"));
lookup!(USER_STANDS, "SELECT true FROM public.users AS u WHERE u.id OPERATOR(pg_catalog.=) $1");
lookup!(ORGANIZATION_STANDS, "SELECT true FROM public.organizations AS o WHERE o.id OPERATOR(pg_catalog.=) $1");

fn to_domain(id: Uuid) -> uuid::Uuid {
    uuid::Uuid::from_bytes(*id.as_bytes())
}

fn of_domain(id: uuid::Uuid) -> Uuid {
    Uuid::from_bytes(id.into_bytes())
}

/// What of a row is hashed, where the columns stand at such places.
fn entry(row: &Row, place: impl Fn(&'static str, c_int) -> c_int) -> Entry {
    let uuid = |column, position| row.get::<Uuid>(place(column, position)).map(to_domain);
    let word = |column, position| row.get::<String>(place(column, position));
    Entry {
        chain_id: uuid("chain_id", 1),
        position: row.get::<i64>(place("chain_position", 2)),
        previous_hash: row.get::<Vec<u8>>(place("previous_hash", 3)),
        id: uuid("id", 4),
        timestamp: row.timestamp(place("timestamp", 5)),
        user: uuid("written_user_id", 6),
        organization: uuid("written_organization_id", 7),
        action: word("action", 8),
        resource_type: word("resource_type", 9),
        resource_id: word("resource_id", 10),
        details: row.text(place("details", 11)),
        ip_address: row.text(place("ip_address", 12)),
        user_agent: word("user_agent", 13),
        success: row.get::<bool>(place("success", 14)),
        error_message: word("error_message", 15),
    }
}

/// The row of an INSERT into the log, put at the end of its chain, whatever it says of that itself.
///
/// Who may not act as the owner does not choose the key and the instant either. A row that comes from the owner with its hash
/// is one that is brought back from a dump, and stays as it is. 54000 for a row that is too large.
pub fn chained(trigger: &RowTrigger) -> Result<TriggerResult, Error> {
    let missing = |table: &CStr| Error::NotInstalled(table.to_string_lossy().into_owned());
    let (log, _) = session::public_relation(LOG).ok_or_else(|| missing(LOG))?;
    if trigger.table() != log {
        return Err(Error::NotATrigger("BEFORE INSERT ON public.audit_logs FOR EACH ROW"));
    }
    let (_, table_owner) = session::public_relation(HEADS).ok_or_else(|| missing(HEADS))?;
    let is_owner = session::has_privileges_of(session::current_role(), table_owner);
    let row = trigger.new_row();
    if is_owner && row.get::<Vec<u8>>(trigger.place("hash")).is_some() {
        return Ok(trigger.keep());
    }
    let given = entry(&row, |column, _| trigger.place(column));
    let [user, organization] =
        ["user_id", "organization_id"].map(|column| row.get::<Uuid>(trigger.place(column)).map(to_domain));
    let chain = organization.unwrap_or_default();
    if let Some((column, bytes, allowed)) = given.too_long() {
        return Err(Error::TooLong(column, bytes, allowed));
    }
    let written = owner::act_as(table_owner, || {
        PARTIES.with(|query| {
            query.first(Snapshot::Latest, &[arg(user.map(of_domain)), arg(organization.map(of_domain))], |_| ())
        });
        let head = lock_head(chain).ok_or_else(|| missing(HEADS))?;
        let written = Entry {
            chain_id: Some(chain),
            position: Some(head.position.saturating_add(1)),
            previous_hash: Some(head.hash),
            id: given.id.filter(|_| is_owner).or_else(|| Some(to_domain(session::random_uuid()))),
            timestamp: given.timestamp.filter(|_| is_owner).or_else(|| Some(session::clock())),
            user,
            organization,
            ..given
        };
        let args = [arg(of_domain(chain)), arg(written.position), arg(written.hash().to_vec())];
        HEAD_MOVE.with(|query| query.execute(&args));
        Ok::<_, Error>(written)
    })?;
    let hash = written.hash().to_vec();
    Ok(trigger.with(&[
        ("chain_id", arg(written.chain_id.map(of_domain))),
        ("chain_position", arg(written.position)),
        ("previous_hash", arg(written.previous_hash)),
        ("id", arg(written.id.map(of_domain))),
        ("timestamp", timestamp_arg(written.timestamp.unwrap_or_default())),
        ("written_user_id", arg(written.user.map(of_domain))),
        ("written_organization_id", arg(written.organization.map(of_domain))),
        ("hash", arg(hash)),
    ]))
}

fn head(row: &Row) -> Head {
    Head { position: row.get::<i64>(1).unwrap_or_default(), hash: row.get::<Vec<u8>>(2).unwrap_or_default() }
}

/// The end of a chain, held until the transaction ends: who writes there next waits.
fn lock_head(chain: uuid::Uuid) -> Option<Head> {
    let lock = || HEAD_LOCK.with(|query| query.first(Snapshot::Latest, &[arg(of_domain(chain))], head));
    lock().or_else(|| {
        HEAD_MAKE.with(|query| query.execute(&[arg(of_domain(chain)), arg(NO_HASH.to_vec())]));
        lock()
    })
}

/// Whether an organisation is there.
pub fn organization_stands(organization: Uuid) -> bool {
    ORGANIZATION_STANDS.with(|query| query.first(Snapshot::Latest, &[arg(organization)], |_| ())).is_some()
}

fn user_stands(user: Uuid) -> bool {
    USER_STANDS.with(|query| query.first(Snapshot::Latest, &[arg(user)], |_| ())).is_some()
}

/// Whether an UPDATE only lets go of users and organisations that are no longer there, as their foreign keys do.
pub fn only_lets_go(trigger: &RowTrigger) -> bool {
    trigger.changed_columns().iter().all(|column| {
        let stands: fn(Uuid) -> bool = match column.as_str() {
            "user_id" => user_stands,
            "organization_id" => organization_stands,
            _ => return false,
        };
        let at = trigger.place(column);
        let (old, new) = (trigger.old_row().get::<Uuid>(at), trigger.new_row().get::<Uuid>(at));
        let (Some(old), None, Some(table_owner)) = (old, new, trigger.table_owner()) else { return false };
        owner::act_as(table_owner, || !stands(old))
    })
}

/// What is wrong with the log of an organisation, `None` that of no organisation, as the calling query sees it: the first broken
/// row of its chain, and how many rows are in none.
pub fn verify(organization: Option<Uuid>) -> (Option<Broken>, i64) {
    let chain = organization.unwrap_or(Uuid::from_bytes([0; 16]));
    let mut walk = Walk::new(HEAD.with(|query| query.first(Snapshot::Callers, &[arg(chain)], head)));
    let mut last = Some((i64::MIN, Uuid::from_bytes([0; 16])));
    let mut broken = None;
    while let (Some(after), None) = (last, &broken) {
        session::check_for_interrupts();
        (last, broken) = memory::given_back(|| chunk(&mut walk, chain, after));
    }
    let outside = OUTSIDE.with(|query| query.first(Snapshot::Callers, &[arg(organization)], |row| row.get::<i64>(1)));
    (broken.or_else(|| walk.end().err()), outside.flatten().unwrap_or_default())
}

/// Goes along some rows of a chain; returns the last one, `None` when there are no more, and what is wrong.
fn chunk(walk: &mut Walk, chain: Uuid, after: (i64, Uuid)) -> (Option<(i64, Uuid)>, Option<Broken>) {
    let args = [arg(chain), arg(after.0), arg(after.1), arg(CHUNK)];
    let rows = ROWS.with(|query| query.rows(Snapshot::Callers, &args, stored));
    let broken = rows.iter().find_map(|row| walk.step(row).err());
    let place = |row: &Stored| Some((row.entry.position?, of_domain(row.entry.id?)));
    (rows.last().and_then(place), broken)
}

fn stored(row: &Row) -> Stored {
    Stored {
        entry: entry(row, |_, position| position),
        user: row.get::<Uuid>(16).map(to_domain),
        organization: row.get::<Uuid>(17).map(to_domain),
        hash: row.get::<Vec<u8>>(18),
        parents_stand: [19, 20].map(|position| row.get::<bool>(position).unwrap_or_default()),
    }
}
