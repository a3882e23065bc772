//! A result as a workbook, with what is known of the customers beside it; and a sheet of that workbook as a table of customers.

use std::fs;

use rfm_kit::excel::ExcelOptions;
use rfm_kit::output::{Format, TextGuard};
use rfm_kit::{ColumnChoice, Day, InputOptions, Job, Level, ReadOptions};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let orders = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.csv");
    let directory = std::env::temp_dir().join("rfm-example-workbook");
    fs::create_dir_all(&directory)?;
    let tiers = directory.join("tiers.csv");
    fs::write(&tiers, "customer_id,Tier\n100128,gold\n")?;
    let as_of = Day::from_ymd(2025, 12, 31)?;

    // Workbooks and Parquet are inputs as well: their content tells what they are.
    let run = Job::new([orders]).as_of(as_of).attributes(&tiers).by("country").run()?;
    for path in run.write(&directory, &[Format::Xlsx], TextGuard::Spreadsheet)? {
        println!("wrote {}", path.file_name().unwrap_or_default().display());
    }

    // One row for each customer: it enters where the lines of the orders were already summed up.
    let read = ReadOptions::default().columns(ColumnChoice::default().at_level(Level::Customers));
    let options = InputOptions::from(read).with_excel(ExcelOptions::default().sheet("Customers"));
    let again = Job::new([directory.join("customers.xlsx")]).as_of(as_of).reading(options).run()?;
    assert_eq!(again.segmentation().summary(), run.segmentation().summary());
    println!("{} customers, segmented once more to the same segments", again.segmentation().len());
    fs::remove_dir_all(&directory)?;
    Ok(())
}
