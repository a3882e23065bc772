//! See `rfm_fuzz::ods`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rfm_fuzz::ods(data));
