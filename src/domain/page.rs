//! A page of a feed as a server sends it: the list of models, where the rest is, how many there are.

use serde::Deserialize;
use serde_json::value::RawValue;

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

/// The object around a list. What else it has does not matter, and what is of another type is not there.
#[derive(Deserialize)]
struct Envelope {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    links: serde_json::Value,
    #[serde(default)]
    total_count: serde_json::Value,
}

impl Page {
    /// Reads a body: a bare list, or an object with a list under `data`. The error says what is wrong with the text.
    pub fn parse(body: &str) -> Result<Self, String> {
        if body.trim_start().starts_with('[') {
            let elements = serde_json::from_str(body).map_err(|error| error.to_string())?;
            return Ok(Self { elements, next: None, total_count: None });
        }
        let Envelope { data, links, total_count } = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let next = links.get("next").and_then(serde_json::Value::as_str).filter(|next| !next.is_empty());
        Ok(Self { elements: data, next: next.map(str::to_owned), total_count: total_count.as_u64() })
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
            (r#"{"data": {"id": 1}}"#, Err("expected a sequence")),
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
