//! What callers of the quota functions pass.

use super::caller;
use crate::error::Error;
use crate::pg::jsonb::{Item, Jsonb};
use crate::store::installation::Installation;
use crate::store::quota::TABLES;
use crate::store::quota::admission::Request;
use crate::store::quota::callers::Wish;
use crate::store::quota::costs::Used;
use crate::store::quota::requests::{Keyed, fingerprint};
use model_access_domain::charge::ProviderCost;
use model_access_domain::decision::{Decision, Demand, Reason};
use model_access_domain::usage::Usage;
use pgrx::Uuid;
use pgrx::datum::Interval;
use serde_json::{Value, json};

/// No model id is longer: the catalogue's column has 100 characters. A longer text is no model.
const MAX_MODEL_CHARS: usize = 200;
/// A key is a uuid or a request's id; the row that keeps it is indexed by it.
const MAX_KEY_BYTES: usize = 255;
/// A larger batch holds its locks for long.
const MAX_ITEMS: usize = 1000;
/// Deeper usage objects are refused: providers nest two levels.
const MAX_DEPTH: usize = 16;
/// Larger usage objects are refused: real ones have 1 kB.
const MAX_USAGE_BYTES: usize = 64 << 10;
/// The shortest and the longest life of a reservation: a second and a day, in microseconds.
const TTL: std::ops::RangeInclusive<i128> = 1_000_000..=86_400_000_000;

/// One call.
pub struct Ask {
    /// The user.
    pub user: Uuid,
    /// The model.
    pub model: String,
    /// How much: tokens in all, perhaps by sides, and calls.
    pub usage: Usage,
    /// How a retry is known.
    pub key: Option<String>,
}

impl Ask {
    /// What admission is asked.
    fn wish(&self) -> Wish {
        Wish {
            user: uuid::Uuid::from_bytes(*self.user.as_bytes()),
            model: self.model.clone(),
            demand: Demand {
                requests: self.usage.requests.into(),
                tokens: self.usage.total_tokens.into(),
                cost_usd: None,
            },
        }
    }

    /// The call with its key; `more` are arguments that belong to it beside those of every call.
    pub fn request(&self, operation: &'static str, more: Value) -> Request {
        let wish = self.wish();
        let keyed = |key: &String| {
            let arguments = json!([self.model, self.usage.total_tokens, self.usage.requests, more]);
            Keyed { user: wish.user, key: key.clone(), operation, fingerprint: fingerprint(&arguments) }
        };
        Request { keyed: self.key.as_ref().map(keyed), usage: self.usage, wish }
    }
}

/// The installation, for a caller who may act for users; 42501 for others.
pub fn privileged() -> Result<Installation, Error> {
    let installation = Installation::with(&TABLES)?;
    caller::require_privileged(&installation)?;
    Ok(installation)
}

/// A model's id. One that is longer than any is cut: it is unknown either way.
pub fn model(id: Option<&str>) -> Result<String, Error> {
    let id = id.ok_or(Error::NoArgument("p_model_id"))?;
    let end = id.char_indices().nth(MAX_MODEL_CHARS).map_or(id.len(), |(at, _)| at);
    Ok(id.get(..end).unwrap_or_default().to_owned())
}

/// A model of which usage is stored, whether the catalogue knows it or not.
pub fn used_model(id: Option<&str>) -> Result<String, Error> {
    let id = id.ok_or(Error::NoArgument("p_model_id"))?;
    let length = id.chars().count();
    if length == 0 || length > MAX_MODEL_CHARS {
        return Err(Error::BadArgument("p_model_id", format!("{length} characters long"), "Pass 1 to 200 characters."));
    }
    Ok(id.to_owned())
}

/// A number of tokens.
pub fn tokens(name: &'static str, count: Option<i64>) -> Result<i64, Error> {
    let count = count.ok_or(Error::NoArgument(name))?;
    if count < 0 {
        return Err(Error::BadArgument(name, count.to_string(), "Pass 0 or more tokens."));
    }
    Ok(count)
}

/// A number of calls.
pub fn requests(count: Option<i32>) -> Result<i32, Error> {
    let count = count.ok_or(Error::NoArgument("p_requests"))?;
    if count < 0 {
        return Err(Error::BadArgument("p_requests", count.to_string(), "Pass 0 or more requests."));
    }
    Ok(count)
}

