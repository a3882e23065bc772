//! One input of a run, as far as others may know it.

use std::path::Path;

use rfm_core::{ColumnRoles, Role, RoleReason};
use serde_json::{Map, Value, json};

/// What is told of one input: its file name without directories, its size and digest, and what was found out about it.
///
/// # Examples
///
/// ```
/// use rfm_output::InputDescription;
///
/// let input = InputDescription::new("data/orders.csv.gz")
///     .bytes(1_234)
///     .blake3("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")
///     .records(100)
///     .fact("compression", "gzip")
///     .fact("date_format", "Y-m-d, proven by day 13");
/// assert_eq!(input.name(), "orders.csv.gz");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputDescription {
    name: String,
    bytes: Option<u64>,
    digest: Option<String>,
    lines: Option<u64>,
    records: Option<u64>,
    facts: Map<String, Value>,
    columns: Map<String, Value>,
}

impl InputDescription {
    /// An input with this path, of which only the file name is kept; `-` is standard input.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> InputDescription {
        InputDescription {
            name: file_name(path.as_ref()),
            bytes: None,
            digest: None,
            lines: None,
            records: None,
            facts: Map::new(),
            columns: Map::new(),
        }
    }

    /// Its size as it is stored.
    #[must_use]
    pub fn bytes(self, bytes: u64) -> InputDescription {
        InputDescription { bytes: Some(bytes), ..self }
    }

    /// The BLAKE3 digest of the stored bytes, in hexadecimal.
    #[must_use]
    pub fn blake3(self, hex: &str) -> InputDescription {
        InputDescription { digest: Some(format!("blake3:{hex}")), ..self }
    }

    /// Physical lines in it, with header and blank lines.
    #[must_use]
    pub fn lines(self, lines: u64) -> InputDescription {
        InputDescription { lines: Some(lines), ..self }
    }

    /// Records of data in it, without the header. If all inputs tell them, the account of the run is checked against the sum.
    #[must_use]
    pub fn records(self, records: u64) -> InputDescription {
        InputDescription { records: Some(records), ..self }
    }

    /// Something that was detected or given, such as delimiter, encoding or date format, and how it is known.
    #[must_use]
    pub fn fact(mut self, key: impl Into<String>, value: impl Into<String>) -> InputDescription {
        self.facts.insert(key.into(), Value::String(value.into()));
        self
    }

    /// The column of a role, and why it is that one.
    #[must_use]
    pub fn column(mut self, role: Role, column: impl Into<String>, why: impl Into<String>) -> InputDescription {
        self.columns.insert(role.name().to_owned(), json!({"column": column.into(), "why": why.into()}));
        self
    }

    /// The columns of all roles, by the header that they were found in.
    #[must_use]
    pub fn columns<S: AsRef<str>>(self, header: &[S], roles: &ColumnRoles) -> InputDescription {
        Role::ALL.into_iter().fold(self, |input, role| {
            match roles.column(role).and_then(|column| header.get(column)).zip(roles.reason(role)) {
                Some((column, RoleReason::Named)) => input.column(role, column.as_ref(), "named by the caller"),
                Some((column, RoleReason::Synonym)) => input.column(role, column.as_ref(), "known header"),
                Some((column, _)) => input.column(role, column.as_ref(), "detected"),
                None => input,
            }
        })
    }

    /// The file name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) const fn known_records(&self) -> Option<u64> {
        self.records
    }

    pub(super) fn document(&self) -> Value {
        json!({
            "name": self.name,
            "bytes": self.bytes,
            "digest": self.digest,
            "lines": self.lines,
            "records": self.records,
            "facts": self.facts,
            "columns": self.columns,
        })
    }
}

/// The last part of a path. Also behind a backslash where that is no separator: a Windows path may have come from elsewhere, and
/// directories tell who the user is.
pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rfm_core::ColumnChoice;

    #[test]
    fn directories_are_left_out() {
        for path in ["/home/me/a.csv", "a.csv", "../a.csv", "C:\\Users\\me\\a.csv", "/x/y\\a.csv"] {
            assert_eq!(InputDescription::new(path).name(), "a.csv", "{path}");
        }
        assert_eq!(InputDescription::new("-").name(), "-");
    }

    #[test]
    fn columns_say_why() {
        let header = ["Client ref", "InvoiceDate", "Amount"];
        let choice = ColumnChoice::default().with(Role::Customer, "Client ref");
        let roles = ColumnRoles::resolve(&header, &choice).unwrap();
        let input = InputDescription::new("a.csv").columns(&header, &roles).document();
        let columns = input["columns"].as_object().unwrap();
        assert_eq!(columns["customer"], json!({"column": "Client ref", "why": "named by the caller"}));
        assert_eq!(columns["date"], json!({"column": "InvoiceDate", "why": "known header"}));
        assert_eq!(columns.len(), 3);
    }
}
