//! Reading in a process of its own, for the formats whose libraries a bad file can take down.
//!
//! A failed allocation and an overflown stack abort the process, and an endless loop never comes back; no guard inside the
//! process helps. So the command runs itself a second time: the child puts itself under [`WorkerLimits`], reads, and sends typed
//! cells over a pipe. Whatever becomes of the child, the parent has rows, or an error that says what became of it.
//!
//! A library must not run programs on its own account, so the program and its arguments are named by the caller in an
//! [`Isolation`]; what the child runs is [`serve`].
//!
//! - The parent starts a [`Worker`] and takes [`Event`]s from it.
//! - The child sends by a [`RowSender`]. Its own errors, such as a missing sheet, travel as texts and arrive as
//!   [`WorkerErrorKind::Reported`].
//! - Between them run frames of length, kind, payload and checksum. Nothing that arrives is believed: a length has a limit, an
//!   unknown kind, a byte too many or a row outside of a table ends the reading.

mod ending;
mod error;
mod frame;
mod limits;
mod message;
mod payload;
mod process;
mod request;
mod rows;
mod sender;

pub use self::ending::Ending;
pub use self::error::{ReportedText, WorkerError, WorkerErrorKind};
pub use self::frame::FrameError;
pub use self::limits::{WorkerLimits, confine};
pub use self::message::{FailureClass, ListedTable};
pub use self::process::{Event, Isolation, Worker};
pub use self::rows::{Rows, WorkerRow};
pub use self::sender::{RowSender, SendError, Stop, serve};
