//! The targets over their seeds, and over what a fuzzer left in `corpus/` and `artifacts/`, on stable.

use std::{fs, path::Path};

#[test]
fn seeds_corpus_and_finds_pass() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (target, run) in rfm_fuzz::TARGETS {
        rfm_fuzz::seeds(target).iter().for_each(|seed| run(seed));
        for folder in ["corpus", "artifacts"] {
            let Ok(entries) = fs::read_dir(here.join(folder).join(target)) else { continue };
            for path in entries.map(|entry| entry.expect("a readable folder").path()).filter(|path| path.is_file()) {
                println!("{}", path.display()); // shown if it fails
                run(&fs::read(&path).expect("a readable file"));
            }
        }
    }
}

/// A fuzzer for the poor: seeds with some bytes changed, always the same.
#[test]
fn damaged_seeds_pass() {
    let mut state = 1u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for (target, run) in rfm_fuzz::TARGETS {
        for seed in rfm_fuzz::seeds(target) {
            for _ in 0..60 {
                let mut text = seed.clone();
                for _ in 0..=random(4) {
                    let at = random(text.len());
                    let bytes = b",;\t|\"'\n\r\0\xFF.-/ 0123456789aE";
                    match random(3) {
                        0 => text[at] = bytes[random(bytes.len())],
                        1 => text.insert(at, bytes[random(bytes.len())]),
                        _ => drop(text.remove(at)),
                    }
                }
                run(&text);
            }
        }
    }
}
