//! Transactions of random calls by random callers.

use super::tally::Tally;
use model_access_sql_fuzz::functions::{self, Function};
use model_access_sql_fuzz::login;
use model_access_sql_fuzz::transaction::{CALLERS, Caller, begin};
use model_access_sql_fuzz::values::{Known, Sense, call};
use model_access_stress::Dice;
use postgres::error::DbError;
use postgres::{Client, SimpleQueryMessage};
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

/// What rebuilds or takes away the world of the other calls is always rolled back.
const TAKEN_BACK: [&str; 11] = [
    "install",
    "uninstall",
    "cut_over",
    "cut_back",
    "set_old_catalogue_aside",
    "bring_old_catalogue_back",
    "set_aside_allowed_models",
    "make_wrapper",
    "note_table",
    "make_usage_partitions",
    "forget_user",
];
/// They take as long as hundreds of others: one of so many draws of them is made.
const SLOW: [&str; 4] = ["install", "uninstall", "verify", "inventory"];
const SLOW_DRAWS: u64 = 12;
/// Message, DETAIL and HINT together: an error that repeats a megabyte fills the log.
const MAX_ERROR_CHARS: usize = 1500;
/// Tries of a function that has not succeeded when the time is over.
const LAST_TRIES: u32 = 150;

/// What calls need to succeed, and others have taken away: one limit, which admits; an open model; a reservation of it; a
/// call of an agent.
const FRESH: &str = "
SELECT public.remove_quota_limit(l.limit_id) FROM public.quota_limits AS l WHERE l.name <> 'calls' OR l.scope <> 'everyone';
CALL test.limit_calls(1000000);
INSERT INTO public.model_access (model_id, model_name, status, is_free) VALUES ('acme/m1', 'One', 'active', true)
    ON CONFLICT (model_id) DO UPDATE SET status = 'active', is_free = true, daily_limit = NULL, monthly_limit = NULL;
SELECT public.start_agent_execution('00000000-0000-4000-8000-0000000000c1', 'droid', NULL) FROM public.chat_messages LIMIT 1;
SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 1, 1, NULL, '1 hour')";

pub struct Fuzzer {
    dice: Dice,
    functions: Vec<Function>,
    known: Known,
    owner: Client,
    clients: BTreeMap<&'static str, Client>,
    pub tally: Tally,
    transactions: u64,
}

fn text(client: &mut Client, query: &str) -> Vec<String> {
    client.query(query, &[]).expect(query).into_iter().map(|row| row.get(0)).collect()
}

fn superuser() -> Client {
    login("fuzz_calls", "supabase_admin")
}

fn is_taken_back(function: &Function) -> bool {
    TAKEN_BACK.contains(&function.name.as_str())
}

impl Fuzzer {
    pub fn new(seed: u64) -> Self {
        let mut owner = superuser();
        let functions = functions::all(&mut owner);
        let tally = Tally::new(&functions);
        let names = functions.iter().filter(|function| function.schema == "public");
        let known = Known { functions: names.map(|function| function.name.clone()).collect(), ..Known::default() };
        Self { dice: Dice(seed), functions, known, owner, clients: BTreeMap::new(), tally, transactions: 0 }
    }

