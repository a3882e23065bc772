//! Files of columns, read back by the readers of their own libraries.

use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use proptest::prelude::*;
use rfm_core::{Scale, Scoring, Segmentation};
use rfm_output::{
    Extras, Format, RunDescription, TextGuard, write_customers, write_file, write_result, write_scores, write_segments,
};

use crate::fixture::{extra_columns, lines, nasty, scale, score_display, scoring, segment, settings, three};

fn formats() -> Vec<Format> {
    Format::ALL.iter().copied().filter(|format| ["parquet", "arrow"].contains(&format.name())).collect()
}

fn read(format: Format, bytes: &[u8]) -> (SchemaRef, Vec<RecordBatch>) {
    match format {
        #[cfg(feature = "parquet")]
        Format::Parquet => {
            let file = bytes::Bytes::copy_from_slice(bytes);
            let builder = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            let schema = builder.schema().clone();
            (schema, builder.build().unwrap().map(Result::unwrap).collect())
        }
        #[cfg(feature = "arrow")]
        Format::Arrow => {
            let reader = arrow_ipc::reader::FileReader::try_new(std::io::Cursor::new(bytes), None).unwrap();
            (reader.schema(), reader.map(Result::unwrap).collect())
        }
        other => panic!("no reader for {other}"),
    }
}

/// All cells as texts, as in a CSV; nothing for no value.
fn table(format: Format, bytes: &[u8]) -> Vec<Vec<String>> {
    let (schema, batches) = read(format, bytes);
    let mut rows = vec![schema.fields().iter().map(|field| field.name().clone()).collect()];
    for batch in batches {
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|array| rfm_arrow::cell(array, row).to_string()).collect());
        }
    }
    rows
}

fn csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Every table of a result, in a format: customers with all extras, segments, scores.
fn tables(result: &Segmentation, format: Format) -> [Vec<u8>; 3] {
    let extras = Extras::try_new(extra_columns(result), result.customers()).unwrap();
    let [mut customers, mut segments, mut scores] = [const { Vec::new() }; 3];
    write_customers(result, &extras, format, TextGuard::Exact, &mut customers).unwrap();
    write_segments(&result.summary(), format, TextGuard::Exact, &mut segments).unwrap();
    write_scores(result, format, &mut scores).unwrap();
    [customers, segments, scores]
}

/// A number without the zeros that end its decimals: the score table has days and money in one column.
fn shortened(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

proptest! {
    #[test]
    fn every_table_is_the_one_that_a_csv_has(
        lines in lines(), scale in scale(), scoring in scoring(), names in [nasty(), nasty()],
        display in score_display(),
    ) {
        prop_assume!(names[0] != names[1]);
        let rfm = settings(scale, [&names[0], &names[1]], scoring);
        let Some(result) = segment(&rfm, &lines) else { return Ok(()) };
        let result = result.with_score_display(display);
        let [customers, segments, scores] = tables(&result, Format::Csv).map(|bytes| csv(&bytes));
        for format in formats() {
            let found = tables(&result, format);
            prop_assert_eq!(&found, &tables(&result, format), "the same bytes, twice");
            let [found_customers, found_segments, found_scores] = found.map(|bytes| table(format, &bytes));
            prop_assert_eq!(found_customers, customers.clone());
            prop_assert_eq!(found_segments, segments.clone());
            let short = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
                rows.iter().map(|row| row.iter().map(|cell| shortened(cell)).collect()).collect()
            };
            prop_assert_eq!(short(&found_scores), short(&scores));
        }
    }
}

#[test]
fn columns_have_the_types_that_are_told() {
    let line = |id: &str| (id.to_owned(), 1, 1, 500);
    let rfm = settings(Scale::new(3).unwrap(), ["a", "b"], Scoring::QUARTILE);
    let result = segment(&rfm, &[line("x"), line("y")]).unwrap();
    for format in formats() {
        let (schema, _) = read(format, &tables(&result, format)[0]);
        let types: Vec<String> = schema.fields().iter().map(|field| field.data_type().to_string()).collect();
        assert_eq!(
            types,
            [
                "Utf8",
                "Date32",
                "Int32",
                "Int64",
                "Decimal128(38, 3)",
                "UInt8",
                "UInt8",
                "UInt8",
                "Dictionary(Int32, Utf8)",
                "Dictionary(Int32, Utf8)",
                "Date32",
                "Int32",
                "Decimal128(38, 3)",
                "Decimal128(38, 4)",
                "Decimal128(38, 3)",
                "Int64",
                "Int64",
                "Decimal128(38, 1)",
                "Utf8",
                "Utf8",
            ],
            "{format}"
        );
        // Nobody in the first segment has a next step, and purchases worth nothing have no rate of returns.
        let may_be_empty = |name: &str| ["return_rate", "next_step"].contains(&name);
        assert!(schema.fields().iter().all(|field| field.is_nullable() == may_be_empty(field.name())), "{format}");
        let (schema, _) = read(format, &tables(&result, format)[1]);
        let nullable: Vec<&str> =
            schema.fields().iter().filter(|field| !field.is_nullable()).map(|field| field.name().as_str()).collect();
        assert_eq!(nullable, ["segment", "customers", "orders", "revenue"], "{format}");
    }
}

