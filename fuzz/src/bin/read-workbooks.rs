//! Reads the workbooks whose paths stand on standard input, and answers each with a line. For `damage-files --batch`.

use std::io::{self, BufRead as _, Write as _};

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    for path in io::stdin().lock().lines() {
        let bytes = std::fs::read(path?)?;
        match std::panic::catch_unwind(|| rfm_fuzz::read_workbook(&bytes)) {
            Ok(Ok((rows, cells))) => writeln!(out, "ok {rows} rows, {cells} cells")?,
            Ok(Err(error)) => writeln!(out, "error {error}")?,
            Err(_) => writeln!(out, "panic")?,
        }
        out.flush()?;
    }
    Ok(())
}