    /// Transactions at random as long as the time goes; then what has not succeeded yet, by those who may and with
    /// arguments that could be meant.
    pub fn run(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            let caller = self.one_of(&CALLERS);
            let mut functions: Vec<Function> = (0..=self.dice.roll(4)).map(|_| self.draw()).collect();
            // What takes the world of the others away comes last.
            functions.sort_by_key(is_taken_back);
            functions.truncate(1 + functions.iter().position(is_taken_back).unwrap_or(functions.len()));
            self.transaction(caller, &functions, Sense::Chance);
        }
        for function in self.functions.clone() {
            for attempt in 0..LAST_TRIES {
                if !self.tally.has_to_succeed(&function) {
                    break;
                }
                let caller = &CALLERS[attempt as usize % 3];
                self.transaction(caller, std::slice::from_ref(&function), Sense::All);
            }
        }
    }

    fn one_of<T>(&mut self, of: &'static [T]) -> &'static T {
        &of[usize::try_from(self.dice.roll(of.len() as u64)).unwrap_or(0)]
    }

    fn draw(&mut self) -> Function {
        loop {
            let place = usize::try_from(self.dice.roll(self.functions.len() as u64)).unwrap_or(0);
            let function = &self.functions[place];
            if !SLOW.contains(&function.name.as_str()) || self.dice.roll(SLOW_DRAWS) == 0 {
                return self.functions[place].clone();
            }
        }
    }

    /// What exists by now.
    fn look_around(&mut self) {
        if self.transactions.is_multiple_of(100) {
            self.owner.batch_execute(FRESH).expect("a world that admits calls");
        }
        self.known.reservations = text(
            &mut self.owner,
            "SELECT reservation_id::text FROM public.quota_reservations ORDER BY expires_at DESC, 1 LIMIT 20",
        );
        self.known.usages =
            text(&mut self.owner, "SELECT id::text FROM public.ai_usage ORDER BY occurred_at DESC, 1 LIMIT 20");
        self.known.executions =
            text(&mut self.owner, "SELECT id::text FROM public.agent_executions ORDER BY created_at DESC, 1 LIMIT 20");
        self.known.limits =
            text(&mut self.owner, "SELECT limit_id::text FROM public.quota_limits ORDER BY limit_id DESC LIMIT 20");
    }

    fn transaction(&mut self, caller: &'static Caller, functions: &[Function], sense: Sense) {
        if self.transactions.is_multiple_of(20) {
            self.look_around();
        }
        self.transactions += 1;
        let statements = begin(&mut self.dice, caller);
        let savepoints = self.dice.roll(2) == 0;
        let commit = self.dice.roll(3) > 0 && !functions.iter().any(is_taken_back);
        self.clients.entry(caller.login).or_insert_with(|| login("fuzz_calls", caller.login));
        if let Err(error) = self.query(caller, &statements) {
            self.tally.fail("BEGIN", caller.name, format!("{error:?} of {statements}"));
            return self.lost();
        }
        let mut story = format!("{}: {statements}", caller.name);
        let mut fine = true;
        for function in functions {
            let statement = call(&mut self.dice, &self.known, function, sense);
            if savepoints {
                let _ = self.query(caller, "SAVEPOINT s");
            }
            story.push_str("; ");
            story.push_str(&statement);
            match self.query(caller, &statement) {
                Ok(_) => self.tally.succeeded(function),
                Err(error) => {
                    let Some(error) =
                        error.as_db_error().filter(|error| !error.code().code().starts_with("57P")).cloned()
                    else {
                        self.tally.fail(&function.path(), "the connection was lost", format!("{error:?} of {story}"));
                        return self.lost();
                    };
                    self.judge(caller, function, &error, &story);
                    fine = savepoints && self.query(caller, "ROLLBACK TO s").is_ok();
                    if !fine {
                        break;
                    }
                    self.is_still(caller, caller.role.unwrap_or(caller.login), &story);
                }
            }
        }
        let end = if commit && fine { "COMMIT" } else { "ROLLBACK" };
        if let Err(error) = self.query(caller, end) {
            match error.as_db_error().cloned() {
                Some(error) if error.code().code() == "40001" => {}
                Some(error) => self.tally.fail(end, error.code().code(), format!("{error:?} of {story}")),
                None => {
                    self.tally.fail(end, "the connection was lost", story);
                    return self.lost();
                }
            }
            let _ = self.query(caller, "ROLLBACK");
        }
        self.is_still(caller, caller.login, &story);
    }

    fn query(&mut self, caller: &Caller, statements: &str) -> Result<Vec<SimpleQueryMessage>, postgres::Error> {
        self.clients.get_mut(caller.login).expect("connected").simple_query(statements)
    }

    fn judge(&mut self, caller: &Caller, function: &Function, error: &DbError, story: &str) {
        let parts = [Some(error.message()), error.detail(), error.hint()];
        let length: usize = parts.into_iter().flatten().map(|part| part.chars().count()).sum();
        let shown = |text: &str| text.chars().take(200).collect::<String>();
        let told = format!("{} / {} of {story}", shown(error.message()), shown(error.detail().unwrap_or_default()));
        self.tally.failed(caller, function, error.code().code(), &told);
        if length > MAX_ERROR_CHARS {
            self.tally.fail(&function.path(), "an endless error", format!("{length} characters: {told}"));
        }
    }

    /// Whoever a function acted as, the caller is himself again.
    fn is_still(&mut self, caller: &'static Caller, role: &str, story: &str) {
        let Ok(messages) = self.query(caller, "SELECT current_user") else { return };
        let current = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        if current != Some(role) {
            self.tally.fail(caller.name, "another role", format!("{current:?} instead of {role} after {story}"));
        }
    }

    /// After a crash all connections are gone; new ones are made as soon as there is a server again.
    fn lost(&mut self) {
        thread::sleep(Duration::from_secs(1));
        self.clients.clear();
        self.owner = superuser();
    }
}
