//! SQL files, split by the server's own parser.

use super::report::Report;
use pgrx::pg_sys;
use std::ffi::CString;

/// The statements of a file, in order.
pub fn statements(file: &str) -> Result<Vec<&str>, Report> {
    let text = CString::new(file).map_err(|_| Report::new(b"22021", "a NUL byte in an SQL file"))?;
    // SAFETY: the text is NUL-terminated and outlives the parse; the list is in the current memory context. A
    // statement's location and length are byte offsets into the text; length 0 means "to the end".
    let places: Vec<(usize, usize)> = unsafe {
        let list = pg_sys::pg_parse_query(text.as_ptr());
        let count = if list.is_null() { 0 } else { usize::try_from((*list).length).unwrap_or_default() };
        (0..count)
            .map(|index| {
                let raw = (*(*list).elements.add(index)).ptr_value.cast::<pg_sys::RawStmt>();
                let start = usize::try_from((*raw).stmt_location).unwrap_or_default();
                let length = usize::try_from((*raw).stmt_len).unwrap_or_default();
                (start, if length == 0 { file.len() } else { start + length })
            })
            .collect()
    };
    Ok(places.into_iter().filter_map(|(start, end)| file.get(start..end)).collect())
}
