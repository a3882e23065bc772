//! Reading the tree: each step knows its path, so that an error can tell it.

use super::{Member, Node, Value};
use crate::suggest::{did_you_mean, suggest};

/// A value of the tree, and the way to it.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'n> {
    pub(crate) node: &'n Node,
    pub(crate) path: String,
}

/// What is wrong with a value: the byte where it stands, its path, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) path: String,
    pub(crate) message: String,
}

/// The members of an object whose keys are known.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'n> {
    members: &'n [Member],
    at: usize,
    path: String,
}

impl<'n> Cursor<'n> {
    pub(crate) fn root(node: &'n Node) -> Cursor<'n> {
        Cursor { node, path: String::new() }
    }

    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { at: self.node.at, path: self.path.clone(), message: message.into() }
    }

    pub(crate) fn expected(&self, what: &str) -> Fault {
        self.fault(format!("expected {what}, found {}", self.node.found()))
    }

    /// The members of an object. Keys that begin with `x-` are whoever wrote them's own; any other that is not known is refused.
    pub(crate) fn fields(&self, known: &[&'static str]) -> Result<Fields<'n>, Fault> {
        let fields = self.object()?;
        let is_unknown = |member: &&Member| !known.contains(&member.key.as_str()) && !member.key.starts_with("x-");
        if let Some(Member { key, at, .. }) = fields.members.iter().find(is_unknown) {
            let names = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let similar = did_you_mean(suggest(key, known.iter().copied()));
            let key = super::shortened(key);
            let message =
                format!("unknown key `{key}`; expected one of {names}, or one that begins with `x-`{similar}");
            return Err(Fault { at: *at, path: self.path.clone(), message });
        }
        Ok(fields)
    }

    /// The members of an object, whatever they are.
    pub(crate) fn object(&self) -> Result<Fields<'n>, Fault> {
        let Value::Object(members) = &self.node.value else { return Err(self.expected("an object")) };
        Ok(Fields { members, at: self.node.at, path: self.path.clone() })
    }

    pub(crate) fn list(&self, what: &str) -> Result<Vec<Cursor<'n>>, Fault> {
        let Value::List(nodes) = &self.node.value else { return Err(self.expected(what)) };
        let cursor = |(at, node)| Cursor { node, path: format!("{}[{at}]", self.path) };
        Ok(nodes.iter().enumerate().map(cursor).collect())
    }

    pub(crate) fn text(&self, what: &str) -> Result<&'n str, Fault> {
        match &self.node.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.expected(what)),
        }
    }

    /// A text that reads as a value.
    pub(crate) fn parsed<T>(&self, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Fault> {
        read(self.text(what)?).ok_or_else(|| self.expected(what))
    }

    /// A whole number without fraction and exponent that fits the type.
    pub(crate) fn whole<T: core::str::FromStr>(&self, what: &str) -> Result<T, Fault> {
        match &self.node.value {
            Value::Number(number) => number.parse().map_err(|_| self.expected(what)),
            _ => Err(self.expected(what)),
        }
    }

    /// The value, if it is not null.
    pub(crate) fn unless_null(self) -> Option<Cursor<'n>> {
        (self.node.value != Value::Null).then_some(self)
    }
}

impl<'n> Fields<'n> {
    /// A member that may be left out.
    pub(crate) fn optional(&self, key: &'static str) -> Option<Cursor<'n>> {
        let member = self.members.iter().find(|member| member.key == key)?;
        let between = if self.path.is_empty() { "" } else { "." };
        Some(Cursor { node: &member.node, path: format!("{}{between}{key}", self.path) })
    }

    /// A member that has to be there.
    pub(crate) fn get(&self, key: &'static str) -> Result<Cursor<'n>, Fault> {
        let missing = || Fault { at: self.at, path: self.path.clone(), message: format!("missing key `{key}`") };
        self.optional(key).ok_or_else(missing)
    }
}
