//! The side of the parent: starts the reading process, takes what it sends, and survives whatever becomes of it.
//!
//! Nothing here waits for ever. A thread writes the question and reads frames, so that a child that neither reads nor writes
//! stops that thread and not the caller, who waits for the thread up to the deadline. Killing the child ends both pipes and with
//! them the threads; they are not joined, since a process of the child's own could hold a pipe open.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::ending::Ending;
use super::error::{WorkerError, WorkerErrorKind};
use super::frame::{self, FrameError};
use super::limits::WorkerLimits;
use super::message::{ListedTable, Message};
use super::request;
use super::rows::Rows;
use crate::{InputName, Position};

/// How many frames may lie ready.
const AHEAD: usize = 4;
/// How much of what the child said last is kept.
const SAID: usize = 4 << 10;
/// How long a child may take to end after its last frame.
const GRACE: Duration = Duration::from_secs(5);

/// Which program reads files in a process of its own, and under which limits.
///
/// The program is one that calls [`serve`](super::serve) when it gets the arguments; for a command that is the command itself,
/// by [`current_exe`](std::env::current_exe) and a hidden argument. It runs with the environment and in the directory of the caller.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use rfm_input::worker::{Isolation, WorkerLimits};
///
/// let isolation = Isolation::new(std::env::current_exe()?)
///     .argument("__read-rows")
///     .limits(WorkerLimits { cpu_seconds: 10, ..WorkerLimits::default() })
///     .deadline(Duration::from_secs(20));
/// # assert!(format!("{isolation:?}").contains("__read-rows"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Isolation {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: WorkerLimits,
    deadline: Duration,
}

impl Isolation {
    /// Runs this program without arguments, under the default limits and a deadline of 60 s.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>) -> Isolation {
        let (limits, deadline) = (WorkerLimits::default(), Duration::from_secs(60));
        Isolation { program: program.into(), arguments: Vec::new(), limits, deadline }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Isolation {
        self.arguments.push(argument.into());
        self
    }

    /// Sets what the process may use up.
    #[must_use]
    pub fn limits(self, limits: WorkerLimits) -> Isolation {
        Isolation { limits, ..self }
    }

    /// Sets how long the process may send nothing before it is ended. Time that the caller takes does not count.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Isolation {
        Isolation { deadline, ..self }
    }
}

/// What a reading process sent: all tables, then for each that is read its beginning, its rows, its end.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// All tables of the file. Comes first, and once.
    Tables(Vec<ListedTable>),
    /// The rows of the table with this index follow.
    Begin(usize),
    /// The next rows of the table.
    Rows(Rows),
    /// The table is complete, and had so many rows.
    End(u64),
}

/// A process that reads one input. Dropping it ends the process.
///
/// # Examples
///
/// ```
/// use rfm_input::InputName;
/// use rfm_input::worker::{Event, Isolation, Worker, WorkerError};
///
/// fn count_rows(isolation: &Isolation, file: &str) -> Result<u64, WorkerError> {
///     let remedy = "save it as .xlsx or .csv";
///     let mut worker = Worker::start(isolation, &InputName::new(file), file.as_bytes(), remedy)?;
///     let mut count = 0;
///     while let Some(event) = worker.next_event()? {
///         if let Event::End(rows) = event {
///             count += rows;
///         }
///     }
///     Ok(count)
/// }
///
/// let error = count_rows(&Isolation::new("./no/such/program"), "orders.xls").unwrap_err();
/// assert_eq!(error.to_string(), "orders.xls: the process that reads this file cannot be started");
/// ```
#[derive(Debug)]
pub struct Worker {
    child: Child,
    /// `None` is the end of the pipe.
    messages: Receiver<Result<Option<Message>, FrameError>>,
    said: Receiver<Vec<u8>>,
    deadline: Duration,
    input: InputName,
    remedy: &'static str,
    order: Order,
    /// Rows of all tables so far.
    rows: u64,
    finished: bool,
}

impl Worker {
    /// Starts the process and asks it `question`, which means something to the program only. `remedy` ends the message should the
    /// input turn out to be one that cannot be read safely: what the user can do.
    ///
    /// # Errors
    ///
    /// [`WorkerErrorKind::Start`], also for a question of 16 MiB or more.
    pub fn start(
        isolation: &Isolation,
        input: &InputName,
        question: &[u8],
        remedy: &'static str,
    ) -> Result<Worker, WorkerError> {
        Worker::try_start(isolation, input, question, remedy)
            .map_err(|cause| WorkerErrorKind::Start { position: Position::new(input), cause }.into())
    }

