//! Calls as SQL, and their answers.

use super::world::{GROUPS, user};
use postgres::SimpleQueryRow;

/// Of which columns an answer is read.
const COLUMNS: [&str; 8] =
    ["allowed", "reason", "limit_name", "limit_amount", "used", "held", "requested", "reservation_id"];

/// A call of a user, with its key.
#[derive(Clone)]
pub struct Call {
    pub group: usize,
    pub user: String,
    pub model: String,
    pub requests: u64,
    pub tokens: u64,
    pub key: String,
}

impl Call {
    pub fn new(group: usize, number: u64, model: String, requests: u64, tokens: u64, key: String) -> Self {
        Self { group, user: user(group, number), model, requests, tokens, key }
    }

    pub fn consume(&self) -> String {
        let Self { user, model, tokens, requests, key, .. } = self;
        format!(
            "{} FROM public.consume_model_quota('{user}', '{model}', {tokens}, {requests}, '{key}') AS d",
            columns()
        )
    }

    /// Reserves half of the tokens for the prompt.
    pub fn reserve(&self, ttl_ms: u64) -> String {
        let Self { user, model, tokens, key, .. } = self;
        let (prompt, answer) = (tokens / 2, tokens - tokens / 2);
        format!(
            "{} FROM public.reserve_model_quota('{user}', '{model}', {prompt}, {answer}, '{key}', '{ttl_ms} ms') AS d",
            columns()
        )
    }

    pub fn record(&self) -> String {
        let Self { user, model, tokens, requests, key, .. } = self;
        format!(
            "SELECT r.tokens FROM public.record_model_usage('{user}', '{model}',
             '{{\"total_tokens\": {tokens}, \"requests\": {requests}}}', '{key}') AS r"
        )
    }

    fn item(&self) -> String {
        let Self { user, model, tokens, requests, key, .. } = self;
        format!(
            "{{\"user_uuid\": \"{user}\", \"model_id\": \"{model}\", \"tokens\": {tokens}, \"requests\": {requests}, \"idempotency_key\": \"{key}\"}}"
        )
    }
}

fn columns() -> String {
    let columns = COLUMNS.map(|name| format!("d.{name}"));
    format!("SELECT {}", columns.join(", "))
}

pub fn batch(calls: &[Call]) -> String {
    let items: Vec<String> = calls.iter().map(Call::item).collect();
    let columns = COLUMNS.map(|name| format!("(d.answer ->> '{name}') AS {name}"));
    format!(
        "SELECT {} FROM jsonb_array_elements(public.consume_model_quota_batch('[{}]')) WITH ORDINALITY AS d (answer, place)
          ORDER BY d.place",
        columns.join(", "),
        items.join(", ")
    )
}

/// What is read of an answer.
#[derive(Debug, PartialEq)]
pub struct Decision {
    pub allowed: bool,
    pub reason: String,
    pub limit_name: String,
    pub limit_amount: Option<f64>,
    pub used: f64,
    pub held: f64,
    pub requested: f64,
    pub reservation: Option<String>,
}

impl Decision {
    pub fn of(row: &SimpleQueryRow) -> Self {
        let text = |name: &str| row.get(name).unwrap_or_default().to_owned();
        let number = |name: &str| row.get(name).and_then(|text| text.parse().ok());
        Self {
            allowed: ["t", "true"].contains(&row.get("allowed").unwrap_or_default()),
            reason: text("reason"),
            limit_name: text("limit_name"),
            limit_amount: number("limit_amount"),
            used: number("used").unwrap_or_default(),
            held: number("held").unwrap_or_default(),
            requested: number("requested").unwrap_or_default(),
            reservation: row.get("reservation_id").map(str::to_owned),
        }
    }

    /// What is wrong with an answer that was given in this moment: it admits above the limit that it names, or refuses below it.
    pub fn nonsense(&self, group: usize) -> Option<String> {
        let taken = self.used + self.held;
        // Who is admitted by one slot knows of the others what they were.
        let whole = GROUPS[group].slots.is_none_or(|slots| slots == 1) || self.limit_name == "at once";
        match (self.allowed, self.limit_amount) {
            (true, Some(amount)) if whole && taken > amount => Some(format!("admitted above its limit: {self:?}")),
            (false, _) if self.reason != "quota_exceeded" => Some(format!("refused without a limit: {self:?}")),
            (false, Some(amount)) if taken + self.requested <= amount => {
                Some(format!("refused below its limit: {self:?}"))
            }
            _ => None,
        }
    }
}
