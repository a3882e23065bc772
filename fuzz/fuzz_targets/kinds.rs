//! See `rfm_fuzz::kinds`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rfm_fuzz::kinds(data));
