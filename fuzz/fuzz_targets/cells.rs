//! See `rfm_fuzz::cells`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rfm_fuzz::cells(data));
