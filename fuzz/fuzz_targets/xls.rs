//! See `rfm_fuzz::xls`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rfm_fuzz::xls(data));
