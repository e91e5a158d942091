//! A page of a feed as a server sends it: the list of models, where the rest is, how many there are.

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// A page. Its elements are as they came: nobody but the sync looks into them.
#[derive(Debug)]
pub struct Page {
    /// The models.
    pub elements: Vec<Box<RawValue>>,
    /// Where the next page is.
    pub next: Option<String>,
    /// How many models all pages have.
    pub total_count: Option<u64>,
}

/// More models than this are no catalogue: OpenRouter lists about 500.
pub const MAX_ELEMENTS: usize = 50_000;

/// A list of models that stops being read where it is too long to be one.
struct Models(Vec<Box<RawValue>>);

impl<'de> Deserialize<'de> for Models {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Models;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("a list of models")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Models, A::Error> {
                let mut models = Vec::new();
                while let Some(model) = list.next_element()? {
                    if models.len() == MAX_ELEMENTS {
                        return Err(A::Error::custom(format!("more than {MAX_ELEMENTS} models")));
                    }
                    models.push(model);
                }
                Ok(Models(models))
            }
        }
        from.deserialize_seq(Reader)
    }
}

/// The object around a list. What else it has is not kept.
#[derive(Deserialize)]
struct Envelope<'a> {
    data: Models,
    #[serde(borrow, default)]
    links: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_count: Option<&'a RawValue>,
}

/// What of `links` is read.
#[derive(Deserialize)]
struct Links {
    next: Option<String>,
}

impl Page {
    /// Reads a body: a bare list, or an object with a list under `data`. The error says what is wrong with the text.
    pub fn parse(body: &str) -> Result<Self, String> {
        if body.trim_start().starts_with('[') {
            let Models(elements) = serde_json::from_str(body).map_err(|error| error.to_string())?;
            return Ok(Self { elements, next: None, total_count: None });
        }
        let Envelope { data: Models(elements), links, total_count } =
            serde_json::from_str(body).map_err(|error| error.to_string())?;
        // What is of another type is not there.
        let next = links.and_then(|links| serde_json::from_str::<Links>(links.get()).ok()).and_then(|links| links.next);
        let total_count = total_count.and_then(|count| serde_json::from_str(count.get()).ok());
        Ok(Self { elements, next: next.filter(|next| !next.is_empty()), total_count })
    }
}

/// The elements of all pages as one list.
pub fn joined(elements: &[Box<RawValue>]) -> String {
    let texts: Vec<&str> = elements.iter().map(|element| element.get()).collect();
    format!("[{}]", texts.join(","))
}

/// So many characters of an answer that is none are told.
const MAX_EXCERPT_CHARS: usize = 200;

/// The beginning of what a server said, fit for a log: one line, no control characters, nothing that turns a line around.
pub fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(16 * MAX_EXCERPT_CHARS)).unwrap_or_default());
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control() || is_format(letter));
    let line: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line = line.join(" ");
    match line.char_indices().nth(MAX_EXCERPT_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Characters that are not seen and change how others look: marks of direction, joiners, tags.
fn is_format(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_found_bare_and_in_an_object() {
        let cases = [
            (r#" [{"id": "a"}, 1]"#, Ok((2, None, None))),
            (r#"{"data": []}"#, Ok((0, None, None))),
            (r#"{"data": [1], "total_count": 421, "links": {"next": "/p2"}}"#, Ok((1, Some("/p2"), Some(421)))),
            (r#"{"data": [1], "total_count": "many", "links": {"next": null}, "else": [[]]}"#, Ok((1, None, None))),
            (r#"{"data": [1], "links": [], "total_count": -1}"#, Ok((1, None, None))),
            (r#"{"models": [1]}"#, Err("missing field `data`")),
            (r#"{"data": {"id": 1}}"#, Err("expected a list of models")),
            (r#"[{"id": "a"}"#, Err("EOF")),
            ("<html>", Err("expected value")),
            ("", Err("EOF")),
        ];
        for (body, expected) in cases {
            match (Page::parse(body), expected) {
                (Ok(page), Ok((elements, next, total))) => {
                    assert_eq!(
                        (page.elements.len(), page.next.as_deref(), page.total_count),
                        (elements, next, total),
                        "{body}"
                    );
                }
                (Err(found), Err(part)) => assert!(found.contains(part), "{body}: {found}"),
                (found, _) => unreachable!("{body}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_list_that_is_too_long_is_not_read_to_its_end() {
        let list = |models: usize| format!("{{\"data\": [{}]}}", vec!["0"; models].join(","));
        assert_eq!(Page::parse(&list(MAX_ELEMENTS)).map(|page| page.elements.len()), Ok(MAX_ELEMENTS));
        let endless = list(MAX_ELEMENTS + 1).replace("]}", ", and no JSON");
        assert!(Page::parse(&endless).is_err_and(|why| why.contains("more than 50000 models")));
    }

    #[test]
    fn elements_stay_as_they_came() {
        let body = r#"[{"price": 0.10000000000000000000001, "name": "\u00e9"}, "x"]"#;
        let page = Page::parse(body).unwrap();
        assert_eq!(joined(&page.elements), body.replace(", \"x\"", ",\"x\""));
        assert_eq!(joined(&[]), "[]");
    }

    #[test]
    fn excerpts_are_one_short_harmless_line() {
        assert_eq!(excerpt(b"  <h1>\r\n\x1b[31mNo\x00 \xff</h1>\n"), "<h1> [31mNo \u{fffd}</h1>");
        assert_eq!(excerpt("a\u{202e}b\u{200b}c\u{feff}".as_bytes()), "a b c");
        assert_eq!(excerpt("é".repeat(5000).as_bytes()).chars().count(), MAX_EXCERPT_CHARS + 1);
        assert_eq!(excerpt(b""), "");
    }
}
