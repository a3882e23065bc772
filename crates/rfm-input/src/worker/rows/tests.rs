use proptest::prelude::*;

use super::*;
use crate::worker::message::Message;

/// Rows as they go in and come out: numbers, columns, and cells as texts that tell NaN from NaN.
type Plain = Vec<(u64, Vec<(usize, String)>)>;

fn plain(cell: Cell<'_>) -> String {
    match cell {
        Cell::Float(number) => format!("Float({:x})", number.to_bits()),
        cell => format!("{cell:?}"),
    }
}

fn payload_of(rows: &[(u64, Vec<(usize, Cell<'_>)>)]) -> Vec<u8> {
    let (mut buffer, mut bytes, mut payload) = (RowsBuffer::default(), Vec::new(), Vec::new());
    for (number, cells) in rows {
        buffer.push(*number, cells.iter().copied()).unwrap();
    }
    buffer.write(&mut bytes).unwrap();
    assert!(buffer.is_empty() && buffer.size() == 0);
    assert_eq!(frame::read(&mut &bytes[..], &mut payload), Ok(Some(ROWS)));
    payload
}

fn read(payload: &[u8]) -> Result<Rows, FrameError> {
    Rows::read(Payload::new(payload))
}

fn owned_cells() -> impl Strategy<Value = (String, Cell<'static>)> {
    let value = prop_oneof![
        any::<i128>().prop_map(Cell::Integer),
        (any::<i128>(), any::<u8>()).prop_map(|(units, places)| Cell::Decimal { units, places }),
        any::<u64>().prop_map(|bits| Cell::Float(f64::from_bits(bits))),
        any::<i32>().prop_map(Cell::Date),
        any::<i64>().prop_map(Cell::Local),
        any::<i64>().prop_map(Cell::Instant),
        any::<bool>().prop_map(Cell::Bool),
        prop::sample::select(&FAULTS[..]).prop_map(Cell::Fault),
        prop::sample::select(&ERROR_VALUES[..]).prop_map(|code| Cell::Fault(CellFault::ErrorValue(code))),
        Just(Cell::Empty),
    ];
    // An empty value stands for the text.
    (".*", value)
}

fn pick<'t>((text, value): &'t (String, Cell<'static>)) -> Cell<'t> {
    if *value == Cell::Empty { Cell::Text(text) } else { *value }
}

proptest! {
    #[test]
    fn every_cell_arrives_as_it_was_sent(
        rows in prop::collection::vec((any::<u64>(), prop::collection::btree_map(0..100usize, owned_cells(), 0..8)), 0..8),
    ) {
        let sent: Vec<_> = rows
            .iter()
            .map(|(number, cells)| (*number, cells.iter().map(|(&column, cell)| (column, pick(cell))).collect::<Vec<_>>()))
            .collect();
        let arrived = read(&payload_of(&sent)).unwrap();
        let of = |number: u64, cells: &mut dyn Iterator<Item = (usize, Cell<'_>)>| {
            (number, cells.map(|(column, cell)| (column, plain(cell))).collect::<Vec<_>>())
        };
        let expected: Plain = sent.iter().map(|(number, cells)| of(*number, &mut cells.iter().copied())).collect();
        let found: Plain = arrived.iter().map(|row| of(row.number(), &mut row.cells())).collect();
        prop_assert_eq!(&found, &expected);
        // By column it is the same.
        for (row, (_, cells)) in arrived.iter().zip(&expected) {
            for column in 0..101 {
                let cell = cells.iter().find(|(own, _)| *own == column).map_or("Empty", |(_, text)| text);
                prop_assert_eq!(plain(row.cell(column)), cell);
            }
        }
    }

    #[test]
    fn any_payload_is_an_error_or_rows(payload: Vec<u8>) {
        let _ = Message::read(ROWS, &payload);
    }

    #[test]
    fn a_changed_payload_is_an_error_or_other_rows(at: prop::sample::Index, byte: u8) {
        let mut payload = payload_of(&sample());
        let at = at.index(payload.len());
        payload[at] = byte;
        if let Ok(rows) = read(&payload) {
            // Every cell can be lent, whatever its text is now.
            let _ = rows.iter().map(|row| row.cells().count()).sum::<usize>();
        }
    }

    #[test]
    fn a_payload_that_ends_early_is_an_error(keep: prop::sample::Index) {
        let payload = payload_of(&sample());
        prop_assert!(read(&payload[..keep.index(payload.len())]).is_err());
    }
}

fn sample() -> Vec<(u64, Vec<(usize, Cell<'static>)>)> {
    vec![
        (2, vec![(0, Cell::Text("né")), (1, Cell::Float(0.5)), (7, Cell::Text("b"))]),
        (3, vec![]),
        (9, vec![(3, Cell::Date(3)), (4, Cell::Fault(CellFault::Covered))]),
    ]
}

#[test]
fn empty_cells_are_not_sent_and_are_there() {
    let rows = read(&payload_of(&[(1, vec![(0, Cell::Empty), (2, Cell::Bool(true))])])).unwrap();
    let row = rows.row(0).unwrap();
    assert_eq!(row.cells().collect::<Vec<_>>(), [(2, Cell::Bool(true))]);
    assert_eq!((row.cell(0), row.cell(2), row.cell(9)), (Cell::Empty, Cell::Bool(true), Cell::Empty));
    assert!(rows.row(1).is_none());
}

#[test]
fn a_text_that_ends_inside_a_letter_is_refused() {
    let mut payload = payload_of(&[(1, vec![(0, Cell::Text("é"))])]);
    let length = payload.len() - 4;
    assert_eq!(payload[length..], [2, 0, 0, 0]);
    payload[length] = 1;
    assert_eq!(read(&payload), Err(FrameError::Malformed("a text beyond the texts")));
    payload[length] = 3;
    assert_eq!(read(&payload), Err(FrameError::Malformed("a text beyond the texts")));
    payload[length] = 0;
    assert_eq!(read(&payload), Err(FrameError::Malformed("bytes that belong to nothing")));
}

#[test]
fn columns_ascend() {
    for columns in [[1, 1], [2, 1]] {
        let payload = payload_of(&[(1, columns.map(|column| (column, Cell::Bool(true))).to_vec())]);
        assert_eq!(read(&payload), Err(FrameError::Malformed("columns that do not ascend")));
    }
}

#[test]
fn a_row_that_no_frame_can_hold_is_refused_and_leaves_nothing() {
    let mut buffer = RowsBuffer::default();
    let wide = (0..=MAX_CELLS).map(|column| (column, Cell::Bool(true)));
    assert!(matches!(buffer.push(7, wide), Err(SendError::RowTooLarge { row: 7 })));
    let long = "x".repeat(frame::MAX_LENGTH);
    assert!(matches!(buffer.push(8, [(0, Cell::Text(&long))]), Err(SendError::RowTooLarge { row: 8 })));
    assert!(buffer.is_empty() && buffer.size() == 0);
}

#[test]
fn an_error_value_that_nobody_knows_is_refused() {
    let cell = Cell::Fault(CellFault::ErrorValue("#NEW!"));
    let refused = RowsBuffer::default().push(7, [(3, cell)]);
    assert!(matches!(refused, Err(SendError::UnknownCell { row: 7, column: 3 })));
}
