//! HAZARDS row 10: a reading process may crash, loop, eat memory or talk nonsense; the parent lives and says what became of it.
//!
//! This program runs itself again as the reading process. It has a main function of its own, since the test harness writes to
//! standard output, which belongs to the frames.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, reason = "a test program")]

use std::error::Error;
use std::io::Write;
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use rfm_core::cell::Cell;
use rfm_input::InputName;
use rfm_input::worker::{
    Event, FailureClass, Isolation, ListedTable, RowSender, Stop, Worker, WorkerError, WorkerErrorKind, WorkerLimits,
    serve,
};

const CHILD: &str = "read-rows";
const REMEDY: &str = "save it as .xlsx or .csv";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some(CHILD) {
        return child(&arguments.next().unwrap());
    }
    // What panics in the reading process is not of interest here; what panics in this one is told below.
    let cases: &[(&str, fn())] = &[
        ("all_rows_arrive", all_rows_arrive),
        ("what_is_asked_arrives", what_is_asked_arrives),
        ("a_large_question_arrives", a_large_question_arrives),
        ("a_question_that_no_message_holds_is_refused", a_question_that_no_message_holds_is_refused),
        ("an_error_of_the_reader_is_told_as_it_is", an_error_of_the_reader_is_told_as_it_is),
        ("an_abort_is_told", an_abort_is_told),
        ("a_stack_overflow_is_told", a_stack_overflow_is_told),
        ("a_panic_is_told", a_panic_is_told),
        ("too_much_memory_is_told", too_much_memory_is_told),
        ("an_endless_loop_is_ended", an_endless_loop_is_ended),
        ("a_sleeper_is_ended", a_sleeper_is_ended),
        ("a_deaf_process_is_ended", a_deaf_process_is_ended),
        ("a_process_that_goes_on_without_its_pipe_is_ended", a_process_that_goes_on_without_its_pipe_is_ended),
        ("files_are_not_written", files_are_not_written),
        ("garbage_is_refused", garbage_is_refused),
        ("half_a_frame_is_refused", half_a_frame_is_refused),
        ("an_early_end_is_no_success", an_early_end_is_no_success),
        ("an_exit_code_is_told", an_exit_code_is_told),
        ("a_killed_process_is_told", a_killed_process_is_told),
        ("rows_outside_of_a_table_are_refused", rows_outside_of_a_table_are_refused),
        ("much_on_standard_error_stops_nobody", much_on_standard_error_stops_nobody),
        ("a_dropped_worker_is_ended", a_dropped_worker_is_ended),
    ];
    let failed: Vec<&str> =
        cases.iter().filter(|(_, case)| catch_unwind(case).is_err()).map(|(name, _)| *name).collect();
    println!("{} cases, {} failed {failed:?}", cases.len(), failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

// The reading process.

fn child(what: &str) -> ExitCode {
    match what {
        "garbage" => io::stdout().write_all(b"<html>this is no frame</html>").unwrap(),
        "early" => {}
        "deaf" => loop {
            thread::sleep(Duration::from_secs(3600));
        },
        "code" => return ExitCode::from(3),
        _ => match serve(io::stdin(), io::stdout(), |question, rows| work(what, question, rows)) {
            Ok(()) => {}
            Err(_) => return ExitCode::FAILURE,
        },
    }
    ExitCode::SUCCESS
}

#[derive(Debug, thiserror::Error)]
#[error("orders.xls, sheet `2010`: cannot be read further")]
struct Unread(#[source] io::Error);

fn work(what: &str, question: &[u8], rows: &mut RowSender<'_>) -> Result<(), Stop> {
    if what == "disorder" {
        rows.row(1, [])?;
        return Ok(());
    }
    let facts = vec![("question".to_owned(), String::from_utf8_lossy(question).into_owned())];
    rows.tables(&[
        ListedTable { name: "2010".to_owned(), visible: true, facts },
        ListedTable { name: "notes".to_owned(), visible: false, facts: Vec::new() },
    ])?;
    rows.begin(0)?;
    let count = if what == "quiet" { 0 } else { 10_000 };
    for number in 1..=count {
        rows.row(number, [(0, Cell::Text("a customer")), (2, Cell::Float(0.5)), (3, Cell::Integer(number.into()))])?;
    }
    rows.end()?;
    match what {
        "abort" => std::process::abort(),
        "overflow" => assert_eq!(deep(1), 0),
        "panic" => panic!("a value of the data"),
        "memory" | "quiet" => eat_memory(),
        "loop" => while std::hint::black_box(true) {},
        "sleep" => thread::sleep(Duration::from_secs(3600)),
        "file" => {
            let file = fs::File::create(env::args().nth(3).unwrap());
            let _ = file.unwrap().write_all(&[0; 100]);
        }
        "half" => {
            // The length and the kind of a frame, and not all of its payload.
            io::stdout().write_all(&[100, 0, 0, 0, 3, 1, 2, 3]).unwrap();
            io::stdout().flush().unwrap();
            std::process::exit(0);
        }
        "noise" => (0..100_000).for_each(|_| eprintln!("a value of the data")),
        "failure" => return Err(Stop::new(FailureClass::Io, &Unread(io::Error::other("a bad sector")))),
        _ => {}
    }
    Ok(())
}

fn eat_memory() {
    let mut eaten: Vec<Vec<u8>> = Vec::new();
    loop {
        eaten.push(vec![1; 16 << 20]);
    }
}

fn deep(depth: u64) -> u64 {
    let space = std::hint::black_box([depth; 1000]);
    if depth == 0 { 0 } else { deep(depth + 1) + space[10] }
}

// The parent.

fn isolation(what: &str) -> Isolation {
    let limits = WorkerLimits { address_space: 256 << 20, cpu_seconds: 20, file_size: 0 };
    Isolation::new(env::current_exe().unwrap()).argument(CHILD).argument(what).limits(limits)
}

fn start(isolation: &Isolation) -> Worker {
    Worker::start(isolation, &InputName::new("orders.xls"), b"question", REMEDY).unwrap()
}

/// All events, then how it ended; no zombie is left.
fn run(isolation: &Isolation) -> (Vec<Event>, Result<(), WorkerError>) {
    let mut worker = start(isolation);
    let (id, mut events) = (worker.id(), Vec::new());
    let ended = loop {
        match worker.next_event() {
            Ok(Some(event)) => events.push(event),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert!(is_gone(id), "the process is still there");
    // Asked again, it neither waits nor invents anything.
    assert!(matches!(worker.next_event(), Ok(None)));
    (events, ended)
}

/// Neither running nor a zombie: the number is free. Where there is no /proc this says nothing.
fn is_gone(id: u32) -> bool {
    !fs::exists(format!("/proc/{id}")).unwrap()
}

fn error_of(isolation: &Isolation) -> WorkerError {
    run(isolation).1.unwrap_err()
}

fn ended_with(isolation: &Isolation, ending: &str, is_limit: bool) {
    let error = error_of(isolation);
    let text = format!("orders.xls: this file cannot be read safely: the reading process {ending}; {REMEDY}");
    assert_eq!(error.to_string(), text);
    assert_eq!((error.is_limit(), error.is_io()), (is_limit, false));
    assert!(error.source().is_none());
}

fn all_rows_arrive() {
    let (events, ended) = run(&isolation("works"));
    ended.unwrap();
    let mut number = 0;
    for event in &events {
        let Event::Rows(rows) = event else { continue };
        for row in rows.iter() {
            number += 1;
            assert_eq!(row.number(), number);
            assert_eq!(row.cell(0), Cell::Text("a customer"));
            assert_eq!(row.cell(1), Cell::Empty);
            assert_eq!(row.cell(2), Cell::Float(0.5));
            assert_eq!(row.cell(3), Cell::Integer(number.into()));
        }
    }
    assert_eq!(number, 10_000);
    assert!(matches!(events.last(), Some(Event::End(10_000))));
}

fn what_is_asked_arrives() {
    let (events, _) = run(&isolation("works"));
    let Some(Event::Tables(tables)) = events.first() else { panic!("no tables") };
    let names: Vec<_> = tables.iter().map(|table| (table.name.as_str(), table.visible)).collect();
    assert_eq!(names, [("2010", true), ("notes", false)]);
    assert_eq!(tables[0].fact("question"), Some("question"));
}

/// More than a pipe holds.
fn a_large_question_arrives() {
    let question = vec![b'q'; 1 << 20];
    let mut worker = Worker::start(&isolation("works"), &InputName::new("orders.xls"), &question, REMEDY).unwrap();
    let Some(Event::Tables(tables)) = worker.next_event().unwrap() else { panic!("no tables") };
    assert_eq!(tables[0].fact("question").map(str::len), Some(1 << 20));
}

fn a_question_that_no_message_holds_is_refused() {
    let error =
        Worker::start(&isolation("works"), &InputName::new("orders.xls"), &vec![0; 16 << 20], REMEDY).unwrap_err();
    assert_eq!(error.to_string(), "orders.xls: the process that reads this file cannot be started");
    assert!(
        matches!(error.kind(), WorkerErrorKind::Start { cause, .. } if cause.kind() == io::ErrorKind::InvalidInput)
    );
}

fn an_error_of_the_reader_is_told_as_it_is() {
    let error = error_of(&isolation("failure"));
    assert_eq!(error.to_string(), "orders.xls, sheet `2010`: cannot be read further");
    assert_eq!(error.source().unwrap().to_string(), "a bad sector");
    assert!(error.is_io() && matches!(error.kind(), WorkerErrorKind::Reported { .. }));
}

fn an_abort_is_told() {
    ended_with(&isolation("abort"), "was ended by signal 6 (it gave up) after 10,000 rows", false);
}

fn a_stack_overflow_is_told() {
    ended_with(&isolation("overflow"), "was ended by signal 6 (its stack overflowed) after 10,000 rows", false);
}

fn a_panic_is_told() {
    ended_with(&isolation("panic"), "panicked after 10,000 rows", false);
}

fn too_much_memory_is_told() {
    let memory = "was ended by signal 6 (it asked for more memory than allowed)";
    ended_with(&isolation("memory"), &format!("{memory} after 10,000 rows"), true);
    ended_with(&isolation("quiet"), &format!("{memory} before the first row"), true);
}

fn an_endless_loop_is_ended() {
    let isolation = isolation("loop").limits(WorkerLimits { cpu_seconds: 1, ..WorkerLimits::default() });
    ended_with(&isolation, "was ended by signal 24 (it used more CPU time than allowed) after 10,000 rows", true);
}

fn a_sleeper_is_ended() {
    let begin = Instant::now();
    let isolation = isolation("sleep").deadline(Duration::from_millis(1500));
    ended_with(&isolation, "sent nothing for 1.5 s and was ended after 10,000 rows", true);
    assert!(begin.elapsed() < Duration::from_secs(30));
}

/// It does not even read the question, which is larger than a pipe.
fn a_deaf_process_is_ended() {
    let isolation = isolation("deaf").deadline(Duration::from_secs(1));
    let question = vec![b'q'; 1 << 20];
    let mut worker = Worker::start(&isolation, &InputName::new("orders.xls"), &question, REMEDY).unwrap();
    let text = "orders.xls: this file cannot be read safely: the reading process sent nothing for 1 s and was ended \
                before the first row; save it as .xlsx or .csv";
    assert_eq!(worker.next_event().unwrap_err().to_string(), text);
    assert!(is_gone(worker.id()));
}

fn a_process_that_goes_on_without_its_pipe_is_ended() {
    let shell = Isolation::new("/bin/sh").argument("-c").argument("exec >&-; exec sleep 3600");
    ended_with(&shell, "sent nothing for 5 s and was ended before the first row", true);
}

fn files_are_not_written() {
    let file = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let isolation = isolation("file").argument(file.path());
    ended_with(&isolation, "was ended by signal 25 (it wrote more to a file than allowed) after 10,000 rows", true);
    assert_eq!(fs::metadata(file.path()).unwrap().len(), 0);
}

fn garbage_is_refused() {
    let what = "sent a message of 1836345404 bytes, more than the 16777216 allowed and was ended before the first row";
    ended_with(&isolation("garbage"), what, false);
}

fn half_a_frame_is_refused() {
    ended_with(&isolation("half"), "sent a message that ends in the middle and was ended after 10,000 rows", false);
}

fn an_early_end_is_no_success() {
    ended_with(&isolation("early"), "ended too early before the first row", false);
}

fn an_exit_code_is_told() {
    ended_with(&isolation("code"), "ended too early with exit code 3 before the first row", false);
}

fn rows_outside_of_a_table_are_refused() {
    let what = "sent something before the list of tables and was ended before the first row";
    ended_with(&isolation("disorder"), what, false);
}

fn much_on_standard_error_stops_nobody() {
    run(&isolation("noise")).1.unwrap();
}

fn a_killed_process_is_told() {
    let mut worker = start(&isolation("sleep"));
    while !matches!(worker.next_event().unwrap(), Some(Event::End(_))) {}
    let killed = std::process::Command::new("kill").args(["-KILL", &worker.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let text = "orders.xls: this file cannot be read safely: the reading process was ended by signal 9 (somebody killed it, \
                or the machine ran out of memory) after 10,000 rows; save it as .xlsx or .csv";
    assert_eq!(worker.next_event().unwrap_err().to_string(), text);
}

fn a_dropped_worker_is_ended() {
    let mut worker = start(&isolation("sleep"));
    assert!(matches!(worker.next_event(), Ok(Some(Event::Tables(_)))));
    let id = worker.id();
    assert!(!is_gone(id));
    drop(worker);
    assert!(is_gone(id));
}
