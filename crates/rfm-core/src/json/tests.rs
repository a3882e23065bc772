use proptest::prelude::*;

use super::{Bounds, Cursor, Node, Value, parse};

const BOUNDS: Bounds = Bounds { bytes: 10_000, values: 1_000, depth: 8 };

fn error(text: &str) -> (usize, String) {
    let error = parse(text, BOUNDS).unwrap_err();
    (error.at, error.message)
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    for (text, at, message) in [
        ("", 0, "expected a value, found the end of the file"),
        ("{", 1, "expected a key in quotes, found the end of the file"),
        ("{\"a\"}", 4, "expected `:`, found `}`"),
        ("{\"a\": 1, }", 9, "expected a key in quotes, found `}`"),
        ("[1 2]", 3, "expected `,` or `]`, found `2`"),
        ("[1,]", 3, "expected a value, found `]`"),
        ("{} x", 3, "expected the end of the file, found `x`"),
        ("nullo", 0, "expected a value, found `n`"),
        ("NaN", 0, "expected a value, found `N`"),
        ("01", 0, "a number begins with 0"),
        ("-", 1, "expected a digit, found the end of the file"),
        ("1.", 2, "expected a digit, found the end of the file"),
        ("1e", 2, "expected a digit, found the end of the file"),
        ("\"ab", 0, "a text that does not end"),
        ("\"a\nb\"", 2, "a control character in a text; write it as \\u00XX"),
        ("\"\\ud800\"", 1, "half a surrogate pair"),
        ("\"\\ud800\\n\"", 1, "half a surrogate pair"),
        ("\"\\udc00\"", 1, "half a surrogate pair"),
        ("\"\\u12\"", 1, "expected four hexadecimal digits behind \\u"),
        ("\"\\x\"", 1, "no such escape; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
        ("{\"a\":1,\"a\":2}", 7, "the key `a` occurs twice"),
        ("[[[[[[[[[1]]]]]]]]]", 8, "more than 8 levels of lists and objects"),
    ] {
        assert_eq!(error(text), (at, message.to_owned()), "{text}");
    }
    assert_eq!(error(&"[".repeat(9_999)).0, 8);
    assert_eq!(error(&" ".repeat(10_001)).1, "10001 bytes, more than the limit of 10000");
    assert_eq!(error(&format!("[{}0]", "0,".repeat(1_000))).1, "more than the limit of 1000 values");
}

#[test]
fn escapes_are_read() {
    let node = parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é\"", BOUNDS).unwrap();
    assert_eq!(node.value, Value::Text("\"\\/\u{8}\u{c}\n\r\té😀é".to_owned()));
}

#[test]
fn an_error_knows_the_way_to_its_value() {
    let node = parse("{\"a\": [{\"b\": 1}, {\"bb\": true}]}", BOUNDS).unwrap();
    let list = Cursor::root(&node).fields(&["a"]).unwrap().get("a").unwrap().list("a list").unwrap();
    let b = list[0].fields(&["b"]).unwrap().get("b").unwrap();
    assert_eq!((b.path.as_str(), b.whole::<u8>("a number")), ("a[0].b", Ok(1)));
    let fault = list[1].fields(&["b"]).unwrap_err();
    assert_eq!((fault.at, fault.path.as_str()), (18, "a[1]"));
    assert_eq!(fault.message, "unknown key `bb`; expected one of `b`, or one that begins with `x-`; did you mean `b`?");
    assert_eq!(list[1].expected("a list").message, "expected a list, found an object");
}

/// Trees without places, of texts and numbers that JSON has.
fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::made(Value::Null)),
        any::<bool>().prop_map(|answer| Node::made(Value::Bool(answer))),
        any::<i128>().prop_map(Node::number),
        ".*".prop_map(Node::text),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Node::list),
            prop::collection::btree_map(".*", inner, 0..6).prop_map(Node::object),
        ]
    })
}

/// The tree as if it had been made.
fn placeless(node: Node) -> Node {
    let value = match node.value {
        Value::List(nodes) => Value::List(nodes.into_iter().map(placeless).collect()),
        Value::Object(members) => {
            return Node::object(members.into_iter().map(|member| (member.key, placeless(member.node))));
        }
        scalar => scalar,
    };
    Node::made(value)
}

proptest! {
    #[test]
    fn a_tree_reads_back_what_it_writes(tree in tree()) {
        let bounds = Bounds { bytes: usize::MAX, values: usize::MAX, depth: 16 };
        let read = parse(&tree.to_pretty(), bounds).unwrap();
        prop_assert_eq!(placeless(read), tree);
    }

    #[test]
    fn any_text_ends_in_a_tree_or_an_error(text in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,60}") {
        if let Err(error) = parse(&text, BOUNDS) {
            prop_assert!(error.at <= text.len() + 4);
        }
    }
}
