//! The segment table: which columns fit, and how wide they are.

use comfy_table::{CellAlignment, Column as TableColumn, ColumnConstraint, LineStyle, Row, Table, TableStyle, Width};
use rfm_core::{Decimal, Dimension, Ratio, Scale, SegmentRow, SegmentSummary};

use super::text::{grouped, printable};
use super::{Glyphs, Terminal, bar};

const GAP: usize = 2;
const LONGEST_BAR: usize = 24;
const SHORTEST_BAR: usize = 6;
/// Names longer than this are cut before a column goes.
const USUAL_NAME: usize = 20;
const SHORTEST_NAME: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Customers,
    Share,
    Bar,
    Revenue,
    RevenueShare,
    Median(Dimension),
}

const COLUMNS: [Column; 9] = [
    Column::Name,
    Column::Customers,
    Column::Share,
    Column::Bar,
    Column::Revenue,
    Column::RevenueShare,
    Column::Median(Dimension::Recency),
    Column::Median(Dimension::Frequency),
    Column::Median(Dimension::Monetary),
];

/// What goes first when there is no room.
const EXPENDABLE: [Column; 5] = [
    Column::Median(Dimension::Monetary),
    Column::Median(Dimension::Frequency),
    Column::Median(Dimension::Recency),
    Column::RevenueShare,
    Column::Bar,
];

impl Column {
    fn header(self) -> String {
        match self {
            Column::Name => "segment".to_owned(),
            Column::Customers => "customers".to_owned(),
            Column::Share | Column::RevenueShare => "share".to_owned(),
            Column::Bar => String::new(),
            Column::Revenue => "revenue".to_owned(),
            Column::Median(dimension) => format!("median\n{dimension}"),
        }
    }

    /// A bar is drawn later, when its width is known.
    fn cell(self, row: &SegmentRow) -> String {
        match self {
            Column::Name => printable(row.name()).into_owned(),
            Column::Customers => grouped(row.customers()),
            Column::Share => percentage(row.share()),
            Column::Bar => String::new(),
            Column::Revenue => grouped(row.revenue()),
            Column::RevenueShare => percentage(row.revenue_share()),
            Column::Median(dimension) => {
                let decimals = if dimension == Dimension::Monetary { 2 } else { 1 };
                typical(row.medians()[dimension], decimals)
            }
        }
    }

    fn alignment(self) -> CellAlignment {
        match self {
            Column::Name | Column::Bar => CellAlignment::Left,
            _ => CellAlignment::Right,
        }
    }
}

fn typical(value: Option<Decimal>, decimals: u8) -> String {
    // A median has a decimal more than its values: whole money stays without cents.
    let shown = |value: Decimal| {
        let decimals = decimals.min(value.scale().decimals());
        Ratio::from(value).to_decimal(Scale::new(decimals).unwrap_or(Scale::UNITS))
    };
    value.map_or("-".to_owned(), |value| grouped(shown(value)))
}

/// A share of six decimals as a percentage with one.
fn percentage(share: Option<Decimal>) -> String {
    let tenth = Scale::new(1).unwrap_or_default();
    let percent = |share: Decimal| {
        let percent = Ratio::new(share.minor(), share.scale().minor_units().unsigned_abs().div_ceil(100).max(1));
        percent.to_decimal(tenth)
    };
    share.map_or("-".to_owned(), |share| format!("{}%", grouped(percent(share))))
}

pub(super) fn table(terminal: &Terminal, summary: &SegmentSummary) -> String {
    let rows: Vec<&SegmentRow> = summary.rows().iter().chain([summary.total()]).collect();
    let widths = fit(terminal, natural_widths(&rows));
    let bar_width = widths.iter().find(|(column, _)| *column == Column::Bar).map_or(0, |(_, width)| *width);
    let largest = summary.rows().iter().filter_map(SegmentRow::share).map(Decimal::minor).max().unwrap_or(0);

    let columns = || widths.iter().map(|(column, _)| *column);
    let mut table = Table::new();
    table.load_style(style(terminal.glyphs));
    table.set_truncation_indicator(if terminal.glyphs == Glyphs::Ascii { "..." } else { "…" });
    // Names of one line stand beside the second line of the others.
    let is_tall = columns().any(|column| column.header().contains('\n'));
    table.set_header(columns().map(|column| match column.header() {
        low if is_tall && !low.contains('\n') => format!("\n{low}"),
        header => header,
    }));
    for (at, row) in rows.iter().enumerate() {
        let bar = |row: &SegmentRow| {
            let share = row.share().filter(|_| at < summary.rows().len()).map_or(0, Decimal::minor);
            bar::draw(share, largest, bar_width, terminal.glyphs)
        };
        let cells = columns().map(|column| if column == Column::Bar { bar(row) } else { column.cell(row) });
        let mut cells = Row::from(cells.collect::<Vec<_>>());
        cells.max_height(1);
        table.add_row(cells);
    }
    for ((column, width), shown) in widths.iter().zip(table.column_iter_mut()) {
        set_column(shown, *column, *width);
    }
    finish(terminal, &table, summary.rows().is_empty())
}

