//! A ready JSON text as result.

use super::memory;
use pgrx::callconv::{BoxRet, FcInfo};
use pgrx::datum::Datum;
use pgrx::{impl_sql_translatable, pg_sys};

/// A `json` value in the server's memory, as a function returns it.
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
        // SAFETY: the text lives in the call's memory context, or as a kept one at least to the end of the transaction.
        unsafe { fcinfo.return_raw_datum(pg_sys::Datum::from(self.0)) }
    }
}

/// A JSON text that a backend keeps and returns without copying: at half a megabyte a copy costs as much as the rest of
/// the call.
pub struct KeptJson {
    context: pg_sys::MemoryContext,
    text: *mut pg_sys::text,
}

impl KeptJson {
    /// Copies a text that is known to be JSON into memory of its own.
    pub fn of(json: &str) -> Self {
        memory::stays_for_answers_of(json.len());
        // SAFETY: the parent lives as long as the backend, the name is a constant; the text is made in the new context.
        unsafe {
            let context = pg_sys::AllocSetContextCreateInternal(
                pg_sys::CacheMemoryContext,
                c"model_access json".as_ptr(),
                pg_sys::ALLOCSET_SMALL_MINSIZE as usize,
                pg_sys::ALLOCSET_SMALL_INITSIZE as usize,
                pg_sys::ALLOCSET_SMALL_MAXSIZE as usize,
            );
            let before = pg_sys::MemoryContextSwitchTo(context);
            let text = JsonText::copied(json).0;
            pg_sys::MemoryContextSwitchTo(before);
            Self { context, text }
        }
    }

    /// The value, for as many calls as like.
    pub fn value(&self) -> JsonText {
        JsonText(self.text)
    }
}

impl Drop for KeptJson {
    /// A query may still hold the value: the memory goes to the running transaction, which frees it when it ends.
    fn drop(&mut self) {
        // SAFETY: the context is this one's own; without a transaction nothing can hold the value.
        unsafe {
            if pg_sys::TopTransactionContext.is_null() {
                pg_sys::MemoryContextDelete(self.context);
            } else {
                pg_sys::MemoryContextSetParent(self.context, pg_sys::TopTransactionContext);
            }
        }
    }
}
