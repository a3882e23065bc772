//! Delimited text for [`rfm_core`]: opened, decoded, cut into records with true positions and strict quoting.

// The lower half is complete before what stands on it.
#[allow(dead_code, unused_imports, reason = "source.rs, to be written, is the caller")]
mod dialect;
#[allow(dead_code, unused_imports, reason = "source.rs, to be written, is the caller")]
mod encoding;
#[allow(dead_code, unused_imports, reason = "source.rs, to be written, is the caller")]
mod error;
#[allow(dead_code, unused_imports, reason = "source.rs, to be written, is the caller")]
mod input;
#[allow(dead_code, unused_imports, reason = "source.rs, to be written, is the caller")]
mod records;
#[allow(dead_code, unused_imports, reason = "source.rs, to be written, is the caller")]
mod sample;

pub use self::{
    dialect::{Detection, Dialect, Evidence},
    encoding::{Encoding, OtherEncoding},
    error::{Error, ErrorKind, InputName, LimitKind, Position},
    records::Flaw,
};

#[cfg(test)]
mod shared;
