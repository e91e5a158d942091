//! See [`model_access_fuzz::feed`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| model_access_fuzz::feed::check(input));
