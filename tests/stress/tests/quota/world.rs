//! Who there is, which limits they have, and what all threads share.

use super::book::Book;
use postgres::{Client, Config, Error, NoTls};
use std::collections::HashSet;
use std::env;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// What every limit named `exact` admits in all: a prime, so that no number of slots divides it.
pub const EXACT: u64 = 97;
/// Models under that limit, each with a counter of its own. They come one after the other, so that limits are reached, and
/// counters made, throughout.
pub const ROUNDS: u64 = 8;
/// Users of each group.
pub const USERS: u64 = 6;
/// Reservations of one user that may live at once.
const AT_ONCE: u64 = 4;

/// More failures than these are only counted.
pub const SHOWN: usize = 20;

/// Users who are counted together.
pub struct Group {
    /// Its name in messages.
    pub name: &'static str,
    /// Whether it is an organisation, and into how many rows its counters are split at first.
    pub slots: Option<u16>,
}

/// One row, eight rows, a number of rows that changes, and a pool of users without an organisation.
pub const GROUPS: [Group; 4] = [
    Group { name: "1 slot", slots: Some(1) },
    Group { name: "8 slots", slots: Some(8) },
    Group { name: "changing slots", slots: Some(3) },
    Group { name: "pool", slots: None },
];
/// The place in [`GROUPS`] of the one whose slots change.
pub const CHANGING: usize = 2;

pub fn organization(group: usize) -> String {
    format!("00000000-0000-4000-8002-{group:012}")
}

pub fn user(group: usize, number: u64) -> String {
    format!("00000000-0000-4000-8001-{group:04}{number:08}")
}

/// Arguments of `set_quota_limit()` that say for whom a limit of a group is.
pub fn scope(group: usize) -> String {
    match GROUPS[group].slots {
        Some(_) => {
            format!("p_scope => 'organization', p_subject => '{}', p_per => 'organization'", organization(group))
        }
        None => "p_scope => 'tier', p_subject => 'enterprise', p_per => 'pool'".to_owned(),
    }
}

