//! See `rfm_fuzz::model`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rfm_fuzz::model(data));
