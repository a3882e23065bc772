//! Texts, to models.

use rfm_core::{Axes, Model, Scale};

/// A file of version 1 with every key.
pub(crate) const VERSION_1: &str = include_str!("../../crates/rfm-core/tests/models/v1.json");

/// Reads a text as a model, writes it once more, and scores some values.
///
/// # Panics
///
/// If what is written does not read back.
pub fn model(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let model = match Model::from_json(&text) {
        Ok(model) => model,
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1);
            drop(error.to_string());
            return;
        }
    };
    let written = model.to_json();
    let read = Model::from_json(&written).expect("what was written reads back");
    assert_eq!((read.to_json(), &read), (written, &model));
    for scale in [Scale::UNITS, Scale::MAX] {
        let Ok(assigner) = model.prepare(scale) else { continue };
        for value in [i128::MIN, -1, 0, 1, 1_999, i128::MAX] {
            let Ok(assigned) = assigner.assign_values(Axes::all(value)) else { continue };
            let bins = model.scoring().bins();
            assert!(assigned.cell().iter().all(|(dimension, score)| (1..=bins[dimension]).contains(&score.number())));
            drop(assigner.name_of(assigned).to_owned());
        }
    }
}
