//! Calls with keys, which may be made again until their answer is definite, and the book of those that were answered.

use model_access_stress::Dice;
use postgres::{Client, Error};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

const PEOPLE: [&str; 4] = ["A", "B", "P", "T"];

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Consume,
    Record,
    Settle,
    Batch,
}

/// One call, or a batch of them, of which the ledger has a row each.
#[derive(Clone, Debug)]
pub struct Call {
    pub key: String,
    kind: Kind,
    person: &'static str,
    model: u64,
    tokens: u64,
    items: u64,
}

impl Call {
    pub fn new(dice: &mut Dice, key: String, kind: Kind) -> Self {
        let items = if kind == Kind::Batch { 2 + dice.roll(30) } else { 1 };
        let person = PEOPLE[dice.roll(PEOPLE.len() as u64) as usize];
        Self { key, kind, person, model: 1 + dice.roll(5), tokens: 10 + dice.roll(1000), items }
    }

    pub fn random(dice: &mut Dice, key: String) -> Self {
        let kind = [Kind::Consume, Kind::Record, Kind::Settle, Kind::Batch][dice.roll(4) as usize];
        Self::new(dice, key, kind)
    }

    /// Makes it. Made again, it is the same call. `Err(None)` when it was refused, which never is right here.
    pub fn make(&self, client: &mut Client) -> Result<(), Option<Error>> {
        let Self { key, person, model, tokens, .. } = self;
        let user = format!("test.id('{person}')");
        let admitted = match self.kind {
            Kind::Consume => {
                let call = format!("public.consume_model_quota({user}, 'acme/m{model}', {tokens}, 1, '{key}')");
                client.query_one(&format!("SELECT d.allowed FROM {call} AS d"), &[])?.get(0)
            }
            Kind::Record => {
                let call = format!(
                    "public.record_model_usage({user}, 'acme/m{model}', '{{\"total_tokens\": {tokens}}}', '{key}')"
                );
                client.query_one(&format!("SELECT d.tokens = {tokens} FROM {call} AS d"), &[])?.get(0)
            }
            Kind::Settle => {
                let reservation = self.reserve(client)?.ok_or(None)?;
                self.settle(client, &reservation)?
            }
            Kind::Batch => client.query_one(&self.batch(), &[])?.get(0),
        };
        if admitted { Ok(()) } else { Err(None) }
    }

    pub fn reserve(&self, client: &mut Client) -> Result<Option<String>, Error> {
        let Self { key, person, model, tokens, .. } = self;
        let call = format!(
            "public.reserve_model_quota(test.id('{person}'), 'acme/m{model}', {tokens}, 10, '{key}', '20 hours')"
        );
        Ok(client.query_one(&format!("SELECT d.reservation_id::text FROM {call} AS d"), &[])?.get(0))
    }

    /// The statement that settles a reservation of this call: whether the receipt is right.
    pub fn settlement(&self, reservation: &str) -> String {
        let tokens = self.tokens;
        let usage = format!("{{\"prompt_tokens\": {}, \"completion_tokens\": {}}}", tokens - tokens / 3, tokens / 3);
        format!("SELECT d.tokens = {tokens} FROM public.settle_model_quota('{reservation}', '{usage}') AS d")
    }

    fn settle(&self, client: &mut Client, reservation: &str) -> Result<bool, Error> {
        Ok(client.query_one(&self.settlement(reservation), &[])?.get(0))
    }

    fn batch(&self) -> String {
        let Self { key, person, tokens, items, .. } = self;
        format!(
            "SELECT bool_and((d ->> 'allowed')::boolean) AND count(*) = {items} FROM jsonb_array_elements(
                 public.consume_model_quota_batch((SELECT jsonb_agg(jsonb_build_object('user_uuid', test.id('{person}'),
                     'model_id', 'acme/m' || 1 + n % 5, 'tokens', {tokens}, 'requests', 1, 'idempotency_key', '{key}-' || n))
                   FROM generate_series(1, {items}) AS n))) AS d"
        )
    }

    fn rows(&self) -> impl Iterator<Item = (String, u64)> {
        let key = |n: u64| if self.kind == Kind::Batch { format!("{}-{n}", self.key) } else { self.key.clone() };
        (1..=self.items).map(move |n| (key(n), self.tokens))
    }
}

/// What was acknowledged, and what nobody knows yet.
#[derive(Default)]
pub struct Book {
    answered: Mutex<BTreeMap<String, u64>>,
    open: Mutex<Vec<Call>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Book {
    pub fn answered(&self, call: &Call) {
        locked(&self.answered).extend(call.rows());
    }

    /// Its answer was lost, or an error.
    pub fn leave_open(&self, call: Call) {
        locked(&self.open).push(call);
    }

    pub fn len(&self) -> usize {
        locked(&self.answered).len()
    }

    /// How the ledger differs from what was acknowledged. Calls without an answer may have rows, or none.
    pub fn differences(&self, client: &mut Client) -> Vec<String> {
        let query = "SELECT u.idempotency_key, u.tokens_used FROM public.ai_usage AS u
                      WHERE u.idempotency_key IS NOT NULL AND u.corrects_id IS NULL";
        let rows = client.query(query, &[]).unwrap_or_else(|error| panic!("{query}: {error:?}"));
        let ledger: BTreeMap<String, u64> =
            rows.iter().map(|row| (row.get(0), u64::try_from(row.get::<_, i64>(1)).unwrap_or(u64::MAX))).collect();
        let (answered, open) = (locked(&self.answered), locked(&self.open));
        let unknown: BTreeMap<String, u64> = open.iter().flat_map(Call::rows).collect();
        let lost = answered.iter().filter(|(key, tokens)| ledger.get(*key) != Some(tokens));
        let invented =
            ledger.iter().filter(|(key, tokens)| answered.get(*key).or_else(|| unknown.get(*key)) != Some(tokens));
        lost.map(|(key, tokens)| format!("{key}: acknowledged {tokens}, the ledger has {:?}", ledger.get(key)))
            .chain(invented.map(|(key, tokens)| format!("{key}: {tokens} in the ledger that nobody was told of")))
            .collect()
    }

    /// Makes every open call again; returns how many there were and what went wrong.
    pub fn close(&self, client: &mut Client) -> (usize, Vec<String>) {
        let open = std::mem::take(&mut *locked(&self.open));
        // Nothing befalls the server any more.
        client.batch_execute("SET synchronous_commit = off").expect("a setting");
        let count = open.len();
        let mut wrongs = Vec::new();
        for call in open {
            match call.make(client) {
                Ok(()) => self.answered(&call),
                Err(error) => wrongs.push(format!("made again: {call:?}: {error:?}")),
            }
        }
        (count, wrongs)
    }
}
