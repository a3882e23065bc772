//! See `rfm_fuzz::csv_to_summaries`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rfm_fuzz::csv_to_summaries(data));
