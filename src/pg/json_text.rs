//! A ready JSON text as result.

use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::{impl_sql_translatable, pg_sys};

/// A `json` value in the server's memory.
pub struct JsonText(*mut pg_sys::text);

impl_sql_translatable!(JsonText, "json");

impl JsonText {
    /// Copies a text that is known to be JSON.
    pub fn copied(json: &str) -> Self {
        // SAFETY: the callee copies `len` bytes. A text beyond its limit of 1 GB could not have been read before.
        Self(unsafe { pg_sys::cstring_to_text_with_len(json.as_ptr().cast(), json.len() as std::ffi::c_int) })
    }
}

// SAFETY: json has the representation of text.
unsafe impl BoxRet for JsonText {
    unsafe fn box_into<'fcx>(self, fcinfo: &mut FcInfo<'fcx>) -> Datum<'fcx> {
        // SAFETY: the text lives in the call's memory context.
        unsafe { fcinfo.return_raw_datum(pg_sys::Datum::from(self.0)) }
    }
}
