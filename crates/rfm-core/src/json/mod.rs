//! As much JSON as a model file needs: a tree that knows where everything stands, and its text.
//!
//! Written by hand for three reasons. Every value has a place, so that an error can point at it; whole numbers have as many
//! digits as they need, since a cut point is exact in 128 bits; and what a crafted file can cost is bounded by [`Bounds`].

mod cursor;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use cursor::{Cursor, Fault};
pub(crate) use parse::{Bounds, Syntax, parse};

/// A value and the byte of the text with which it begins; 0 of one that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) at: usize,
    pub(crate) value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// In the order of the text. No key occurs twice.
    Object(Vec<Member>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: String,
    /// The byte with which the key begins.
    pub(crate) at: usize,
    pub(crate) node: Node,
}

/// What is written on one line if it has no more characters.
const LINE: usize = 100;

impl Node {
    pub(crate) fn made(value: Value) -> Node {
        Node { at: 0, value }
    }

    pub(crate) fn text(text: impl ToString) -> Node {
        Node::made(Value::Text(text.to_string()))
    }

    /// A number. What it prints must be one in JSON, as whole numbers do.
    pub(crate) fn number(number: impl ToString) -> Node {
        Node::made(Value::Number(number.to_string()))
    }

    pub(crate) fn list(nodes: impl IntoIterator<Item = Node>) -> Node {
        Node::made(Value::List(nodes.into_iter().collect()))
    }

    pub(crate) fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Node)>) -> Node {
        let member = |(key, node): (K, Node)| Member { key: key.into(), at: 0, node };
        Node::made(Value::Object(members.into_iter().map(member).collect()))
    }

    /// The text: two blanks for each level, short values on one line, a line end behind the last.
    pub(crate) fn to_pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out.push('\n');
        out
    }

    /// What stands there, in words.
    pub(crate) fn found(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(answer) => answer.to_string(),
            Value::Number(number) => format!("the number {}", shortened(number)),
            Value::Text(text) => format!("the text \"{}\"", shortened(text)),
            Value::List(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        }
    }

    fn write(&self, out: &mut String, depth: usize) {
        if let Some(line) = self.on_one_line(LINE) {
            return out.push_str(&line);
        }
        let indent = |out: &mut String, depth: usize| {
            out.push('\n');
            (0..depth).for_each(|_| out.push_str("  "));
        };
        let inner = depth.saturating_add(1);
        let (open, close) = if matches!(self.value, Value::List(_)) { ('[', ']') } else { ('{', '}') };
        out.push(open);
        match &self.value {
            Value::List(nodes) => {
                for (at, node) in nodes.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    indent(out, inner);
                    node.write(out, inner);
                }
            }
            Value::Object(members) => {
                for (at, member) in members.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "," });
                    indent(out, inner);
                    out.push_str(&quoted(&member.key));
                    out.push_str(": ");
                    member.node.write(out, inner);
                }
            }
            _ => {}
        }
        indent(out, depth);
        out.push(close);
    }

    /// A scalar always; a list or an object if it has no objects inside and is not longer than `most`.
    fn on_one_line(&self, most: usize) -> Option<String> {
        let line = match &self.value {
            Value::Null => return Some("null".to_owned()),
            Value::Bool(answer) => return Some(answer.to_string()),
            Value::Number(number) => return Some(number.clone()),
            Value::Text(text) => return Some(quoted(text)),
            Value::List(nodes) => {
                let mut line = String::new();
                for (at, node) in nodes.iter().enumerate() {
                    line.push_str(if at == 0 { "" } else { ", " });
                    line.push_str(&node.scalar().filter(|_| line.len() <= most)?);
                }
                format!("[{line}]")
            }
            Value::Object(members) => {
                let mut line = String::new();
                for (at, member) in members.iter().enumerate() {
                    line.push_str(if at == 0 { "" } else { ", " });
                    line.push_str(&quoted(&member.key));
                    line.push_str(": ");
                    line.push_str(&member.node.scalar().filter(|_| line.len() <= most)?);
                }
                format!("{{{line}}}")
            }
        };
        (line.len() <= most).then_some(line)
    }

    fn scalar(&self) -> Option<String> {
        match &self.value {
            Value::List(_) | Value::Object(_) => None,
            _ => self.on_one_line(LINE),
        }
    }
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            control if u32::from(control) < 0x20 => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Enough of a text to know it again.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
