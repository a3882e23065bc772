//! Writes the seeds to `corpus/<target>/seed-<number>`.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    for (target, _) in rfm_fuzz::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        for (number, seed) in rfm_fuzz::seeds(target).iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), seed)?;
        }
    }
    Ok(())
}
