//! Jobs of pg_cron that keep the catalogue fresh and the engine tidy.

use super::installation::Installation;
use crate::error::Error;
use crate::lookup;
use crate::pg::session;
use crate::pg::spi::{Row, Snapshot, arg};
use model_access_domain::cron;
use std::ffi::CStr;

lookup!(IS_USABLE, include_str!("../../sql/queries/cron_functions.sql"));
lookup!(JOBS, include_str!("../../sql/queries/cron_jobs.sql"));
lookup!(SCHEDULE, "SELECT cron.schedule($1, $2, $3)");
lookup!(UNSCHEDULE, "SELECT cron.unschedule($1)");

/// A job, and the table without which it has nothing to do.
struct Job {
    name: &'static str,
    schedule: &'static str,
    command: &'static str,
    needs: &'static CStr,
}

/// The name of the job that fetches.
const REFRESH: &str = "model_access_refresh";

/// The others. Their minutes are apart from one another and from the full hour, when everybody's jobs run.
const HOUSEKEEPING: [Job; 5] = [
    Job {
        name: "model_access_expire_reservations",
        schedule: "*/5 * * * *",
        command: "SELECT model_access.expire_reservations()",
        needs: c"quota_reservations",
    },
    Job {
        name: "model_access_expire_agent_executions",
        schedule: "*/5 * * * *",
        command: "SELECT model_access.expire_agent_executions()",
        needs: c"agent_executions",
    },
    Job {
        name: "model_access_cleanup_sessions",
        schedule: "23 * * * *",
        command: "SELECT model_access.cleanup_expired_sessions()",
        needs: c"user_sessions",
    },
    Job {
        name: "model_access_cleanup_oauth",
        schedule: "29 * * * *",
        command: "SELECT model_access.cleanup_expired_oauth_states(), model_access.cleanup_expired_oauth_tokens()",
        needs: c"oauth_states",
    },
    Job {
        name: "model_access_maintain_usage",
        schedule: "41 2 * * *",
        command: "SELECT model_access.maintain_usage_partitions(NULL)",
        needs: c"ai_usage",
    },
];

/// What is told of a job: name, schedule, command.
pub type Line = (&'static str, String, &'static str);

/// A job that stands.
struct Standing {
    id: i64,
    name: String,
    schedule: String,
    is_active: bool,
}

fn names() -> Vec<String> {
    [REFRESH].into_iter().chain(HOUSEKEEPING.iter().map(|job| job.name)).map(str::to_owned).collect()
}

/// 55000 unless pg_cron is in this database and the tables' owner, whose jobs they are, may use it.
fn require() -> Result<(), Error> {
    match is_usable() {
        Some(true) => Ok(()),
        Some(false) => Err(Error::CronClosed(session::role_name(session::current_role()))),
        None => Err(Error::NoCron),
    }
}

fn is_usable() -> Option<bool> {
    let found = IS_USABLE.with(|query| query.first(Snapshot::Fresh, &[], |row| row.get::<bool>(1)))?;
    Some(found == Some(true))
}

fn standing(snapshot: Snapshot) -> Vec<Standing> {
    let read = |row: &Row| {
        let (id, name, schedule) = (row.get::<i64>(1)?, row.get::<String>(2)?, row.get::<String>(3)?);
        Some(Standing { id, name, schedule, is_active: row.get::<bool>(4).unwrap_or_default() })
    };
    JOBS.with(|query| query.rows(snapshot, &[arg(names())], read)).into_iter().flatten().collect()
}

/// Makes the jobs, or gives those that stand their schedule and command again; returns them.
pub fn schedule(installation: &Installation, refresh: &str) -> Result<Vec<Line>, Error> {
    session::require_writable(c"schedule_catalogue_refresh()");
    if !cron::is_plain(refresh) {
        const RIGHT: &str = "Pass five fields, such as '17 3 * * *', or an interval of 1 to 59 seconds.";
        return Err(Error::BadArgument("p_schedule", format!("\"{refresh}\""), RIGHT));
    }
    installation.as_owner(|| {
        require()?;
        // One that was switched off would stay so.
        for job in standing(Snapshot::Latest).into_iter().filter(|job| !job.is_active) {
            UNSCHEDULE.with(|query| query.first(Snapshot::Latest, &[arg(job.id)], |_| ()));
        }
        let fetch = (REFRESH, refresh, "SELECT model_access.refresh_openrouter_models()");
        let others = HOUSEKEEPING.iter().filter(|job| session::own_public_relation(job.needs).is_some());
        let jobs = [fetch].into_iter().chain(others.map(|job| (job.name, job.schedule, job.command)));
        let made = jobs.map(|(name, schedule, command)| {
            SCHEDULE.with(|query| query.first(Snapshot::Latest, &[arg(name), arg(schedule), arg(command)], |_| ()));
            (name, schedule.to_owned(), command)
        });
        Ok(made.collect())
    })
}

/// Takes the jobs back; returns how many there were.
pub fn unschedule(installation: &Installation) -> Result<usize, Error> {
    session::require_writable(c"unschedule_catalogue_refresh()");
    installation.as_owner(|| {
        require()?;
        let jobs = standing(Snapshot::Latest);
        for job in &jobs {
            UNSCHEDULE.with(|query| query.first(Snapshot::Latest, &[arg(job.id)], |_| ()));
        }
        Ok(jobs.len())
    })
}

/// The schedule of the job that fetches, if it stands and is active; for whoever acts as the owner.
pub fn of_refresh() -> Option<String> {
    if is_usable() != Some(true) {
        return None;
    }
    let jobs = standing(Snapshot::Callers);
    jobs.into_iter().find(|job| job.name == REFRESH && job.is_active).map(|job| job.schedule)
}
