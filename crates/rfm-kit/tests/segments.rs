//! Segment models from files, and what is said when they are wrong.

use std::path::Path;

use rfm_kit::{Axes, RfmCell, SegmentModel, segment_model};

fn from_table(text: &str, bins: Option<Axes<u8>>) -> Result<SegmentModel, String> {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("codes.csv");
    std::fs::write(&path, text).expect("a file");
    let place = |path: &Path| path.display().to_string();
    segment_model(&place(&path), bins).map_err(|error| error.to_string().replace(&place(&path), "codes.csv"))
}

#[test]
fn a_table_of_codes_is_for_as_many_bins_as_its_highest_scores() {
    let table = "segment;code;action\nBest;3*3;call\nRest;***;\n";
    let model = from_table(table, None).unwrap();
    assert_eq!(model.bins(), Axes { recency: 3, frequency: 5, monetary: 3 });
    assert_eq!(model.name_of(RfmCell::from_numbers(3, 1, 3).unwrap()), "Best");
    assert_eq!((model.segments()[0].action.as_str(), model.name()), ("call", "codes"));
}

#[test]
fn a_table_that_is_wrong_says_where() {
    let error = |text, bins| from_table(text, bins).unwrap_err();
    assert_eq!(
        error("cod,segment\n555,A\n", None),
        "codes.csv: no column `code`; the header has `cod`, `segment`; rename `cod` if it is that"
    );
    assert_eq!(error("code,segment\n", None), "codes.csv: there is a header and no code behind it");
    assert_eq!(
        error("code,segment\n55,A\n", None),
        "codes.csv, line 2, column 1 `code`: `55` is no code: expected three scores such as `543` or `10-4-3`, `*` for any"
    );
    assert_eq!(
        error("code,segment\n555,A\n", Some(Axes::all(4))),
        "codes.csv, line 2, column 1 `code`: recency in `555` is outside of the scores 1 to 4"
    );
    assert_eq!(
        error("code,segment\n111,\n", None),
        "codes.csv, line 2, column 2 `segment`: a code needs the name of its segment"
    );
}
