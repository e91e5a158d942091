//! Bytes as text: base64 as the server's `encode()` writes it, but without line breaks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The bytes as base64 on one line.
pub fn armoured(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a base64 text, with or without line breaks and blanks; `None` for anything else.
pub fn unarmoured(text: &str) -> Option<Vec<u8>> {
    let characters: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).collect();
    STANDARD.decode(characters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_read_and_never_written() {
        let bytes: Vec<u8> = (0..=255).collect();
        let line = armoured(&bytes);
        assert!(!line.contains(char::is_whitespace));
        let broken: String = line
            .chars()
            .enumerate()
            .flat_map(|(at, c)| (at % 76 == 0).then_some('\n').into_iter().chain([c]))
            .collect();
        assert_eq!(unarmoured(&broken), Some(bytes.clone()));
        assert_eq!(unarmoured(&broken.replace('\n', "\r\n")), Some(bytes));
    }

    #[test]
    fn what_is_no_base64_is_nothing() {
        for text in ["w", "wy4", "wy4=E", "wy4-", "wy4_", "wü==", "wy4E=", "\\xc30d", "wy4E\0"] {
            assert_eq!(unarmoured(text), None, "{text:?}");
        }
        assert_eq!(unarmoured(""), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(unarmoured(&armoured(&bytes)), Some(bytes));
        }
    }
}
