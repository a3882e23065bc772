//! A small file that is right passes; then each rule is broken once.

use std::io::Cursor as Bytes;

use rfm_core::Limits;

use super::*;

/// A value of Thrift.
#[derive(Clone)]
enum Value {
    I32(i64),
    I64(i64),
    Text(&'static str),
    Struct(Vec<(i16, Value)>),
    List(u8, Vec<Value>),
}

use Value::{I32, I64, List, Struct, Text};

impl Value {
    fn kind(&self) -> u8 {
        match self {
            I32(_) => 5,
            I64(_) => 6,
            Text(_) => 8,
            List(..) => 9,
            Struct(_) => 12,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            I32(number) | I64(number) => varint(((number << 1) ^ (number >> 63)) as u64, out),
            Text(text) => {
                varint(text.len() as u64, out);
                out.extend_from_slice(text.as_bytes());
            }
            Struct(fields) => {
                for (id, value) in fields {
                    out.push(value.kind());
                    I32((*id).into()).write(out);
                    value.write(out);
                }
                out.push(0);
            }
            List(kind, values) => {
                out.push(0xf0 | kind);
                varint(values.len() as u64, out);
                values.iter().for_each(|value| value.write(out));
            }
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A file of one column of three whole numbers, whose parts a test may change.
struct Draft {
    node: Vec<(i16, Value)>,
    header: Vec<(i16, Value)>,
    /// The structure for the kind of page, by its field.
    page: (i16, Vec<(i16, Value)>),
    data: Vec<u8>,
    chunk: Vec<(i16, Value)>,
    column: Vec<(i16, Value)>,
    row_group: Vec<(i16, Value)>,
    file: Vec<(i16, Value)>,
    /// More pages, before and after the one.
    around: [Vec<u8>; 2],
}

impl Draft {
    fn new() -> Draft {
        Draft {
            node: vec![(1, I32(2)), (3, I32(0)), (4, Text("n"))],
            header: vec![(1, I32(0)), (2, I32(24)), (3, I32(24))],
            page: (5, vec![(1, I32(3)), (2, I32(0)), (3, I32(3)), (4, I32(3))]),
            data: vec![7; 24],
            chunk: vec![
                (1, I32(2)),
                (2, List(5, vec![I32(0)])),
                (3, List(8, vec![Text("n")])),
                (4, I32(0)),
                (5, I64(3)),
                (6, I64(24)),
                (9, I64(4)),
            ],
            column: vec![(2, I64(0))],
            row_group: vec![(2, I64(24)), (3, I64(3))],
            file: vec![(1, I32(1)), (3, I64(3))],
            around: [vec![], vec![]],
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut header = self.header.clone();
        header.push((self.page.0, Struct(self.page.1.clone())));
        let mut bytes = b"PAR1".to_vec();
        bytes.extend(&self.around[0]);
        bytes.extend(Struct(header).bytes());
        bytes.extend(&self.data);
        bytes.extend(&self.around[1]);
        let mut chunk = self.chunk.clone();
        if !chunk.iter().any(|(id, _)| *id == 7) {
            chunk.push((7, I64(bytes.len() as i64 - 4)));
        }
        let mut column = self.column.clone();
        column.push((3, Struct(chunk)));
        let mut row_group = vec![(1, List(12, vec![Struct(column)]))];
        row_group.extend(self.row_group.clone());
        let root = Struct(vec![(4, Text("schema")), (5, I32(1))]);
        let mut file = vec![(2, List(12, vec![root, Struct(self.node.clone())]))];
        file.extend(self.file.clone());
        if !file.iter().any(|(id, _)| *id == 4) {
            file.push((4, List(12, vec![Struct(row_group)])));
        }
        framed(bytes, &Struct(file).bytes())
    }
}

fn framed(mut bytes: Vec<u8>, footer: &[u8]) -> Vec<u8> {
    bytes.extend(footer);
    bytes.extend((footer.len() as u32).to_le_bytes());
    bytes.extend(b"PAR1");
    bytes
}

fn set(fields: &mut Vec<(i16, Value)>, id: i16, value: Value) {
    match fields.iter_mut().find(|(other, _)| *other == id) {
        Some(field) => field.1 = value,
        None => fields.push((id, value)),
    }
}

fn check(bytes: &[u8]) -> Result<Verdict, Fault> {
    let mut file = Bytes::new(bytes);
    let footer = Footer::read(&mut file, bytes.len() as u64, &Limits::default())?;
    let all: Vec<usize> = (0..footer.leaves().len()).collect();
    footer.check_pages(&mut file, &all).map(|pages| pages.verdict)
}

/// The rule that a changed draft breaks.
fn broken(change: impl FnOnce(&mut Draft)) -> String {
    let mut draft = Draft::new();
    change(&mut draft);
    check(&draft.bytes()).map_or_else(|fault| fault.rule.to_string(), |verdict| format!("{verdict:?}"))
}

fn page(kind: i64, inflated: i64, header: (i16, Vec<(i16, Value)>), data: &[u8]) -> Vec<u8> {
    let fields = vec![(1, I32(kind)), (2, I32(inflated)), (3, I32(data.len() as i64)), (header.0, Struct(header.1))];
    let mut bytes = Struct(fields).bytes();
    bytes.extend(data);
    bytes
}

fn dictionary(values: i64, encoding: i64, bytes: i64) -> Vec<u8> {
    page(2, bytes, (7, vec![(1, I32(values)), (2, I32(encoding))]), &[0; 16])
}

#[test]
fn a_file_that_agrees_with_itself_passes() {
    assert_eq!(broken(|_| {}), "Safe");
    let bytes = Draft::new().bytes();
    let footer = Footer::read(&mut Bytes::new(&bytes), bytes.len() as u64, &Limits::default()).unwrap();
    assert_eq!((footer.rows(), footer.rows_of_groups().collect()), (3, vec![3]));
    assert_eq!(footer.leaves()[0].path, "n");
}

#[test]
fn both_ends_are_looked_at() {
    let of = |bytes: &[u8]| check(bytes).unwrap_err().rule.to_string();
    assert_eq!(of(b"PAR1"), "this is not a Parquet file: it does not begin with PAR1");
    assert_eq!(of(b"id,date,amount\n"), "this is not a Parquet file: it does not begin with PAR1");
    let whole = Draft::new().bytes();
    for length in 12..whole.len() {
        assert_eq!(of(&whole[..length]), "the file ends too early; it was not copied or written completely");
    }
    let encrypted = [b"PARE", &whole[4..]].concat();
    assert_eq!(of(&encrypted), "the file is encrypted, which is not read; write it without encryption");
    let long = framed(b"PAR1".to_vec(), &[]);
    let long = [&long[..4], &1u32.to_le_bytes(), b"PAR1"].concat();
    assert_eq!(of(&long), "the file is damaged: its footer is longer than the file");
    assert_eq!(
        of(&framed(b"PAR1".to_vec(), b"\xff\xff")),
        "the file is damaged: its description of the data cannot be read"
    );
}

#[test]
fn a_fault_says_where_it_is() {
    let mut draft = Draft::new();
    set(&mut draft.header, 3, I32(25));
    let fault = check(&draft.bytes()).unwrap_err();
    assert_eq!((fault.row_group, fault.column.as_deref(), fault.offset), (Some(0), Some("n"), Some(4)));
}

#[test]
fn negative_numbers_are_refused_wherever_they_stand() {
    let negative = "the file is damaged: a count, a size or a place is negative";
    for id in [5, 6, 7, 9, 11] {
        assert_eq!(broken(|draft| set(&mut draft.chunk, id, I64(-1))), negative, "field {id}");
    }
    for id in [2, 3] {
        assert_eq!(broken(|draft| set(&mut draft.header, id, I32(-1))), negative, "field {id}");
    }
    assert_eq!(broken(|draft| set(&mut draft.page.1, 1, I32(-3))), negative);
    assert_eq!(broken(|draft| set(&mut draft.row_group, 3, I64(-3))), negative);
    assert_eq!(broken(|draft| set(&mut draft.file, 3, I64(i64::MIN))), negative);
}

#[test]
fn places_and_sizes_lie_inside_of_the_file() {
    let outside = "the file is damaged: a column lies outside of the file";
    for start in [0, 3, 60, i64::MAX] {
        assert_eq!(broken(|draft| set(&mut draft.chunk, 9, I64(start))), outside, "{start}");
    }
    assert_eq!(broken(|draft| set(&mut draft.chunk, 7, I64(i64::MAX))), outside);
    assert_eq!(
        broken(|draft| set(&mut draft.chunk, 7, I64(0))),
        "the file is damaged: a column has values and no bytes"
    );
    assert_eq!(
        broken(|draft| set(&mut draft.chunk, 11, I64(5))),
        "the file is damaged: a dictionary comes after what it is for"
    );
    // Some writers say so of a dictionary that they do not have.
    assert_eq!(broken(|draft| set(&mut draft.chunk, 11, I64(0))), "Safe");
}

#[test]
fn counts_add_up() {
    assert_eq!(
        broken(|draft| set(&mut draft.file, 3, I64(4))),
        "the file is damaged: the rows of its row groups do not add up to its rows"
    );
    assert_eq!(
        broken(|draft| {
            set(&mut draft.file, 3, I64(4));
            set(&mut draft.row_group, 3, I64(4));
        }),
        "the file is damaged: a column has more or fewer values than its row group has rows"
    );
    for values in [2, 4, i64::from(i32::MAX)] {
        assert_eq!(
            broken(|draft| set(&mut draft.page.1, 1, I32(values))),
            "the file is damaged: the values of its pages do not add up to those of the column"
        );
    }
    assert_eq!(
        broken(|draft| draft.file.push((4, List(12, vec![Struct(vec![(1, List(12, vec![])), (3, I64(3))])])))),
        "the file is damaged: a row group has more or fewer columns than the schema"
    );
}

#[test]
fn page_sizes_up_to_the_largest_are_refused_before_anything_is_reserved() {
    for inflated in [(128 << 20) + 1, 1 << 30, i64::from(i32::MAX)] {
        assert_eq!(
            broken(|draft| set(&mut draft.header, 2, I32(inflated))),
            "a page has more bytes than the limit (134217728)"
        );
    }
    assert_eq!(
        broken(|draft| set(&mut draft.header, 2, I32(1 << 31))),
        "the file is damaged: its description of the data cannot be read"
    );
    assert_eq!(
        broken(|draft| set(&mut draft.header, 3, I32(i64::from(i32::MAX)))),
        "the file is damaged: a page is longer than its column"
    );
}

#[test]
fn codecs_that_are_not_read_are_named() {
    let codec = |codec| broken(|draft| set(&mut draft.chunk, 4, I32(codec)));
    for (code, name) in [(3, "LZO"), (4, "Brotli"), (5, "LZ4"), (7, "LZ4")] {
        assert_eq!(
            codec(code),
            format!("the column is compressed with {name}, which is not read; write it with zstd, snappy or gzip")
        );
    }
    assert_eq!([0, 1, 2, 6].map(codec), ["Safe"; 4]);
    assert_eq!(codec(8), "the file is damaged: a column is compressed in an unknown way");
}

#[test]
fn encodings_fit_the_type_and_delta_texts_are_not_decided() {
    let encoding = |kind, encoding| {
        broken(|draft| {
            set(&mut draft.node, 1, I32(kind));
            set(&mut draft.node, 2, I32(8));
            set(&mut draft.chunk, 1, I32(kind));
            set(&mut draft.page.1, 2, I32(encoding));
        })
    };
    let unfit = "the file is damaged: a page is encoded in a way that its type has not";
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|kind| encoding(kind, 0)), ["Safe"; 8]);
    assert_eq!([(0, 3), (1, 5), (2, 5), (5, 9), (7, 9)].map(|(kind, code)| encoding(kind, code)), ["Safe"; 5]);
    assert_eq!([(1, 3), (0, 5), (6, 5), (6, 9), (2, 6), (2, 7)].map(|(kind, code)| encoding(kind, code)), [unfit; 6]);
    assert_eq!(encoding(6, 6), "Undecided { column: \"n\", encoding: \"DELTA_LENGTH_BYTE_ARRAY\" }");
    assert_eq!(encoding(6, 7), "Undecided { column: \"n\", encoding: \"DELTA_BYTE_ARRAY\" }");
    assert_eq!(encoding(2, 10), "the file is damaged: a page is encoded in an unknown way");
    assert_eq!(encoding(2, 8), "the file is damaged: a page needs a dictionary, and there is none before it");
}

#[test]
fn dictionaries_come_first_once_and_have_room_for_their_entries() {
    let with = |before: Vec<u8>| {
        broken(|draft| {
            set(&mut draft.page.1, 2, I32(8));
            draft.around[0] = before;
        })
    };
    assert_eq!(with(dictionary(2, 0, 16)), "Safe");
    assert_eq!(with(dictionary(3, 0, 16)), "the file is damaged: a dictionary has more entries than bytes for them");
    assert_eq!(
        with(dictionary(i32::MAX.into(), 0, 16)),
        "the file is damaged: a dictionary has more entries than bytes for them"
    );
    assert_eq!(with(dictionary(2, 7, 16)), "the file is damaged: a dictionary is encoded in an unknown way");
    assert_eq!(
        with([dictionary(2, 0, 16), dictionary(2, 0, 16)].concat()),
        "the file is damaged: a column has two dictionaries"
    );
    assert_eq!(
        broken(|draft| draft.around[1] = dictionary(2, 0, 16)),
        "the file is damaged: a dictionary comes after what it is for"
    );
}

#[test]
fn pages_of_the_second_version_agree_with_themselves() {
    let v2 = |values, nulls, rows, definition, repetition| {
        broken(|draft| {
            set(&mut draft.header, 1, I32(3));
            let numbers = [values, nulls, rows, 0, definition, repetition];
            draft.page = (8, (1..).zip(numbers.map(I32)).collect());
        })
    };
    assert_eq!(v2(3, 0, 3, 0, 0), "Safe");
    assert_eq!(v2(3, 4, 3, 0, 0), "the file is damaged: a page has more nulls or rows than values");
    assert_eq!(v2(3, 0, 4, 0, 0), "the file is damaged: a page has more nulls or rows than values");
    assert_eq!(v2(3, 0, 3, i32::MAX.into(), i32::MAX.into()), "the file is damaged: a page is shorter than its levels");
    assert_eq!(v2(3, 0, 3, -1, 0), "the file is damaged: a count, a size or a place is negative");
}

#[test]
fn headers_that_lack_something_or_are_unknown_are_refused() {
    let malformed = "the file is damaged: its description of the data cannot be read";
    assert_eq!(broken(|draft| draft.header.truncate(2)), malformed);
    assert_eq!(broken(|draft| drop(draft.page.1.pop())), malformed);
    assert_eq!(broken(|draft| draft.page.0 = 8), malformed);
    assert_eq!(broken(|draft| set(&mut draft.header, 1, I32(4))), "the file is damaged: a page is of an unknown kind");
    assert_eq!(
        broken(|draft| set(&mut draft.page.1, 3, I32(0))),
        "the file is damaged: the levels of a page are encoded in an unknown way"
    );
    // An index page is passed over.
    assert_eq!(broken(|draft| draft.around[1] = page(1, 16, (6, vec![]), &[0; 16])), "Safe");
}

#[test]
fn a_page_header_may_be_long_but_not_without_end() {
    // Statistics of long values stand in the header.
    let long = |length: usize| {
        let text: &'static str = Box::leak("x".repeat(length).into_boxed_str());
        broken(|draft| draft.page.1.push((5, Struct(vec![(1, Text(text))]))))
    };
    assert_eq!(long(100_000), "Safe");
    assert_eq!(long(1 << 20), "the file is damaged: its description of the data cannot be read");
}

#[test]
fn columns_are_what_the_schema_says_and_lie_in_this_file() {
    assert_eq!(
        broken(|draft| set(&mut draft.chunk, 1, I32(1))),
        "the file is damaged: a column has another type than in the schema"
    );
    assert_eq!(
        broken(|draft| set(&mut draft.chunk, 3, List(8, vec![Text("m")]))),
        "the file is damaged: a column has another name than in the schema"
    );
    assert_eq!(
        broken(|draft| draft.column.push((1, Text("other.parquet")))),
        "the data of a column are in another file, which is not read; write it as one file"
    );
    let encrypted = "the file is encrypted, which is not read; write it without encryption";
    assert_eq!(broken(|draft| draft.column.push((8, Struct(vec![])))), encrypted);
    assert_eq!(broken(|draft| draft.file.push((8, Struct(vec![])))), encrypted);
    for length in [0, -1] {
        assert_eq!(
            broken(|draft| {
                draft.node = vec![(1, I32(7)), (2, I32(length)), (3, I32(0)), (4, Text("n"))];
                set(&mut draft.chunk, 1, I32(7));
            }),
            "the file is damaged: the values of a column have no length"
        );
    }
}

#[test]
fn a_row_group_that_is_told_twice_shares_its_bytes() {
    assert_eq!(
        broken(|draft| {
            let chunk = [draft.chunk.clone(), vec![(7, I64(40))]].concat();
            let column = Struct(vec![(2, I64(0)), (3, Struct(chunk))]);
            let group = Struct(vec![(1, List(12, vec![column])), (3, I64(3))]);
            draft.file = vec![(3, I64(6)), (4, List(12, vec![group.clone(), group]))];
        }),
        "the file is damaged: two columns share bytes"
    );
}

#[test]
fn rows_that_no_file_of_this_size_has_are_refused() {
    let many = 1 << 30;
    assert_eq!(
        broken(|draft| {
            set(&mut draft.file, 3, I64(many));
            set(&mut draft.row_group, 3, I64(many));
            set(&mut draft.chunk, 5, I64(many));
        }),
        "the file claims more rows for each of its bytes than the limit (10000)"
    );
}

#[test]
fn schemas_of_any_depth_are_walked_and_deep_ones_refused() {
    let deep = |levels: usize| {
        let mut nodes = vec![Struct(vec![(3, I32(1)), (4, Text("g")), (5, I32(1))]); levels - 1];
        nodes.push(Struct(vec![(1, I32(2)), (3, I32(0)), (4, Text("n"))]));
        let footer = Struct(vec![(2, List(12, nodes)), (3, I64(0)), (4, List(12, vec![]))]).bytes();
        check(&framed(b"PAR1".to_vec(), &footer)).map_err(|fault| fault.rule.to_string())
    };
    assert_eq!([2, 3, 31, 32].map(deep), [const { Ok(Verdict::Safe) }; 4]);
    for levels in (33..200).chain([1_000, 10_000]) {
        assert_eq!(deep(levels), Err("the schema is nested deeper than the limit (32)".to_owned()), "{levels}");
    }
}

#[test]
fn groups_have_as_many_parts_as_they_say() {
    let schema = |nodes: Vec<Value>| {
        let footer = Struct(vec![(2, List(12, nodes)), (3, I64(0)), (4, List(12, vec![]))]).bytes();
        check(&framed(b"PAR1".to_vec(), &footer)).map_err(|fault| fault.rule.to_string())
    };
    let group = |parts| Struct(vec![(3, I32(0)), (4, Text("g")), (5, I32(parts))]);
    let leaf = || Struct(vec![(1, I32(2)), (3, I32(0)), (4, Text("n"))]);
    let wrong = Err("the file is damaged: a group of its schema has more or fewer parts than it says".to_owned());
    assert_eq!(schema(vec![group(2), leaf(), leaf()]), Ok(Verdict::Safe));
    assert_eq!(schema(vec![group(2), group(1), leaf(), leaf()]), Ok(Verdict::Safe));
    assert_eq!(schema(vec![group(2), leaf()]), wrong);
    assert_eq!(schema(vec![group(-1), leaf()]), wrong);
    assert_eq!(schema(vec![group(i32::MAX.into()), leaf()]), wrong);
    assert_eq!(schema(vec![]), wrong);
    assert_eq!(
        schema(vec![group(1), leaf(), leaf()]),
        Err("the file is damaged: its schema has more than one root".to_owned())
    );
}

#[test]
fn any_damage_of_a_small_file_ends_in_an_answer() {
    let whole = Draft::new().bytes();
    for at in 0..whole.len() {
        for byte in 0..=u8::MAX {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            let _ = check(&bytes);
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_footer_ends_in_an_answer(footer: Vec<u8>) {
        let _ = check(&framed(b"PAR1".to_vec(), &footer));
    }
}
