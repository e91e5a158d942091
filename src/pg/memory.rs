//! Memory of the server: what does not wait for the end of the call, and what comes back with each.

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

/// A backend may hold so much more than it uses.
const MOST_HELD: usize = 16 << 20;

/// Lets the memory of an answer of about so many bytes stay in the backend from one call to the next.
///
/// glibc returns what is free at the end of its heap to the kernel as soon as that is more than a threshold, 128 kB at first. So an
/// answer of half a megabyte could have fresh pages at every call, which the kernel clears, and that took longer than all else that the call
/// did. The threshold becomes twice the largest block that was freed, so one such block is enough (`mallopt(3)`, `M_MMAP_THRESHOLD`).
/// Other allocators may do with it what they like.
pub fn stays_for_answers_of(bytes: usize) {
    // Rows are rounded up to powers of two, the server's blocks and buffers double: an answer takes up to eight times its bytes.
    let block = bytes.saturating_mul(4).min(MOST_HELD / 2);
    // Never written, so it takes no memory. The compiler must not see that nobody uses it.
    drop(std::hint::black_box(Vec::<u8>::with_capacity(block)));
}