/// An idempotency key.
pub fn key(key: Option<&str>) -> Result<Option<String>, Error> {
    match key {
        Some(key) if key.is_empty() || key.len() > MAX_KEY_BYTES => {
            let got = format!("{} bytes long", key.len());
            Err(Error::BadArgument("p_idempotency_key", got, "Pass 1 to 255 bytes, or NULL for none."))
        }
        key => Ok(key.map(str::to_owned)),
    }
}

/// How long a reservation is to live, in microseconds.
pub fn ttl(ttl: Option<Interval>) -> Result<i64, Error> {
    let micros = ttl.ok_or(Error::NoArgument("p_ttl"))?.as_micros();
    match i64::try_from(micros) {
        Ok(ttl) if TTL.contains(&micros) => Ok(ttl),
        _ => {
            let got = format!("{} s", micros / 1_000_000);
            Err(Error::BadArgument("p_ttl", got, "Pass 1 second to 24 hours."))
        }
    }
}

/// A number of tokens of which nobody knows how many are prompt.
pub fn bare(tokens: i64, requests: i32) -> Usage {
    Usage { total_tokens: tokens, requests, ..Usage::default() }
}

/// A provider's usage object, and its hash.
pub fn usage(object: Option<Jsonb>) -> Result<(Used, i64), Error> {
    let object = object.ok_or(Error::BadArgument("p_usage", "NULL".to_owned(), "Pass the provider's usage object."))?;
    if object.bytes() > MAX_USAGE_BYTES {
        return Err(Error::TooLarge(object.bytes(), MAX_USAGE_BYTES));
    }
    let value = object.top().to_exact_value(MAX_DEPTH).ok_or(Error::TooDeep(MAX_DEPTH))?;
    let usage = Usage::of_json(&value).map_err(Error::BadUsage)?;
    let provider = ProviderCost::of_json(&value).map_err(Error::BadUsage)?;
    Ok((Used { usage, provider }, fingerprint(&value)))
}

/// The one decision on one call.
pub fn only(decisions: Vec<Decision>) -> Decision {
    decisions.into_iter().next().unwrap_or(Decision::refused(Reason::ModelNotFound))
}

/// The items of a batch.
pub fn batch(items: &Jsonb) -> Result<Vec<Ask>, Error> {
    let Item::Array(array) = items.top() else {
        return Err(Error::BadArgument("p_items", "no JSON array".to_owned(), "Pass an array of objects."));
    };
    if array.len() > MAX_ITEMS {
        return Err(Error::TooManyItems(array.len(), MAX_ITEMS));
    }
    (0..array.len()).map(|place| item(array.element(place)).map_err(|why| Error::BadItem(place, why))).collect()
}

/// One item of a batch; why it makes no sense.
fn item(item: Option<Item<'_>>) -> Result<Ask, String> {
    let value = item.and_then(|item| item.to_exact_value(MAX_DEPTH)).unwrap_or_default();
    let object = value.as_object().ok_or("It is no object.")?;
    const KEYS: [&str; 5] = ["user_uuid", "model_id", "tokens", "requests", "idempotency_key"];
    if let Some(unknown) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("It has a key \"{unknown}\"."));
    }
    let given = |key: &str| object.get(key).filter(|value| !value.is_null());
    let text = |key: &str| given(key).map(|value| value.as_str().ok_or(format!("Its {key} is no string."))).transpose();
    let whole =
        |key: &str| given(key).map(|value| value.as_i64().ok_or(format!("Its {key} is no whole number."))).transpose();
    let user = text("user_uuid")?.ok_or("It has no user_uuid.")?;
    let user = uuid::Uuid::parse_str(user).map_err(|_| "Its user_uuid is no uuid.".to_owned())?;
    let id = text("model_id")?.ok_or("It has no model_id.")?;
    let tokens = whole("tokens")?.ok_or("It has no tokens.")?;
    let requests =
        i32::try_from(whole("requests")?.unwrap_or(1)).map_err(|_| "Its requests are too many.".to_owned())?;
    if tokens < 0 || requests < 0 {
        return Err("Its tokens or requests are negative.".to_owned());
    }
    let key = key(text("idempotency_key")?).map_err(|_| "Its idempotency_key is empty or longer than 255 bytes.")?;
    Ok(Ask {
        user: Uuid::from_bytes(user.into_bytes()),
        model: model(Some(id)).unwrap_or_default(),
        usage: bare(tokens, requests),
        key,
    })
}
