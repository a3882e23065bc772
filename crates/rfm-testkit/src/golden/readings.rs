//! `messy_readings.csv`: what independent readers made of odd files.

use std::collections::BTreeMap;
use std::path::Path;

use super::Table;
use crate::error::Error;

/// One reading.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The file, relative to `data/messy`.
    pub file: String,
    /// Who read it: `bytes`, `python csv`, `duckdb`, `pandas`, `calamine`, `pyarrow`.
    pub reader: String,
    /// What was read off it, such as `Columns`, `rows (read)`, `error`.
    pub key: String,
    /// The answer, in the reader's own form.
    pub value: String,
}

/// All readings, in the order of the file. They are readings, not rulings: the readers disagree on some files.
#[derive(Clone, Debug)]
pub struct MessyReadings {
    readings: Vec<Reading>,
}

impl MessyReadings {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// Those of [`Table::read`], and of a column that is missing.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let table = Table::read(path)?;
        let mut readings = Vec::with_capacity(table.len());
        for row in table.rows() {
            readings.push(Reading {
                file: row.text("file")?.to_owned(),
                reader: row.text("reader")?.to_owned(),
                key: row.text("key")?.to_owned(),
                value: row.text("value")?.to_owned(),
            });
        }
        Ok(Self { readings })
    }

    /// All readings.
    pub fn all(&self) -> &[Reading] {
        &self.readings
    }

    /// The files, each once, in the order of the table.
    pub fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.readings.iter().map(|reading| reading.file.as_str()).collect();
        files.dedup();
        files
    }

    /// The first answer of a reader on a file.
    pub fn value(&self, file: &str, reader: &str, key: &str) -> Option<&str> {
        self.readings
            .iter()
            .find(|reading| reading.file == file && reading.reader == reader && reading.key == key)
            .map(|reading| reading.value.as_str())
    }

    /// How many records of which width Python's csv module found with a comma as the delimiter, the header and blank lines
    /// (width 0) included; `None` if it gave an error or was not asked.
    pub fn records_by_width(&self, file: &str) -> Option<BTreeMap<usize, usize>> {
        let value = self.value(file, "python csv", "records by width (comma)")?;
        let pairs = value.split_whitespace().map(|pair| {
            let (width, records) = pair.split_once(':')?;
            Some((width.parse().ok()?, records.parse().ok()?))
        });
        pairs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::file;
    use super::*;

    #[test]
    fn answers_are_found() {
        let path = file(
            "readings",
            "file,reader,key,value\na/b.csv,bytes,bom,\na/b.csv,python csv,records by width (comma),3:1 4:12\n\
             a/c.csv,duckdb,Delimiter,\"\"\"','\"\"\"\n",
        );
        let readings = MessyReadings::read(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        assert_eq!(readings.files(), ["a/b.csv", "a/c.csv"]);
        assert_eq!(readings.value("a/c.csv", "duckdb", "Delimiter"), Some("\"','\""));
        assert_eq!(readings.records_by_width("a/b.csv"), Some(BTreeMap::from([(3, 1), (4, 12)])));
        assert_eq!(readings.records_by_width("a/c.csv"), None);
    }

    #[test]
    fn every_file_of_the_shared_table_is_there() {
        let Some(shared) = crate::shared("every_file_of_the_shared_table_is_there") else { return };
        let readings = MessyReadings::read(shared.join("golden/messy_readings.csv")).unwrap();
        let files = readings.files();
        assert!(files.len() > 150, "{}", files.len());
        for file in files {
            assert!(shared.join("data/messy").join(file).is_file(), "{file}");
        }
    }
}