/// Declares [`Counts`].
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// What happened, counted.
        #[derive(Default)]
        pub struct Counts { $($(#[$doc])* pub $name: AtomicU64,)+ }
    };
}

counts! {
    /// Calls with a definite answer.
    operations,
    /// Calls that a limit refused.
    denials,
    /// Backends that were terminated within a transaction of their client.
    terminated,
    /// Connections that a crash took.
    lost,
    /// Calls that were cancelled.
    cancelled,
    /// `kill -9` of the server.
    crashes,
    /// 40P01 while every transaction was of one call.
    deadlocks,
    /// 40P01 while some were of two calls, which may deadlock, with those of one call too.
    deadlocks_of_pairs,
    /// Transactions of two calls that are made now.
    pairs,
    /// 40001.
    conflicts,
    /// Calls whose first answer was rolled back.
    rolled_back,
    /// Calls that were made again after they were admitted.
    repeated,
    /// Limits that were lowered.
    lowered,
    /// Reservations made.
    reserved,
    /// Reservations that were left to expire.
    abandoned,
    /// Times that invariants were looked at meanwhile.
    watched,
}

pub fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What all threads share.
pub struct World {
    pub seed: u64,
    pub started: Instant,
    /// How long everything happens at random.
    pub duration: Duration,
    /// By when everything must be over.
    pub deadline: Instant,
    /// Whether the random part is over.
    pub over: AtomicBool,
    /// Whether there is no server to go on with.
    pub lost: AtomicBool,
    pub counts: Counts,
    pub book: Mutex<Book>,
    /// Backends that were told to end.
    pub killed: Mutex<HashSet<i32>>,
    /// Numbers of calls that several clients make.
    pub shared: AtomicU64,
    failures: Mutex<Vec<String>>,
}

pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

impl World {
    pub fn new() -> Self {
        let duration = Duration::from_secs(setting("QUOTA_STRESS_SECONDS", 60));
        let started = Instant::now();
        Self {
            seed: setting("QUOTA_STRESS_SEED", 20_260_101).max(1),
            started,
            duration,
            deadline: started + duration + Duration::from_secs(60),
            over: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            counts: Counts::default(),
            book: Mutex::default(),
            killed: Mutex::default(),
            shared: AtomicU64::new(0),
            failures: Mutex::default(),
        }
    }

    /// Notes that a promise was broken. The run goes on, so that one failure does not hide another.
    pub fn fail(&self, what: String) {
        let mut failures = locked(&self.failures);
        if failures.len() < SHOWN {
            eprintln!("[{:6.2}s] {what:.600}", self.started.elapsed().as_secs_f64());
        }
        failures.push(what);
    }

    pub fn failures(&self) -> Vec<String> {
        locked(&self.failures).clone()
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed) || self.is_late()
    }

    pub fn is_late(&self) -> bool {
        self.lost.load(Ordering::Relaxed) || Instant::now() >= self.deadline
    }

    /// Whether transactions of two calls are made now: until the first crash, so that other deadlocks are known to be the
    /// engine's.
    pub fn has_pairs(&self) -> bool {
        self.counts.crashes.load(Ordering::Relaxed) == 0 || self.counts.pairs.load(Ordering::Relaxed) > 0
    }

    /// The model whose limit is being reached.
    pub fn round(&self) -> u64 {
        let share = self.started.elapsed().as_secs_f64() / self.duration.as_secs_f64();
        ((share * ROUNDS as f64) as u64).min(ROUNDS - 1)
    }

    /// A generator of a thread's own.
    pub fn dice(&self, thread: u64) -> model_access_stress::Dice {
        let mut dice = model_access_stress::Dice(self.seed ^ (thread + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (0..8).for_each(|_| _ = dice.roll(2));
        dice
    }
}

/// A connection to the server that crashes.
pub fn connect(user: &str, application: &str) -> Result<Client, Error> {
    let host = env::var("QUOTA_HOST").expect("QUOTA_HOST is set by tests/stress/run");
    Config::new()
        .host(&host)
        .port(5432)
        .user(user)
        .dbname("installed_explicit")
        .application_name(application)
        .connect_timeout(Duration::from_secs(5))
        .connect(NoTls)
}

/// Makes people, models and limits.
pub fn set_up(client: &mut Client) {
    let mut statements = vec![
        "SET client_min_messages = warning".to_owned(),
        format!("SELECT public.sync_openrouter_models(test.feed({ROUNDS}, 'exact') || test.feed(1, 'swing') || test.feed(2, 'tokens'))"),
        "UPDATE public.model_access SET status = 'active', is_free = true, is_pro = true, is_enterprise = true WHERE true".to_owned(),
        "UPDATE public.model_access SET daily_limit = 40 WHERE model_id = 'tokens/m1'".to_owned(),
        format!("SELECT public.set_quota_limit('at once', 'concurrent', NULL, {AT_ONCE})"),
    ];
    for (place, group) in GROUPS.iter().enumerate() {
        let (mut organization_id, mut tier) = ("NULL".to_owned(), "enterprise");
        if let Some(slots) = group.slots {
            organization_id = format!("'{}'", organization(place));
            tier = "free";
            statements.push(format!(
                "INSERT INTO public.organizations (id, name, quota_slots) VALUES ({organization_id}, '{}', {slots})",
                group.name
            ));
        }
        for id in (0..USERS).map(|number| user(place, number)) {
            statements.push(format!("INSERT INTO auth.users (id, email) VALUES ('{id}', '{id}@example.test')"));
            statements.push(format!(
                "INSERT INTO public.profiles (id, email, subscription_tier, organization_id)
                 VALUES ('{id}', '{id}@example.test', '{tier}', {organization_id})"
            ));
        }
        let limit = |name: &str, metric: &str, period: &str, amount: u64, more: &str| {
            format!(
                "SELECT public.set_quota_limit('{name}', '{metric}', '{period}', {amount}, {}, p_model_pattern => '{name}/*'{more})",
                scope(place)
            )
        };
        statements.push(limit("exact", "requests", "lifetime", EXACT, ", p_per_model => true"));
        statements.push(limit("swing", "requests", "lifetime", 20, ""));
        statements.push(limit("tokens", "tokens", "minutely", 200_000, ""));
    }
    for statement in statements {
        client.batch_execute(&statement).unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    }
}
