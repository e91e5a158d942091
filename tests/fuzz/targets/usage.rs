//! See [`model_access_fuzz::usage`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| model_access_fuzz::usage::check(input));
