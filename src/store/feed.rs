//! A feed as it came: its elements found, identified and hashed without copying them.

use crate::pg::jsonb::{Container, Item, Jsonb};
use crate::pg::session;
use model_access_domain::feed::{Model, Rejection, check_id};
use serde_json::{Map, Value};
use xxhash_rust::xxh3::Xxh3;

pub use model_access_domain::page::MAX_ELEMENTS;

/// No feed is a document of this size: the largest real one has 0.7 MB.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The keys that the catalogue stores, by the object that has them. Nothing else of an element is looked at.
const TOP_KEYS: [&str; 8] = [
    "id",
    "canonical_slug",
    "hugging_face_id",
    "name",
    "description",
    "context_length",
    "supported_parameters",
    "pricing",
];
const ARCHITECTURE_KEYS: [&str; 4] = ["modality", "input_modalities", "output_modalities", "tokenizer"];
const PROVIDER_KEYS: [&str; 2] = ["max_completion_tokens", "is_moderated"];
/// Stored where it is a date; whatever else it is, it is no reason to reject the element.
const DATE_KEY: &str = "expiration_date";

/// The list of models in a payload: the payload itself, or its key `data`.
pub fn list(payload: &Jsonb) -> Option<Container<'_>> {
    match payload.top() {
        Item::Array(list) => Some(list),
        Item::Object(object) => match object.get("data")? {
            Item::Array(list) => Some(list),
            _ => None,
        },
        _ => None,
    }
}

/// An element with an id that a catalogue row could have.
pub struct Element<'a> {
    /// Place in the feed, from 0.
    pub index: usize,
    /// `id`
    pub id: &'a str,
    /// Hash of the mapped part.
    pub hash: i64,
    object: Container<'a>,
}

/// What is stored of an element as it came: the bytes of its arrays and its object, or of empty ones.
#[derive(Clone, Copy)]
pub struct Documents<'a> {
    /// `architecture.input_modalities`
    pub input_modalities: &'a [u8],
    /// `architecture.output_modalities`
    pub output_modalities: &'a [u8],
    /// `supported_parameters`
    pub supported_parameters: &'a [u8],
    /// `pricing`
    pub pricing: &'a [u8],
}

/// An element that cannot be stored.
pub struct Rejected {
    /// Place in the feed, from 0.
    pub index: usize,
    /// `id`, where it is usable.
    pub id: Option<String>,
    /// Why.
    pub reason: Rejection,
}

/// Looks at every element once.
pub fn elements(list: Container<'_>) -> (Vec<Element<'_>>, Vec<Rejected>) {
    let mut found = Vec::with_capacity(list.len());
    let mut rejected = Vec::new();
    for (index, item) in list.elements().enumerate() {
        session::check_for_interrupts();
        match identified(item) {
            Ok((id, object)) => found.push(Element { index, id, hash: hash(object), object }),
            Err(reason) => rejected.push(Rejected { index, id: None, reason }),
        }
    }
    (found, rejected)
}

fn identified(item: Item<'_>) -> Result<(&str, Container<'_>), Rejection> {
    let Item::Object(object) = item else {
        return Err(Rejection::NotAnObject);
    };
    match object.get("id") {
        Some(Item::String(id)) => check_id(id).map(|()| (id, object)),
        _ => Err(Rejection::Unusable("id")),
    }
}

impl<'a> Element<'a> {
    /// What is stored as it came, of an element whose model was made.
    pub fn documents(&self) -> Documents<'a> {
        let architecture = match self.object.get("architecture") {
            Some(Item::Object(architecture)) => Some(architecture),
            _ => None,
        };
        let modalities = |key| array_bytes(architecture.and_then(|architecture| architecture.get(key)));
        Documents {
            input_modalities: modalities("input_modalities"),
            output_modalities: modalities("output_modalities"),
            supported_parameters: array_bytes(self.object.get("supported_parameters")),
            pricing: match self.object.get("pricing") {
                Some(Item::Object(pricing)) => pricing.bytes(),
                _ => &Container::EMPTY_OBJECT,
            },
        }
    }

    /// The mapped part, checked.
    pub fn model(&self) -> Result<Model, Rejection> {
        let mut element = Map::new();
        for key in TOP_KEYS.iter().chain(&["created"]) {
            copy(self.object, key, &mut element)?;
        }
        if let Some(Item::String(date)) = self.object.get(DATE_KEY) {
            element.insert(DATE_KEY.to_owned(), Value::from(date));
        }
        for (name, keys) in [("architecture", &ARCHITECTURE_KEYS[..]), ("top_provider", &PROVIDER_KEYS[..])] {
            match self.object.get(name) {
                Some(Item::Object(object)) => {
                    let mut part = Map::new();
                    for key in keys {
                        copy(object, key, &mut part)?;
                    }
                    element.insert(name.to_owned(), Value::Object(part));
                }
                // Of the wrong type, if it is there at all: the domain says so.
                _ => copy(self.object, name, &mut element)?,
            }
        }
        Model::parse(Value::Object(element))
    }
}

fn array_bytes(item: Option<Item<'_>>) -> &[u8] {
    match item {
        Some(Item::Array(array)) => array.bytes(),
        _ => &Container::EMPTY_ARRAY,
    }
}

fn copy(from: Container<'_>, key: &str, to: &mut Map<String, Value>) -> Result<(), Rejection> {
    if let Some(item) = from.get(key) {
        to.insert(key.to_owned(), item.to_value().ok_or(Rejection::TooDeep)?);
    }
    Ok(())
}

fn hash(object: Container<'_>) -> i64 {
    let mut state = Xxh3::new();
    let mut digest = |bytes: &[u8]| state.update(bytes);
    add(object, &TOP_KEYS, &mut digest);
    add(object, &[DATE_KEY], &mut digest);
    for (name, keys) in [("architecture", &ARCHITECTURE_KEYS[..]), ("top_provider", &PROVIDER_KEYS[..])] {
        match object.get(name) {
            Some(Item::Object(part)) => add(part, keys, &mut digest),
            other => other.unwrap_or(Item::Null).digest(&mut digest),
        }
    }
    i64::from_le_bytes(state.digest().to_le_bytes())
}

/// A missing key and a null one are the same to the catalogue.
fn add(object: Container<'_>, keys: &[&str], digest: &mut impl FnMut(&[u8])) {
    for key in keys {
        object.get(key).unwrap_or(Item::Null).digest(digest);
    }
}
