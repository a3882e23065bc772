//! Segment models by name or from a file.

use std::path::Path;

use rfm_core::{Axes, Preset, ScoreBox, Segment, SegmentModel, SegmentPreset};

use crate::error::{Error, ErrorKind};
use crate::source::{InputOptions, read_table};

/// The segment model of a name or a file.
///
/// - `none`: no segments, scores only;
/// - the name of a [`SegmentPreset`];
/// - a path that ends in `.toml`: a rule file ([`SegmentModel::from_toml`]);
/// - a path that ends in `.csv`, `.tsv`, `.txt`, `.xlsx` or another format of inputs: a table with the columns `code` and `segment`, and if they are there
///   `description`, `meaning` and `action`. Codes may hold `*` for any score. The first code that fits wins.
///
/// `bins` are those of the scoring; a table of codes is for these, a rule file says for which it is. Without `bins` a table is for
/// as many as its highest scores.
///
/// # Errors
///
/// [`Error`] if there is no such preset, or with file, line and column if the file is wrong.
///
/// # Examples
///
/// ```
/// use rfm_kit::{Axes, segment_model};
///
/// let model = segment_model("quartile", Some(Axes::all(4)))?;
/// assert_eq!(model.segments().len(), 9);
/// let error = segment_model("quintile-11", None).unwrap_err();
/// assert!(error.to_string().starts_with("no segments `quintile-11`; there are `table-11`"));
/// # Ok::<(), rfm_kit::Error>(())
/// ```
pub fn segment_model(spec: &str, bins: Option<Axes<u8>>) -> Result<SegmentModel, Error> {
    read_segment_model(spec, bins, &InputOptions::default())
}

/// As [`segment_model`], with the limits and the isolation of `options` for a table of codes in a workbook or another file.
///
/// # Errors
///
/// As [`segment_model`].
///
/// # Examples
///
/// ```
/// use rfm_kit::{InputOptions, read_segment_model};
///
/// let model = read_segment_model("table-11", None, &InputOptions::default())?;
/// assert_eq!(model.segments().len(), 11);
/// # Ok::<(), rfm_kit::Error>(())
/// ```
pub fn read_segment_model(spec: &str, bins: Option<Axes<u8>>, options: &InputOptions) -> Result<SegmentModel, Error> {
    let path = Path::new(spec);
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("toml") => {
            let open = |source| ErrorKind::Open { path: path.to_owned(), source };
            let text = std::fs::read_to_string(path).map_err(open)?;
            Ok(SegmentModel::from_toml(&text).map_err(|error| ErrorKind::RuleFile { path: path.to_owned(), error })?)
        }
        Some("csv" | "tsv" | "txt" | "xlsx" | "xlsb" | "xls" | "ods" | "parquet") => code_table(path, bins, options),
        _ if spec == "none" => Ok(SegmentModel::unnamed(bins.unwrap_or(Axes::all(5)))),
        _ => Ok(spec.parse::<SegmentPreset>().map_err(ErrorKind::UnknownSegments)?.model()),
    }
}

fn code_table(path: &Path, bins: Option<Axes<u8>>, options: &InputOptions) -> Result<SegmentModel, Error> {
    let table = read_table(path, &options.for_tables())?;
    let problem = |place: String, problem: String| Error::from(ErrorKind::CodeTable { place, problem });
    let column = |name: &str| table.needed_column(name).map_err(|missing| problem(path.display().to_string(), missing));
    let (code, segment) = (column("code")?, column("segment")?);
    let about = ["description", "meaning", "action"].map(|name| table.column(name));
    let mut cells = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let place = |column| row.position(column).to_string();
        let pattern = ScoreBox::from_pattern(row.cell(code));
        cells.push(pattern.map_err(|error| problem(place(code), error.to_string()))?);
        if row.cell(segment).trim().is_empty() {
            return Err(problem(place(segment), "a code needs the name of its segment".to_owned()));
        }
        let outside = bins.and_then(|bins| {
            cells
                .last()?
                .iter()
                .find(|(axis, range)| range.high() != u8::MAX && range.high() > bins[*axis])
                .map(|(axis, _)| (axis, bins[axis]))
        });
        if let Some((axis, bins)) = outside {
            let message = format!("{axis} in `{}` is outside of the scores 1 to {bins}", row.cell(code).trim());
            return Err(problem(place(code), message));
        }
    }
    if cells.is_empty() {
        return Err(problem(path.display().to_string(), "there is a header and no code behind it".to_owned()));
    }
    let highest = |axis| {
        let highs = cells.iter().map(|cells: &ScoreBox| cells[axis].high()).filter(|high| *high != u8::MAX);
        highs.max().unwrap_or(5).max(2)
    };
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut builder = SegmentModel::builder(name, bins.unwrap_or_else(|| Axes::from_fn(highest)));
    for (row, cells) in table.rows().zip(&cells) {
        let name = row.cell(segment).trim();
        builder = builder.code(name, *cells);
        let [description, meaning, action] =
            about.map(|column| column.map_or("", |column| row.cell(column)).to_owned());
        if !(description.is_empty() && meaning.is_empty() && action.is_empty()) {
            builder = builder.describe(Segment { name: name.to_owned(), description, meaning, action });
        }
    }
    builder.build().map_err(|error| problem(path.display().to_string(), error.to_string()))
}

/// Names that nobody can get, and what published rules leave open, which are better known before anybody acts on them. Of rules of
/// one's own the fallback may be meant.
pub(crate) fn note_on_rules(preset: Option<Preset>, model: &SegmentModel) -> Option<String> {
    let is_published = SegmentPreset::ALL.iter().any(|known| known.name() == model.name() && known.model() == *model);
    let coverage = model.coverage();
    let names = model.segments().iter().zip(coverage.possible_segments());
    let unreachable: Vec<&str> =
        names.filter(|(_, cells)| **cells == 0).map(|(segment, _)| segment.name.as_str()).collect();
    let mut open = Vec::new();
    if is_published && !coverage.gaps().is_empty() {
        open.push(format!(
            "leave {} of {} codes unnamed ({})",
            coverage.gaps().len(),
            coverage.cells(),
            model.fallback()
        ));
    }
    if !unreachable.is_empty() {
        open.push(format!("have names that nobody can get: {}", unreachable.join(", ")));
    }
    let rules = match preset {
        Some(preset) => format!("preset `{preset}`: its segments `{}`", model.name()),
        None => format!("the segments `{}`", model.name()),
    };
    (!open.is_empty()).then(|| format!("{rules} {}", open.join(", and ")))
}