fn set_column(shown: &mut TableColumn, column: Column, width: usize) {
    let cells = |width: usize| u16::try_from(width).unwrap_or(u16::MAX);
    let gap = if column == Column::Name { 0 } else { GAP };
    shown.set_padding((cells(gap), 0));
    shown.set_cell_alignment(column.alignment());
    // An absolute width is with padding.
    shown.set_constraint(ColumnConstraint::Absolute(Width::Fixed(cells(width + gap))));
}

/// Lines between header, segments and total, nothing between columns.
fn style(glyphs: Glyphs) -> TableStyle {
    let line = if glyphs == Glyphs::Ascii { '-' } else { '─' };
    TableStyle::new().header_separator(LineStyle::none().fill(line))
}

/// The lines without trailing blanks, with a second rule above the total, in colour if that was asked for.
fn finish(terminal: &Terminal, table: &Table, no_segment: bool) -> String {
    let mut lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    let header = lines.len().saturating_sub(table.row_count() + 1);
    if let (Some(rule), false) = (lines.get(header).cloned(), no_segment) {
        lines.insert(lines.len() - 1, rule);
    }
    if terminal.colour {
        let total = lines.len() - 1;
        for (at, line) in lines.iter_mut().enumerate() {
            *line = if at < header || at == total { format!("\u{1b}[1m{line}\u{1b}[0m") } else { coloured_bar(line) };
        }
    }
    lines.join("\n") + "\n"
}

/// The bar is the last of its kind in a line: behind it there are only numbers.
fn coloured_bar(line: &str) -> String {
    let Some((last, c)) = line.char_indices().rfind(|(_, c)| bar::is_part(*c)) else { return line.to_owned() };
    let end = last + c.len_utf8();
    let start = line[..end].trim_end_matches(bar::is_part).len();
    format!("{}\u{1b}[36m{}\u{1b}[0m{}", &line[..start], &line[start..end], &line[end..])
}

/// Of each column the width that its content needs, by the width that characters have in a terminal.
fn natural_widths(rows: &[&SegmentRow]) -> Vec<(Column, usize)> {
    let mut table = Table::new();
    table.set_header(COLUMNS.map(Column::header));
    for row in rows {
        table.add_row(COLUMNS.map(|column| column.cell(row)));
    }
    COLUMNS.into_iter().zip(table.column_max_content_widths().into_iter().map(usize::from)).collect()
}

/// The columns that fit, and their widths.
fn fit(terminal: &Terminal, mut widths: Vec<(Column, usize)>) -> Vec<(Column, usize)> {
    let total =
        |widths: &[(Column, usize)]| widths.iter().map(|(_, width)| width + GAP).sum::<usize>().saturating_sub(GAP);
    let set = |widths: &mut [(Column, usize)], wanted: Column, change: &dyn Fn(usize) -> usize| {
        for (_, width) in widths.iter_mut().filter(|(column, _)| *column == wanted) {
            *width = change(*width);
        }
    };
    let shorten = |widths: &mut [(Column, usize)], least: usize| {
        let over = total(widths).saturating_sub(terminal.width);
        set(widths, Column::Name, &|width| width.saturating_sub(over).max(width.min(least)));
    };
    set(&mut widths, Column::Bar, &|_| SHORTEST_BAR);
    shorten(&mut widths, USUAL_NAME);
    for column in EXPENDABLE {
        if total(&widths) > terminal.width {
            widths.retain(|(kept, _)| *kept != column);
        }
    }
    shorten(&mut widths, SHORTEST_NAME);
    let spare = terminal.width.saturating_sub(total(&widths));
    set(&mut widths, Column::Bar, &|width| (width + spare).min(LONGEST_BAR));
    widths
}
