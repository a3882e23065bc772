//! Workbooks made part by part, as no program writes them.

use rfm_excel::{ExcelOptions, ExcelSource, ReadOptions, Workbook};
use rfm_input::{InputName, StoredFile};
use rfm_testkit::archive::Archive;

/// A workbook of sheets with this content.
#[derive(Clone, Default)]
pub(crate) struct Book {
    sheets: Vec<(String, String, &'static str)>,
    from_1904: bool,
}

/// The styles of cells: `s="1"` is a date, 2 a duration, 3 a time, 4 a date with a time.
const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"5\">\
    <xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"46\"/><xf numFmtId=\"20\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>";

impl Book {
    pub(crate) fn counted_from_1904(self) -> Book {
        Book { from_1904: true, ..self }
    }

    /// A visible sheet; `rows` stand in `sheetData`.
    pub(crate) fn sheet(self, name: &str, rows: &str) -> Book {
        self.sheet_with(name, &format!("<sheetData>{rows}</sheetData>"), "visible")
    }

    pub(crate) fn sheet_with(mut self, name: &str, content: &str, state: &'static str) -> Book {
        self.sheets.push((name.to_owned(), content.to_owned(), state));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut parts = Vec::new();
        let mut part = |name: &str, content: &str| parts.push((name.to_owned(), content.to_owned()));
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        part("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
        let relation = |id: &str, kind: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
        };
        let root = relation("rId1", "officeDocument", "xl/workbook.xml");
        part("_rels/.rels", &format!("<Relationships xmlns=\"{package}\">{root}</Relationships>"));
        let (mut sheets, mut relations) = (String::new(), String::new());
        for (at, (name, content, state)) in self.sheets.iter().enumerate() {
            let id = at + 1;
            sheets.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{id}\" state=\"{state}\" r:id=\"rId{id}\"/>"));
            relations.push_str(&relation(&format!("rId{id}"), "worksheet", &format!("worksheets/sheet{id}.xml")));
            part(
                &format!("xl/worksheets/sheet{id}.xml"),
                &format!("<worksheet xmlns=\"{main}\">{content}</worksheet>"),
            );
        }
        let calendar = if self.from_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
        part(
            "xl/workbook.xml",
            &format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\">{calendar}<sheets>{sheets}</sheets></workbook>"),
        );
        part("xl/_rels/workbook.xml.rels", &format!("<Relationships xmlns=\"{package}\">{relations}</Relationships>"));
        part("xl/styles.xml", STYLES);
        let archive = parts.into_iter().fold(Archive::new(), |archive, (name, content)| archive.part(&name, content));
        archive.build()
    }

    pub(crate) fn open(&self) -> Workbook {
        let file = StoredFile::from_bytes(&InputName::new("a.xlsx"), self.bytes());
        Workbook::open(&file, rfm_core::Limits::default()).unwrap()
    }

    pub(crate) fn source(&self, options: impl Into<ExcelOptions>) -> Result<ExcelSource, rfm_excel::Error> {
        ExcelSource::from_bytes("a.xlsx", self.bytes(), options)
    }

    /// The error of the first sheet row that is wrong, or of the workbook.
    pub(crate) fn error(&self, options: impl Into<ExcelOptions>) -> String {
        match self.source(options).and_then(|mut source| crate::read(&mut source)) {
            Ok(rows) => panic!("expected an error, read {rows:?}"),
            Err(error) => error.to_string(),
        }
    }
}

/// Rows of texts, numbers and the XML of cells (`<…`), from a row on.
pub(crate) fn rows(first: usize, rows: &[&[&str]]) -> String {
    let mut xml = String::new();
    for (row, cells) in (first..).zip(rows) {
        xml.push_str(&format!("<row r=\"{row}\">"));
        for (letter, cell) in ('A'..='Z').zip(*cells) {
            let place = format!("r=\"{letter}{row}\"");
            if cell.is_empty() {
                continue;
            }
            if let Some(cell) = cell.strip_prefix("<c") {
                xml.push_str(&format!("<c {place}{cell}"));
            } else if cell.parse::<f64>().is_ok() {
                xml.push_str(&format!("<c {place}><v>{cell}</v></c>"));
            } else {
                xml.push_str(&format!("<c {place} t=\"inlineStr\"><is><t>{cell}</t></is></c>"));
            }
        }
        xml.push_str("</row>");
    }
    xml
}

pub(crate) const HEADER: &[&str] = &["Customer", "Date", "Amount"];

/// A date as a cell.
pub(crate) fn date(serial: &str) -> String {
    format!("<c s=\"1\"><v>{serial}</v></c>")
}

pub(crate) fn skip_bad_rows() -> ReadOptions {
    ReadOptions::default().bad_rows(rfm_excel::BadRows::Skip { limit: None })
}
