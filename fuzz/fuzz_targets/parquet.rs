//! See `rfm_fuzz::parquet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rfm_fuzz::parquet(data));
