//! Placeholder of the first commit.

mod limits;

pub use limits::Limits;
