//! See [`model_access_fuzz::merge`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| model_access_fuzz::merge::check(input));