    fn try_start(
        isolation: &Isolation,
        input: &InputName,
        question: &[u8],
        remedy: &'static str,
    ) -> io::Result<Worker> {
        let Isolation { program, arguments, limits, deadline } = isolation;
        let mut request = Vec::new();
        request::write(&mut request, limits, question)?;
        let mut child = Command::new(program)
            .args(arguments)
            // A backtrace takes memory and time that a process at its limits does not have, and nobody reads it.
            .env("RUST_BACKTRACE", "0")
            .env("RUST_LIB_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (send_message, messages) = sync_channel(AHEAD);
        let (send_said, said) = sync_channel(1);
        // From here on the process is ended if something fails.
        let worker = Worker {
            child,
            messages,
            said,
            deadline: *deadline,
            input: input.clone(),
            remedy,
            order: Order::default(),
            rows: 0,
            finished: false,
        };
        let (Some(stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        thread::Builder::new().spawn(move || {
            ask(stdin, &request);
            send_messages(stdout, &send_message);
        })?;
        thread::Builder::new().spawn(move || send_said.send(last_words(stderr)))?;
        Ok(worker)
    }

    /// The number by which the operating system knows the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next thing that the process sent; `None` when all has been sent, and after an error.
    ///
    /// Waits for it up to the deadline.
    ///
    /// # Errors
    ///
    /// [`WorkerErrorKind::Ended`], [`WorkerErrorKind::Reported`]. The process is gone then.
    pub fn next_event(&mut self) -> Result<Option<Event>, WorkerError> {
        if self.finished {
            return Ok(None);
        }
        let message = match self.messages.recv_timeout(self.deadline) {
            Ok(Ok(Some(message))) => message,
            // It ended, or was ended in the middle of a frame; why, its status says.
            Ok(Ok(None)) => return Err(self.ended(None)),
            Ok(Err(FrameError::Truncated)) => return Err(self.ended(Some(FrameError::Truncated))),
            Ok(Err(problem)) => return Err(self.end(Ending::Garbled { problem })),
            // The thread sends something before it ends.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Err(self.end(Ending::Silent { deadline: self.deadline }));
            }
        };
        if let Err(problem) = self.order.check(&message) {
            return Err(self.end(Ending::Garbled { problem }));
        }
        Ok(Some(match message {
            Message::Tables(tables) => Event::Tables(tables),
            Message::Begin(table) => Event::Begin(table),
            Message::Rows(rows) => {
                self.rows += rows.len() as u64;
                Event::Rows(rows)
            }
            Message::End(rows) => Event::End(rows),
            Message::Failure(class, texts) => {
                self.finish();
                return Err(WorkerError::reported(&self.input, class, texts));
            }
            Message::Done => {
                self.finish();
                return Ok(None);
            }
        }))
    }

    /// The error of a process whose pipe has ended; `problem` is what was wrong with its last bytes.
    fn ended(&mut self, problem: Option<FrameError>) -> WorkerError {
        let status = self.wait();
        let said = self.said.recv_timeout(GRACE).unwrap_or_default();
        let ending = match (status, problem) {
            (Some(status), Some(problem)) if status.success() => Ending::Garbled { problem },
            (Some(status), _) => Ending::of(status, &said),
            // It closed the pipe and goes on.
            (None, _) => Ending::Silent { deadline: GRACE },
        };
        self.end(ending)
    }

    /// Ends the process, and gives the error.
    fn end(&mut self, ending: Ending) -> WorkerError {
        self.kill();
        let (position, rows, remedy) = (Position::new(&self.input), self.rows, self.remedy);
        WorkerErrorKind::Ended { position, ending, rows, remedy }.into()
    }

    /// Lets the process end, now that it has sent its last frame.
    fn finish(&mut self) {
        self.wait();
        self.kill();
    }

    /// Waits for the end of the process, but not for ever. There is no waiting with a time limit in the standard library; this
    /// looks again after 1 ms, then less and less often.
    fn wait(&mut self) -> Option<ExitStatus> {
        let begin = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if begin.elapsed() < GRACE => thread::sleep(pause),
                Ok(None) | Err(_) => return None,
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Ends the process if it still runs, and has the operating system forget it.
    fn kill(&mut self) {
        self.finished = true;
        // It may have ended by itself; there is nothing else that could fail.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A child that is gone already, or does not read, is one that the answers tell of.
fn ask(mut stdin: impl Write, request: &[u8]) {
    let _ = stdin.write_all(request);
}

/// Passes on what the child sends, up to its end or to what makes no sense.
fn send_messages(mut stdout: impl Read, messages: &SyncSender<Result<Option<Message>, FrameError>>) {
    let mut payload = Vec::new();
    loop {
        let message = match frame::read(&mut stdout, &mut payload) {
            Ok(Some(kind)) => Message::read(kind, &payload).map(Some),
            Ok(None) => Ok(None),
            Err(problem) => Err(problem),
        };
        let last = matches!(message, Ok(None | Some(Message::Done | Message::Failure(..))) | Err(_));
        // A caller that has gone needs no more.
        if messages.send(message).is_err() || last {
            break;
        }
    }
}

/// Reads all of it, so that the child is never stopped, and keeps the end.
fn last_words(mut stderr: impl Read) -> Vec<u8> {
    let (mut last, mut buffer) = (VecDeque::with_capacity(2 * SAID), [0; SAID]);
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        last.extend(&buffer[..count]);
        last.drain(..last.len().saturating_sub(SAID));
    }
    last.into()
}

/// Which frame may follow which.
#[derive(Debug, Default)]
struct Order {
    tables: Option<usize>,
    /// Rows of the table that has begun.
    open: Option<u64>,
}

impl Order {
    fn check(&mut self, message: &Message) -> Result<(), FrameError> {
        let refused = |what| Err(FrameError::OutOfOrder(what));
        match (message, self.tables, self.open) {
            (Message::Failure(..), _, _) => {}
            (Message::Tables(tables), None, _) => self.tables = Some(tables.len()),
            (Message::Tables(_), Some(_), _) => return refused("the list of tables twice"),
            (_, None, _) => return refused("something before the list of tables"),
            (Message::Begin(table), Some(tables), None) if *table < tables => self.open = Some(0),
            (Message::Begin(_), _, None) => return refused("a table that it did not list"),
            (Message::Begin(_), _, Some(_)) => return refused("a table inside of another one"),
            (Message::Rows(rows), _, Some(before)) => self.open = before.checked_add(rows.len() as u64),
            (Message::Rows(_), _, None) => return refused("rows outside of a table"),
            (Message::End(rows), _, Some(sent)) if *rows == sent => self.open = None,
            (Message::End(_), _, Some(_)) => return refused("another number of rows than it counted"),
            (Message::End(_), _, None) => return refused("the end of a table that did not begin"),
            (Message::Done, _, None) => {}
            (Message::Done, _, Some(_)) => return refused("a table without an end"),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(messages: &[Message]) -> Result<(), FrameError> {
        let mut order = Order::default();
        messages.iter().try_for_each(|message| order.check(message))
    }

    #[test]
    fn frames_come_in_one_order_only() {
        let tables = || Message::Tables(vec![ListedTable::default()]);
        let (begin, rows, end) = (|| Message::Begin(0), || Message::Rows(Rows::default()), |count| Message::End(count));
        assert_eq!(check(&[tables(), begin(), rows(), end(0), Message::Done]), Ok(()));
        assert_eq!(check(&[tables(), Message::Done]), Ok(()));
        for (messages, what) in [
            (vec![Message::Done], "something before the list of tables"),
            (vec![begin()], "something before the list of tables"),
            (vec![tables(), tables()], "the list of tables twice"),
            (vec![tables(), Message::Begin(1)], "a table that it did not list"),
            (vec![tables(), begin(), begin()], "a table inside of another one"),
            (vec![tables(), rows()], "rows outside of a table"),
            (vec![tables(), begin(), end(1)], "another number of rows than it counted"),
            (vec![tables(), end(0)], "the end of a table that did not begin"),
            (vec![tables(), begin(), Message::Done], "a table without an end"),
        ] {
            assert_eq!(check(&messages), Err(FrameError::OutOfOrder(what)));
        }
    }

    #[test]
    fn the_last_words_are_kept_and_the_first_ones_not() {
        let words = [&[b'a'; 3 * SAID][..], b"the end"].concat();
        let last = last_words(&words[..]);
        assert_eq!(last.len(), SAID);
        assert!(last.ends_with(b"athe end"));
    }
}
