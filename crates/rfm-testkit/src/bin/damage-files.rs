//! Tries a program with damaged copies of files, and counts how it ends.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rfm_testkit::damage::Damage;

const USAGE: &str = "\
usage: damage-files [--copies N] [--seed S] [--inside] [--batch] [--seconds T] [--memory MIB] [--keep DIR] FILE... -- PROGRAM ARGUMENT...

Makes N copies of each file (1000), each with one to four bytes changed, and gives them to the program: as the argument `{}`,
or with --batch by a path on a line of its standard input, which it answers with a line that begins with `ok` or `error`.
Counted are copies read (exit code 0), refused (another code), and those at which the program panicked (code 101, or a line
that begins with `panic`), died (a signal, or no answer), or was late (10 s). The limit of its address space is 512 MiB. The last
three kinds are kept in DIR, by default a folder in that of temporary files. --inside changes a part of a zip archive and
makes its checksums fit.";

fn main() -> ExitCode {
    let run = match Run::of(std::env::args().skip(1)) {
        Ok(run) => run,
        Err(what) => {
            eprintln!("damage-files: {what}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run.all() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("damage-files: {error}");
            ExitCode::from(3)
        }
    }
}

/// What is asked for.
struct Run {
    copies: u64,
    seed: u64,
    is_inside: bool,
    is_batch: bool,
    patience: Duration,
    memory: u64,
    keep: PathBuf,
    files: Vec<PathBuf>,
    program: Vec<String>,
}

/// How the program ended on a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Read,
    Refused,
    Panicked,
    Died,
    Late,
}

impl Run {
    fn of(mut arguments: impl Iterator<Item = String>) -> Result<Run, String> {
        let mut run = Run {
            copies: 1_000,
            seed: 0,
            is_inside: false,
            is_batch: false,
            patience: Duration::from_secs(10),
            memory: 512,
            keep: std::env::temp_dir().join("damaged-files"),
            files: Vec::new(),
            program: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--copies" => run.copies = number(&argument, &value()?)?,
                "--seed" => run.seed = number(&argument, &value()?)?,
                "--seconds" => run.patience = Duration::from_secs(number(&argument, &value()?)?),
                "--memory" => run.memory = number(&argument, &value()?)?,
                "--keep" => run.keep = value()?.into(),
                "--inside" => run.is_inside = true,
                "--batch" => run.is_batch = true,
                "--" => run.program = arguments.by_ref().collect(),
                other if other.starts_with("--") => return Err(format!("unknown argument `{other}`")),
                file => run.files.push(file.into()),
            }
        }
        let has_place = run.program.iter().any(|argument| argument == "{}");
        match (run.files.is_empty(), run.program.is_empty(), has_place == run.is_batch) {
            (true, ..) => Err("no file is given".to_owned()),
            (_, true, _) => Err("no program is given after `--`".to_owned()),
            (.., true) => Err("the program takes the copy either as `{}` or with --batch".to_owned()),
            _ => Ok(run),
        }
    }

    /// Tries all files and says how it went; how many copies were kept.
    fn all(&self) -> io::Result<u64> {
        fs::create_dir_all(&self.keep)?;
        let mut out = io::stdout();
        writeln!(out, "copies    read refused panicked    died    late seconds file")?;
        let mut kept = 0;
        for file in &self.files {
            let start = Instant::now();
            let [read, refused, panicked, died, late] = self.file(file)?;
            let seconds = start.elapsed().as_secs();
            let copies = read + refused + panicked + died + late;
            let file = file.display();
            writeln!(out, "{copies:>6} {read:>7} {refused:>7} {panicked:>8} {died:>7} {late:>7} {seconds:>7} {file}")?;
            kept += panicked + died + late;
        }
        if kept > 0 {
            writeln!(out, "{kept} copies are kept in {}", self.keep.display())?;
        }
        Ok(kept)
    }

    fn file(&self, file: &Path) -> io::Result<[u64; 5]> {
        let plain = fs::read(file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut counts = [0; 5];
        let mut reader = None;
        for copy in 0..self.copies {
            let damage = Damage::new(self.seed, copy);
            let bytes = if self.is_inside { damage.inside(&plain) } else { Some(damage.anywhere(&plain)) };
            let bytes = bytes.ok_or_else(|| io::Error::other(format!("{name}: no zip archive")))?;
            let path = self.keep.join(format!("{}-{copy}-{name}", self.seed));
            fs::write(&path, bytes)?;
            let end = if self.is_batch { self.ask(&mut reader, &path)? } else { self.run(&path)? };
            counts[end as usize] += 1;
            if matches!(end, End::Read | End::Refused) {
                fs::remove_file(&path)?;
            }
        }
        Ok(counts)
    }

    /// The program under its limit. A shell sets it, since doing so between fork and exec is unsafe.
    fn command(&self, path: Option<&Path>) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -c 0; ulimit -v {} && exec \"$0\" \"$@\"", self.memory << 10)]);
        for argument in &self.program {
            match path.filter(|_| argument == "{}") {
                Some(path) => command.arg(path),
                None => command.arg(argument),
            };
        }
        command.stderr(Stdio::null()).env("RUST_BACKTRACE", "0");
        command
    }

    /// Runs the program once.
    fn run(&self, path: &Path) -> io::Result<End> {
        let mut child = self.command(Some(path)).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let start = Instant::now();
        let mut pause = Duration::from_micros(200);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(match status.code() {
                    Some(0) => End::Read,
                    Some(101) => End::Panicked,
                    Some(_) => End::Refused,
                    None => End::Died,
                });
            }
            if start.elapsed() > self.patience {
                child.kill()?;
                child.wait()?;
                return Ok(End::Late);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// Asks the running program, which is started if it is not.
    fn ask(&self, reader: &mut Option<Batch>, path: &Path) -> io::Result<End> {
        let batch = match reader {
            Some(batch) => batch,
            None => reader.insert(Batch::start(self.command(None))?),
        };
        // A program that is gone gives no answer either.
        let _ = writeln!(batch.input, "{}", path.display());
        let end = match batch.answers.recv_timeout(self.patience) {
            Ok(answer) if answer.starts_with("ok") => End::Read,
            Ok(answer) if answer.starts_with("panic") => End::Panicked,
            Ok(_) => End::Refused,
            Err(RecvTimeoutError::Timeout) => End::Late,
            Err(RecvTimeoutError::Disconnected) => End::Died,
        };
        if matches!(end, End::Late | End::Died) {
            *reader = None;
        }
        Ok(end)
    }
}

/// A program that reads many copies.
struct Batch {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
}

impl Batch {
    fn start(mut command: Command) -> io::Result<Batch> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (input, output) = input.zip(output).expect("both were asked for");
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Ok(Batch { child, input, answers })
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn number(argument: &str, text: &str) -> Result<u64, String> {
    // People write 100_000.
    text.replace('_', "").parse().map_err(|_| format!("{argument}: expected a number, found `{text}`"))
}
