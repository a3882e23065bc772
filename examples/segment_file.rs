//! A CSV file to segments and a summary, with `rfm-kit`.

use rfm_kit::output::{Format, Terminal, TextGuard};
use rfm_kit::{Day, Job};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let orders = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.csv");
    let run = Job::new([orders]).as_of(Day::from_ymd(2025, 12, 31)?).run()?;
    print!("{}", Terminal::new(100).segments(&run.segmentation().summary()));

    // customers.csv, segments.csv, scores.csv and run.json: all of them or none.
    let directory = std::env::temp_dir().join(format!("rfm-example-{}", std::process::id()));
    for path in run.write(&directory, &[Format::Csv], TextGuard::Spreadsheet)? {
        println!("wrote {}", path.display());
    }
    std::fs::remove_dir_all(directory)?;
    Ok(())
}
