//! Formats whose readers a bad file can take down, read by a process of their own.
//!
//! The parent asks one question for each process: which tables there are, or the rows of one of them. The process ends with its
//! answer, so that nothing of one file is left when the next one is read.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use rfm_input::worker::{FailureClass, RowSender, Stop};

#[cfg(feature = "legacy")]
mod workbooks;

#[cfg(feature = "legacy")]
pub(crate) use workbooks::opener;

/// Answers what a parent asks, on standard input and output; what a program that is an
/// [`Isolation`](rfm_input::worker::Isolation) does.
///
/// # Errors
///
/// As [`rfm_input::worker::serve`].
pub fn serve_isolated(input: impl Read, output: impl Write) -> io::Result<()> {
    rfm_input::worker::serve(input, output, |question, rows| match Question::decode(question) {
        Some(question) => answer(&question, rows),
        None => Err(unknown()),
    })
}

/// What of a file is asked.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    path: PathBuf,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    /// The sheets of a workbook.
    Sheets,
    /// The rows of one of them.
    Rows(usize),
    /// Whether columns of a Parquet file can be decoded.
    Columns(Vec<usize>),
}

impl Question {
    /// A word, numbers, a line feed, and the path.
    fn encode(&self) -> Vec<u8> {
        let what = match &self.what {
            What::Sheets => "sheets".to_owned(),
            What::Rows(sheet) => format!("rows {sheet}"),
            What::Columns(columns) => columns.iter().fold("columns".to_owned(), |text, at| format!("{text} {at}")),
        };
        [what.as_bytes(), b"\n", self.path.as_os_str().as_encoded_bytes()].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Question> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let mut words = std::str::from_utf8(&bytes[..end]).ok()?.split(' ');
        let word = words.next()?;
        let numbers = words.map(|number| number.parse().ok()).collect::<Option<Vec<usize>>>()?;
        let what = match (word, numbers.as_slice()) {
            ("sheets", []) => What::Sheets,
            ("rows", [sheet]) => What::Rows(*sheet),
            ("columns", _) => What::Columns(numbers),
            _ => return None,
        };
        Some(Question { path: path_of(&bytes[end + 1..])?, what })
    }
}

/// The side of the child.
fn answer(question: &Question, rows: &mut RowSender<'_>) -> Result<(), Stop> {
    match &question.what {
        #[cfg(feature = "legacy")]
        What::Sheets => workbooks::answer(&question.path, None, rows),
        #[cfg(feature = "legacy")]
        What::Rows(sheet) => workbooks::answer(&question.path, Some(*sheet), rows),
        #[cfg(feature = "parquet")]
        What::Columns(columns) => {
            rows.tables(&[])?;
            rfm_parquet::rehearse(&question.path, columns)
                .map_err(|error| Stop::new(class(error.is_io(), error.is_limit()), &error))
        }
        #[cfg(not(all(feature = "legacy", feature = "parquet")))]
        _ => Err(unknown()),
    }
}

/// Decodes columns of a Parquet file in a process of its own, of which only decoding shows how much memory they take.
#[cfg(feature = "parquet")]
pub(crate) fn rehearse(
    isolation: &rfm_input::worker::Isolation,
    name: &rfm_input::InputName,
    columns: &[usize],
) -> Result<(), rfm_input::worker::WorkerError> {
    let question = Question { path: name.as_path().to_owned(), what: What::Columns(columns.to_vec()) };
    let remedy = "write it with dictionaries or plain values";
    let mut worker = rfm_input::worker::Worker::start(isolation, name, &question.encode(), remedy)?;
    while worker.next_event()?.is_some() {}
    Ok(())
}

#[cfg(any(feature = "legacy", feature = "parquet"))]
fn class(is_io: bool, is_limit: bool) -> FailureClass {
    match (is_io, is_limit) {
        (true, _) => FailureClass::Io,
        (_, true) => FailureClass::Limit,
        _ => FailureClass::Data,
    }
}

fn unknown() -> Stop {
    Stop::new(FailureClass::Worker, &io::Error::other("a question that this version does not know"))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes.to_vec()).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    Some(OsString::from(std::str::from_utf8(bytes).ok()?).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_arrive_as_they_were_asked() {
        for what in [What::Sheets, What::Rows(17), What::Columns(vec![]), What::Columns(vec![3, 0])] {
            let question = Question { path: "a\nb/ö.xls".into(), what };
            assert_eq!(Question::decode(&question.encode()), Some(question));
        }
        for broken in [&b""[..], b"a.xls", b"x\na.xls", b"rows -1\na.xls", b"rows\na.xls", b"sheets 1\na.xls"] {
            assert_eq!(Question::decode(broken), None);
        }
    }
}
