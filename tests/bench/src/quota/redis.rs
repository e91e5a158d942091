//! Redis with a Lua check-and-add, for those who would count there: one key per user, no ledger, nothing else looked up.
//! Only printed, and only where redis-server is installed.

use super::consume;
use super::people::{self, LIMITED, person};
use crate::Result;
use crate::clients::{Load, Worker, load};
use crate::figures::{Figures, Row};
use crate::measure::turns;
use crate::options::Options;
use crate::report::Report;
use crate::server::Caller;
use postgres::Client;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, process, thread};

/// Adds one when the limit leaves room, and ends with the day.
const SCRIPT: &str = "local used = tonumber(redis.call('GET', KEYS[1]) or '0') \
    if used + ARGV[1] > tonumber(ARGV[2]) then return 0 end \
    redis.call('INCRBY', KEYS[1], ARGV[1]) \
    if used == 0 then redis.call('EXPIRE', KEYS[1], 86400) end \
    return 1";
const LIMIT: &str = "2000000000";
const FIRST: u64 = 4001;
/// How each server writes to the disk.
const MODES: [(&str, &[&str]); 3] = [
    ("redis, no AOF", &["--appendonly", "no"]),
    ("redis, AOF every second", &["--appendonly", "yes", "--appendfsync", "everysec"]),
    ("redis, AOF always", &["--appendonly", "yes", "--appendfsync", "always"]),
];

/// Measures.
pub fn run(options: &Options, owner: &mut Client, report: &mut Report) -> Result<()> {
    if Command::new("redis-server").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        report.skip("redis, because redis-server is not installed".to_owned());
        return Ok(());
    }
    let clients = options.quick_or(3, 8);
    people::make(owner, FIRST, FIRST + clients - 1)?;
    let servers = MODES.iter().enumerate().map(|(place, (_, arguments))| Server::start(place, arguments));
    let servers: Vec<Server> = servers.collect::<Result<_>>()?;
    let mut crews = servers
        .iter()
        .map(|server| (0..clients).map(|number| server.worker(number)).collect())
        .collect::<Result<Vec<Vec<Worker<BufReader<UnixStream>>>>>>()?;
    let mut native = (0..clients).map(native).collect::<Result<Vec<_>>>()?;
    let loads = turns(MODES.len() + 1, options.load_rounds(), |number| match crews.get_mut(number) {
        Some(crew) => load(crew, 0, options.load_lasting()),
        None => load(&mut native, 0, options.load_lasting()),
    })?;
    let labels = MODES.iter().map(|(label, _)| *label).chain(["native, consume"]);
    let rows = labels
        .zip(loads)
        .map(|(label, loads)| Row { label: label.to_owned(), rounds: loads.iter().map(Load::figures).collect() });
    let name = format!("check-and-add in Redis beside consume, {clients} clients, a counter each");
    report.add_figures(Figures { name, columns: Load::COLUMNS, rows: rows.collect() });
    Ok(())
}

fn native(number: u64) -> Result<Worker<Client>> {
    let mut client = Caller::connect()?.client;
    let work = consume::asking(&mut client, consume::NATIVE, person(FIRST + number), LIMITED)?;
    Ok(Worker { client, works: vec![work], steps: 1 })
}

/// A server for this run; it ends with it.
struct Server {
    process: Child,
    folder: PathBuf,
}

impl Server {
    fn start(place: usize, arguments: &[&str]) -> Result<Self> {
        let folder = env::temp_dir().join(format!("model_access_bench.{}.{place}", process::id()));
        fs::create_dir(&folder)?;
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--unixsocket", "redis.sock", "--dir"])
            .arg(&folder)
            .args(arguments)
            .current_dir(&folder)
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self { process, folder };
        for _ in 0..100 {
            if UnixStream::connect(server.socket()).is_ok() {
                return Ok(server);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err("redis-server does not answer".into())
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("redis.sock")
    }

    fn worker(&self, number: u64) -> Result<Worker<BufReader<UnixStream>>> {
        let mut client = BufReader::new(UnixStream::connect(self.socket())?);
        let answer = ask(&mut client, &["SCRIPT", "LOAD", SCRIPT])?;
        let digest = if answer.starts_with('$') { line(&mut client)? } else { return Err(answer.into()) };
        let key = format!("quota:{}", person(FIRST + number));
        let work =
            move |client: &mut BufReader<UnixStream>| match ask(client, &["EVALSHA", &digest, "1", &key, "1", LIMIT])?
                .as_str()
            {
                ":1" => Ok(()),
                other => Err(format!("redis answers {other}").into()),
            };
        Ok(Worker { client, works: vec![Box::new(work)], steps: 1 })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is left to be done when the server is gone already.
        drop(self.process.kill());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// Sends a command in Redis's protocol; the first line of the answer.
fn ask(client: &mut BufReader<UnixStream>, words: &[&str]) -> Result<String> {
    let sent: String = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len())).collect();
    client.get_mut().write_all(format!("*{}\r\n{sent}", words.len()).as_bytes())?;
    line(client)
}

fn line(client: &mut BufReader<UnixStream>) -> Result<String> {
    let mut line = String::new();
    client.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
