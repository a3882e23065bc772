//! Temporary.
#![allow(clippy::all)]
use rfm_csv::{CsvOptions, inspect};
#[test]
fn zz() {
    for f in std::env::var("FILES").unwrap().split_whitespace() {
        match inspect(format!("/work/shared/data/messy/{f}"), &CsvOptions::default()) {
            Err(e) => println!("{f}: ERR {e}"),
            Ok(i) => {
                println!("{f}: {} x {} complete {} names {:?} widths {:?}", i.column_names().len(), i.rows() + 1, i.is_complete(), i.column_names().iter().take(4).collect::<Vec<_>>(), i.widths());
                println!("   {:?}", i.facts().iter().filter(|f| f.0 == "rows" || f.0 == "lines" || f.0 == "delimiter" ).collect::<Vec<_>>());
                println!("   count {}", i.problem_count());
                for p in i.problems().iter().take(4) { println!("   {p}"); }
            }
        }
    }
}
