//! Errors of the server caught whole: SQLSTATE of any class, context lines, constraint names.
//!
//! pgrx catches an error at every call into the server and keeps what it knows of it: an SQLSTATE outside its list
//! becomes XX000, context and constraint are lost. Statements run code of the application (triggers), whose errors
//! must reach the client as they were raised; so the calls that run statements are guarded here. So are others that a call of a user
//! makes often: one guard around several of them is less than one around each.

use cee_scape::call_with_sigsetjmp;
use pgrx::pg_sys;
use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::panic::resume_unwind;

/// An error that the server raised, travelling through Rust as a panic, and the memory that it lies in.
pub struct Raised(*mut pg_sys::ErrorData, pg_sys::MemoryContext);

// SAFETY: a panic's payload must be Send; this one never leaves the backend's only thread that calls the server.
unsafe impl Send for Raised {}

// The server's function as it is: pgrx's wrapper would catch the jump and report less.
unsafe extern "C-unwind" {
    fn ReThrowError(error: *mut pg_sys::ErrorData) -> !;
}

/// Calls a function of the server; an error that it raises becomes a panic with [`Raised`].
///
/// # Safety
/// `call` is a call into the server by its own declaration, not pgrx's wrapper, and owns nothing: an error jumps out of
/// the middle of it. It does not panic, which would end the backend. It runs on the backend's main thread.
pub unsafe fn call<T: Copy>(call: impl FnOnce() -> T + Copy) -> T {
    let mut result = MaybeUninit::<T>::uninit();
    let place = result.as_mut_ptr();
    // SAFETY: as demanded; the place is written unless the call raises, which does not return.
    unsafe {
        guarded(&mut || place.write(call()));
        result.assume_init()
    }
}

/// One for all calls: a copy of it for each of them was a twentieth of the code that a call of a user runs through, and the
/// processor's cache for code is small.
///
/// # Safety
/// As of [`call`].
#[inline(never)]
unsafe fn guarded(call: &mut dyn FnMut()) {
    // SAFETY: the protocol of PG_TRY and PG_CATCH. The error is copied to memory that lives until the end of the
    // transaction, so it survives the roll-back of a subtransaction. No frame that is jumped over owns anything.
    unsafe {
        let handlers = (pg_sys::PG_exception_stack, pg_sys::error_context_stack);
        let context = pg_sys::CurrentMemoryContext;
        let jumped = call_with_sigsetjmp(false, |buffer| {
            pg_sys::PG_exception_stack = std::ptr::from_ref(buffer).cast_mut().cast();
            call();
            0
        });
        pg_sys::PG_exception_stack = handlers.0;
        pg_sys::error_context_stack = handlers.1;
        if jumped != 0 {
            raise(context);
        }
    }
}

/// Lets the error that was just caught travel on as a panic.
///
/// # Safety
/// The server has an error, which jumped to a handler; the context is the one that was current before.
#[cold]
unsafe fn raise(context: pg_sys::MemoryContext) -> ! {
    // SAFETY: as demanded.
    unsafe {
        // Of its own: FreeErrorData() leaves some of the texts that CopyErrorData() copies.
        let home = pg_sys::AllocSetContextCreateInternal(
            pg_sys::TopTransactionContext,
            c"model_access error".as_ptr(),
            pg_sys::ALLOCSET_SMALL_MINSIZE as usize,
            pg_sys::ALLOCSET_SMALL_INITSIZE as usize,
            pg_sys::ALLOCSET_SMALL_MAXSIZE as usize,
        );
        pg_sys::MemoryContextSwitchTo(home);
        let error = pg_sys::CopyErrorData();
        pg_sys::FlushErrorState();
        pg_sys::MemoryContextSwitchTo(context);
        // As panic_any, without the hook that pgrx sets: this is no bug of ours.
        resume_unwind(Box::new(Raised(error, home)))
    }
}

impl Raised {
    /// The SQLSTATE.
    pub fn sqlstate(&self) -> String {
        // SAFETY: the error lives until the end of the transaction.
        unpacked(unsafe { (*self.0).sqlerrcode })
    }

    /// The message.
    pub fn message(&self) -> String {
        // SAFETY: as above; the message is NULL or NUL-terminated.
        unsafe {
            let message = (*self.0).message;
            if message.is_null() { String::new() } else { CStr::from_ptr(message).to_string_lossy().into_owned() }
        }
    }

    /// Gives its memory back, which would otherwise be kept to the end of the transaction.
    pub fn free(self) {
        // SAFETY: the error lives until the end of the transaction, nobody else has it, and nothing else is in its memory.
        unsafe { pg_sys::MemoryContextDelete(self.1) }
    }

    /// Raises it again as it was; does not return.
    ///
    /// # Safety
    /// As for `ereport` at ERROR: the frames up to the server's handler own nothing.
    pub unsafe fn raise_again(self) -> ! {
        // SAFETY: the error lives until the end of the transaction; the callee copies it and jumps.
        unsafe { ReThrowError(self.0) }
    }
}

/// The five characters of a packed SQLSTATE.
pub fn unpacked(code: i32) -> String {
    (0..5).map(|place| char::from(b'0' + u8::try_from((code >> (6 * place)) & 0x3F).unwrap_or_default())).collect()
}