#[test]
fn the_files_carry_the_description_of_the_run() {
    let scratch = tempfile::tempdir().unwrap();
    let (rfm, result) = three();
    let run = RunDescription::new("test", "1").settings(&rfm);
    let directory = scratch.path().join("result");
    let mut all = vec![Format::Csv];
    all.extend(formats());
    let paths = write_result(&directory, &result, &Extras::default(), &all, TextGuard::Exact, &run).unwrap();
    assert_eq!(paths, rfm_output::result_paths(&directory, &all, false));
    let text = std::fs::read_to_string(directory.join("run.json")).unwrap();
    for format in formats() {
        for name in ["customers", "segments", "scores"] {
            let bytes = std::fs::read(directory.join(format!("{name}.{format}"))).unwrap();
            assert_eq!(read(format, &bytes).0.metadata().get("rfm"), Some(&text), "{name}.{format}");
        }
        let mut alone = Vec::new();
        write_file(&result, &Extras::default(), format, TextGuard::Exact, &run, &mut alone).unwrap();
        let metadata = read(format, &alone).0.metadata().clone();
        let run: serde_json::Value = serde_json::from_str(&metadata["rfm"]).unwrap();
        assert_eq!(run["choices"]["formats"], format.name());
    }
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["outputs"].as_array().unwrap().len(), 3 * all.len());
}

#[test]
fn a_full_disk_is_an_error_of_the_output() {
    let (_, result) = three();
    for format in formats() {
        let mut all = Vec::new();
        write_customers(&result, &Extras::default(), format, TextGuard::Exact, &mut all).unwrap();
        for size in 0..all.len() {
            let mut full = vec![0u8; size];
            let mut out = full.as_mut_slice();
            let error = write_customers(&result, &Extras::default(), format, TextGuard::Exact, &mut out).unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::WriteZero, "{format} {size}: {error}");
        }
    }
}

#[cfg(feature = "parquet")]
#[test]
fn nothing_about_ids_is_in_the_footer() {
    use parquet::file::reader::{FileReader, SerializedFileReader};

    let (_, result) = three();
    let mut bytes = Vec::new();
    write_customers(&result, &Extras::default(), Format::Parquet, TextGuard::Exact, &mut bytes).unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes.clone())).unwrap();
    let group = reader.metadata().row_group(0);
    let (id, day) = (group.column(0), group.column(1));
    assert!(id.statistics().is_none() && id.bloom_filter_offset().is_none() && id.column_index_offset().is_none());
    assert!(day.statistics().is_some());
    assert_eq!(id.compression(), parquet::basic::Compression::ZSTD(Default::default()));

    // Behind the pages, which are compressed, no id stands anywhere.
    let size = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize;
    let footer = String::from_utf8_lossy(&bytes[bytes.len() - 8 - size..]).into_owned();
    for row in result.rows() {
        assert!(!footer.contains(row.customer_id()), "{}", row.customer_id());
    }
}

#[test]
fn labels_are_dictionaries_that_all_batches_share() {
    let lines: Vec<_> = (0..70_000).map(|at| (format!("c{at:05}"), 1, at % 300, i64::from(at) * 10 + 10)).collect();
    let result = segment(&settings(Scale::CENTS, ["a", "b"], Scoring::QUARTILE), &lines).unwrap();
    for format in formats() {
        let mut bytes = Vec::new();
        write_customers(&result, &Extras::default(), format, TextGuard::Exact, &mut bytes).unwrap();
        let (schema, batches) = read(format, &bytes);
        assert!(matches!(schema.field(8).data_type(), DataType::Dictionary(..)), "{format}");
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 70_000, "{format}");
        let last = batches.last().unwrap();
        let row = last.num_rows() - 1;
        assert_eq!(rfm_arrow::cell(last.column(0), row).text(), Some("c69999"));
        assert_eq!(last.column(9).null_count(), 0);
    }
}
