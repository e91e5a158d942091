//! Memory of the server that does not wait for the end of the call.

use pgrx::pg_sys;

/// Runs `work` with memory of its own, which is given back when it returns: for each part of a long piece of work. The result
/// is Rust's alone; nothing that the server allocated inside is left.
pub fn given_back<R: 'static>(work: impl FnOnce() -> R) -> R {
    // SAFETY: the context is a child of the current one, so an error inside, which skips the end, frees it with that one.
    let (before, context) = unsafe {
        let context = pg_sys::AllocSetContextCreateInternal(
            pg_sys::CurrentMemoryContext,
            c"model_access part".as_ptr(),
            pg_sys::ALLOCSET_DEFAULT_MINSIZE as usize,
            pg_sys::ALLOCSET_DEFAULT_INITSIZE as usize,
            pg_sys::ALLOCSET_DEFAULT_MAXSIZE as usize,
        );
        (pg_sys::MemoryContextSwitchTo(context), context)
    };
    let result = work();
    // SAFETY: the context was made above and is current no longer when it is deleted.
    unsafe {
        pg_sys::MemoryContextSwitchTo(before);
        pg_sys::MemoryContextDelete(context);
    }
    result
}
