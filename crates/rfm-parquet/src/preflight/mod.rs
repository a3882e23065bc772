//! What is looked at before the library sees a file.
//!
//! The library trusts what a file says of itself: it reserves the memory that a page or a list announces, calls itself for
//! each level of the schema, and asserts that places are not negative. A failed reservation and an overflown stack end the
//! process, and no caller can catch that. So the footer, and the page headers of the columns that are needed, are read
//! here first, by code that reserves nothing by what it reads and never calls itself. What remains for the library to
//! trip over is inside of the pages, and ends in an error or in a panic that can be caught. The texts of the delta
//! encodings are the exception, since their counts are inside; see [`Verdict::Undecided`].

mod fault;
mod footer;
mod limits;
mod pages;
mod schema;
mod thrift;

#[cfg(test)]
mod tests;

pub(crate) use self::fault::{Fault, Rule};
pub(crate) use self::footer::Footer;
pub(crate) use self::pages::{Pages, Verdict};
