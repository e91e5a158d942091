//! Connections, the backend's CPU time, and what a reader must know about machine and server.

use crate::measure::Sample;
use crate::{Result, cores};
use postgres::{Client, Config, NoTls};
use serde_json::{Map, Value, json};
use std::time::Instant;
use std::{env, fs, thread};

/// A connection as the developer role, who owns the tables.
pub fn owner() -> Result<Client> {
    owner_of("")
}

/// As [`owner`], to a further database, whose name is that of the first with a suffix.
pub fn owner_of(suffix: &str) -> Result<Client> {
    let setting = |name: &str| env::var(name).map_err(|_| format!("{name} is not set; bin/bench sets it"));
    Ok(Config::new()
        .host(&setting("PGHOST")?)
        .port(setting("PGPORT")?.parse()?)
        .user(&setting("PGUSER")?)
        .dbname(&(setting("PGDATABASE")? + suffix))
        .application_name("model_access_bench")
        .connect(NoTls)?)
}

/// Makes the contenders' schemas and the feeds' functions anew, and flushes what earlier work left, where the role may.
pub fn prepare(owner: &mut Client) -> Result<()> {
    owner.batch_execute(include_str!("../sql/schemas.sql"))?;
    owner.batch_execute(include_str!("../sql/feed.sql"))?;
    let may: bool = owner.query_one("SELECT pg_has_role('pg_checkpoint', 'USAGE')", &[])?.get(0);
    if may {
        owner.batch_execute("CHECKPOINT")?;
    }
    Ok(())
}

/// Where the write-ahead log ends.
pub fn wal_position(owner: &mut Client) -> Result<f64> {
    Ok(owner.query_one("SELECT (pg_current_wal_insert_lsn() - '0/0')::float8", &[])?.get(0))
}

/// A connection whose backend's CPU time is known.
pub struct Caller {
    /// The connection.
    pub client: Client,
    pid: i32,
}

impl Caller {
    /// Connects as the application's server does: under service_role.
    pub fn connect() -> Result<Self> {
        Self::connect_to("")
    }

    /// As [`Self::connect`], to a further database.
    pub fn connect_to(suffix: &str) -> Result<Self> {
        let mut client = owner_of(suffix)?;
        client.batch_execute("SET ROLE service_role")?;
        Self::of(client)
    }

    /// A connection that is there.
    pub fn of(mut client: Client) -> Result<Self> {
        let pid = client.query_one("SELECT pg_backend_pid()", &[])?.get(0);
        Ok(Self { client, pid })
    }

    /// Memory of the backend that is shared with nobody, kB. What it maps of shared buffers is not among it.
    pub fn private_kb(&self) -> Result<f64> {
        let path = format!("/proc/{}/status", self.pid);
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}, the backend's memory: {error}"))?;
        anonymous_kb(&text).ok_or_else(|| format!("{path} has no RssAnon").into())
    }

    /// The backend stays on one core: see [`crate::cores`].
    pub fn keep_on_one_core(&self) -> Result<()> {
        cores::keep_backend(self.pid)
    }

    /// Wall and CPU time of some work on this connection.
    pub fn spent(&mut self, work: impl FnOnce(&mut Client) -> Result<()>) -> Result<Sample> {
        let cpu = self.cpu_ms()?;
        let started = Instant::now();
        work(&mut self.client)?;
        let wall_ms = started.elapsed().as_secs_f64() * 1e3;
        Ok(Sample { wall_ms, cpu_ms: self.cpu_ms()? - cpu, wal_bytes: None })
    }

    /// CPU time of the backend so far. schedstat counts nanoseconds, `stat` ticks of 10 ms; the kernel brings it up to date
    /// whenever the backend goes to sleep, as it does between two statements.
    fn cpu_ms(&self) -> Result<f64> {
        let path = format!("/proc/{}/schedstat", self.pid);
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}, the backend's CPU time: {error}"))?;
        let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
        Ok(nanoseconds / 1e6)
    }
}

/// RssAnon of a process's status.
fn anonymous_kb(status: &str) -> Option<f64> {
    let figure = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    figure.trim().strip_suffix(" kB")?.parse().ok()
}

/// Memory in huge pages that somebody has, touched or not, of the kernel's figures.
fn huge_pages_mb(meminfo: &str) -> Option<u64> {
    let figure = |name: &str| -> Option<u64> {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let taken = figure("HugePages_Total")? + figure("HugePages_Rsvd")? - figure("HugePages_Free")?;
    Some(taken * figure("Hugepagesize")? / 1024)
}

/// How long an idle core of this virtual machine waits before it is given back, where there is such a thing.
fn halt_poll_ns() -> Option<u64> {
    fs::read_to_string("/sys/module/haltpoll/parameters/guest_halt_poll_ns").ok()?.trim_end().parse().ok()
}

/// Machine, server and settings, as the raw numbers keep them. No path of the machine is among them.
pub fn describe(owner: &mut Client) -> Result<Value> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let mut settings = Map::new();
    for row in owner.query(include_str!("../sql/settings.sql"), &[])? {
        settings.insert(row.get(0), Value::String(row.get(1)));
    }
    let version: String = owner.query_one("SELECT version()", &[])?.get(0);
    let extension: String =
        owner.query_one("SELECT extversion FROM pg_extension WHERE extname = 'model_access'", &[])?.get(0);
    Ok(json!({
        "cpu": model.trim_start_matches(['\t', ' ', ':']),
        "cores": thread::available_parallelism()?.get(),
        "huge_pages_mb": huge_pages_mb(&fs::read_to_string("/proc/meminfo").unwrap_or_default()),
        "halt_poll_ns": halt_poll_ns(),
        "kernel": fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim_end(),
        "server": version,
        "settings": settings,
        "model_access": extension,
        "commit": env::var("MODEL_ACCESS_COMMIT").ok(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_memory_is_read_from_its_line() {
        let status = "VmRSS:\t   20968 kB\nRssAnon:\t    5524 kB\nRssFile:\t   15444 kB\n";
        assert_eq!(anonymous_kb(status), Some(5524.0));
        assert_eq!(anonymous_kb("VmRSS:\t   20968 kB\n"), None);
    }

    #[test]
    fn huge_pages_are_those_that_somebody_has() {
        let meminfo = "HugePages_Total:    3254\nHugePages_Free:      100\nHugePages_Rsvd:       46\nHugepagesize:       2048 kB\n";
        assert_eq!(huge_pages_mb(meminfo), Some(6400));
        assert_eq!(huge_pages_mb("MemTotal:       24697192 kB\n"), None);
    }
}
