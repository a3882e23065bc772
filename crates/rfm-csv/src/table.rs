//! Small tables read whole: segment lookups, lists of orders, attributes of customers.

use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::ColumnRoles;
use rfm_input::{InputName, Site, Table};

use crate::error::Error;
use crate::input::Input;
use crate::layout::{Layout, RecordKind};
use crate::options::CsvOptions;
use crate::records::Records;

/// Reads a file, or standard input for `-`, as a table of texts. Columns need no roles.
///
/// # Errors
///
/// [`Error`] if it cannot be opened, has no header, or a row is broken or has another number of fields.
pub fn read_table(path: impl Into<PathBuf>, options: impl Into<CsvOptions>) -> Result<Table, Error> {
    read(Input::open(&InputName::new(path))?, &options.into())
}

/// Reads a text in memory as a table of texts; `name` is what messages call it.
///
/// # Errors
///
/// As [`read_table`].
///
/// # Examples
///
/// ```
/// use rfm_csv::{CsvOptions, read_table_bytes};
///
/// let table = read_table_bytes("codes.csv", "code,segment\n555,Champions\n".as_bytes(), CsvOptions::default())?;
/// assert_eq!(table.columns(), ["code", "segment"]);
/// let row = table.rows().next().expect("one row");
/// assert_eq!((row.cell(1), row.position(1).line()), ("Champions", Some(2)));
/// # Ok::<(), rfm_csv::Error>(())
/// ```
pub fn read_table_bytes(
    name: impl Into<PathBuf>,
    bytes: impl Into<Arc<[u8]>>,
    options: impl Into<CsvOptions>,
) -> Result<Table, Error> {
    read(Input::from_bytes(&InputName::new(name), bytes)?, &options.into())
}

fn read(input: Input, options: &CsvOptions) -> Result<Table, Error> {
    let (layout, text) = Layout::of(input, options)?;
    layout.check_header()?;
    let mut table = Table::new(Site::of_text(&layout.name, layout.names.clone(), ColumnRoles::default()));
    let mut records = Records::new(text, layout.dialect, options.read.given_limits());
    while let Some(record) = records.next_record().map_err(|error| layout.record_error(error))? {
        if layout.kind_of(&record) != RecordKind::Row {
            continue;
        }
        layout.check(&record)?;
        let cells = (0..record.len()).map(|column| record.field_str(column).unwrap_or_default().to_owned());
        table.push(record.line(), cells);
    }
    Ok(table)
}
