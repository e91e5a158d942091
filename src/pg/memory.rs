//! Memory that does not wait for the end of the call, and memory that stays beyond it.

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

/// The least block that tells the allocator something, and the most that a backend may have at the end of its heap without using it.
const LEAST_BLOCK: usize = 256 << 10;
const MOST_HELD: usize = 16 << 20;

/// Lets the memory of an answer of about so many bytes stay in the backend from one call to the next.
///
/// glibc returns what is free at the end of its heap to the kernel as soon as that is more than a threshold, 128 kB at first. So an
/// answer of half a megabyte could have fresh pages at every call, which the kernel clears, and that took longer than all else that the call
/// did. The threshold becomes twice the largest block that was mapped by itself and freed, so one such block is enough (`mallopt(3)`,
/// `M_MMAP_THRESHOLD`). Where an operator set the threshold it stays; other allocators may do with the block what they like.
pub fn stays_for_answers_of(bytes: usize) {
    // Rows are rounded up to powers of two, the server's blocks and buffers double: an answer takes up to eight times its bytes.
    let size = bytes.saturating_mul(4).clamp(LEAST_BLOCK, MOST_HELD / 2);
    let mut block = Vec::<u8>::new();
    // Never written, so it takes next to no memory. To have none must not end the backend.
    if block.try_reserve_exact(size).is_ok() {
        // The compiler must not see that nobody uses it.
        std::hint::black_box(block.as_mut_ptr());
    }
}
