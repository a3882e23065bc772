//! The schema: a tree in preorder, walked with a stack of its own.

use rfm_core::Limits;

use super::fault::{Fault, Rule};
use super::limits;
use super::thrift::{Broken, Cursor, Fields, Kind};

/// How values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Physical {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    Fixed(i32),
}

impl Physical {
    fn of(code: i32, length: Option<i32>) -> Option<Physical> {
        Some(match code {
            0 => Physical::Boolean,
            1 => Physical::Int32,
            2 => Physical::Int64,
            3 => Physical::Int96,
            4 => Physical::Float,
            5 => Physical::Double,
            6 => Physical::Bytes,
            7 => Physical::Fixed(length?),
            _ => return None,
        })
    }

    pub(super) const fn code(self) -> i32 {
        match self {
            Physical::Boolean => 0,
            Physical::Int32 => 1,
            Physical::Int64 => 2,
            Physical::Int96 => 3,
            Physical::Float => 4,
            Physical::Double => 5,
            Physical::Bytes => 6,
            Physical::Fixed(_) => 7,
        }
    }

    /// The fewest bits that a value takes where it is written plainly.
    pub(super) fn least_bits(self) -> u64 {
        match self {
            Physical::Boolean => 1,
            Physical::Int32 | Physical::Float | Physical::Bytes => 32,
            Physical::Int64 | Physical::Double => 64,
            Physical::Int96 => 96,
            Physical::Fixed(length) => 8 * u64::try_from(length).unwrap_or(0),
        }
    }
}

/// A column that holds values.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// The names from below the root, joined with dots.
    pub(crate) path: String,
    /// Whether it lies in a list or a map, so that a row has several values or none.
    pub(crate) is_repeated: bool,
    pub(super) physical: Physical,
}

/// One node as it is written.
struct Node<'b> {
    name: &'b [u8],
    kind: Option<i32>,
    length: Option<i32>,
    is_repeated: bool,
    children: i32,
}

/// A group whose children are being read.
struct Group {
    /// The length of its path.
    path: usize,
    is_repeated: bool,
    left: i32,
}

/// Reads the schema and gives its leaves.
pub(super) fn schema(cursor: &mut Cursor<'_>, limits: &Limits) -> Result<Vec<Leaf>, Fault> {
    let count = cursor.list_of(Kind::Struct)?;
    if count > limits::nodes(limits) {
        return Err(Rule::Limit { what: "the schema has more nodes", limit: limits::nodes(limits) as u64 }.into());
    }
    let mut leaves = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut path = String::new();
    for at in 0..count {
        let node = read_node(cursor)?;
        if usize::try_from(node.children).map_or(true, |children| children > count - at) {
            return Err(Rule::Contradiction("a group of its schema has more or fewer parts than it says").into());
        }
        if at == 0 {
            groups.push(Group { path: 0, is_repeated: false, left: node.children });
            continue;
        }
        while groups.last().is_some_and(|group| group.left == 0) {
            groups.pop();
        }
        let Some(parent) = groups.last_mut() else {
            return Err(Rule::Contradiction("its schema has more than one root").into());
        };
        parent.left -= 1;
        path.truncate(parent.path);
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(std::str::from_utf8(node.name).map_err(|_| Broken::Malformed)?);
        let is_repeated = parent.is_repeated || node.is_repeated;
        // Some writers say that a leaf has 0 parts, others do not speak of parts.
        match node.kind {
            Some(code) if node.children == 0 => {
                if leaves.len() == limits.columns {
                    return Err(Rule::Limit { what: "there are more columns", limit: limits.columns as u64 }.into());
                }
                let physical = Physical::of(code, node.length).ok_or(Broken::Malformed)?;
                leaves.push(Leaf { path: path.clone(), is_repeated, physical });
            }
            _ => groups.push(Group { path: path.len(), is_repeated, left: node.children }),
        }
        if groups.len() >= limits::DEPTH {
            return Err(Rule::Limit { what: "the schema is nested deeper", limit: limits::DEPTH as u64 }.into());
        }
        if path.len() > limits.field_bytes {
            return Err(Rule::Limit { what: "a name has more bytes", limit: limits.field_bytes as u64 }.into());
        }
    }
    if groups.is_empty() || groups.iter().any(|group| group.left > 0) {
        return Err(Rule::Contradiction("a group of its schema has more or fewer parts than it says").into());
    }
    Ok(leaves)
}

fn read_node<'b>(cursor: &mut Cursor<'b>) -> Result<Node<'b>, Broken> {
    let mut node = Node { name: b"", kind: None, length: None, is_repeated: false, children: 0 };
    let mut fields = Fields::default();
    while let Some(field) = cursor.field(&mut fields)? {
        match field.id {
            1 | 2 | 3 | 5 => {
                field.expect(Kind::I32)?;
                let value = cursor.i32()?;
                match field.id {
                    1 => node.kind = Some(value),
                    2 => node.length = Some(value),
                    3 => node.is_repeated = value == 2,
                    _ => node.children = value,
                }
            }
            4 => {
                field.expect(Kind::Binary)?;
                node.name = cursor.binary()?;
            }
            _ => cursor.skip(field.kind)?,
        }
    }
    if fields.has(4) { Ok(node) } else { Err(Broken::Malformed) }
}
