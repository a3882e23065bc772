//! As much of JSON Schema as our schemas use; anything else in it is an error, so that no rule goes unchecked.

#![expect(clippy::unwrap_used, reason = "a schema of ours that is none is a mistake in the test")]

use serde_json::Value;

/// Where `value` breaks `schema`, and how.
///
/// # Panics
///
/// If the schema uses what this check does not know.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let mut wrong = |what: String| found.push(format!("{at}: {what}"));
    if schema == &Value::Bool(false) {
        return wrong("nothing may stand here".to_owned());
    }
    let object = schema.as_object().expect("a schema is an object");
    for (rule, expected) in object {
        match rule.as_str() {
            "$schema"
            | "title"
            | "description"
            | "$defs"
            | "properties"
            | "items"
            | "patternProperties"
            | "dependentSchemas"
            | "additionalProperties"
            | "$ref" => {}
            "const" if value != expected => wrong(format!("expected {expected}, found {value}")),
            "enum" if !expected.as_array().unwrap().contains(value) => wrong(format!("{value} is none of {expected}")),
            "const" | "enum" => {}
            "type" => {
                let allowed = |name: &Value| is_of_type(value, name.as_str().unwrap());
                let fits = match expected {
                    Value::Array(types) => types.iter().any(allowed),
                    one => allowed(one),
                };
                if !fits {
                    wrong(format!("{value} is not of type {expected}"));
                }
            }
            "minimum" if value.as_i64().is_some_and(|value| value < expected.as_i64().unwrap()) => {
                wrong(format!("{value} is below {expected}"));
            }
            "maximum" if value.as_i64().is_some_and(|value| value > expected.as_i64().unwrap()) => {
                wrong(format!("{value} is above {expected}"));
            }
            "minItems" if items(value).is_some_and(|items| items < expected.as_u64().unwrap()) => {
                wrong(format!("fewer than {expected} items"));
            }
            "maxItems" if items(value).is_some_and(|items| items > expected.as_u64().unwrap()) => {
                wrong(format!("more than {expected} items"));
            }
            "minimum" | "maximum" | "minItems" | "maxItems" => {}
            "minLength" => {
                if value.as_str().is_some_and(|text| (text.chars().count() as u64) < expected.as_u64().unwrap()) {
                    wrong(format!("{value} is shorter than {expected}"));
                }
            }
            "pattern" => {
                if value.as_str().is_some_and(|text| !matches(expected.as_str().unwrap(), text)) {
                    wrong(format!("{value} does not match {expected}"));
                }
            }
            "required" => {
                for key in expected.as_array().unwrap() {
                    if value.as_object().is_some_and(|value| !value.contains_key(key.as_str().unwrap())) {
                        wrong(format!("{key} is missing"));
                    }
                }
            }
            other => panic!("the schema uses `{other}`, which this check does not know"),
        }
    }
    if let Some(reference) = object.get("$ref") {
        let name = reference.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
        check(root, &root["$defs"][name], value, at, found);
    }
    if let (Some(items), Some(values)) = (object.get("items"), value.as_array()) {
        for (i, value) in values.iter().enumerate() {
            check(root, items, value, &format!("{at}[{i}]"), found);
        }
    }
    let dependent = object.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
    for (_, schema) in dependent.filter(|(key, _)| value.get(key).is_some()) {
        check(root, schema, value, at, found);
    }
    if let Some(members) = value.as_object() {
        for (key, value) in members {
            let schema = object.get("properties").and_then(|properties| properties.get(key));
            let by_pattern = || {
                let patterns = object.get("patternProperties")?.as_object()?;
                patterns.iter().find(|(pattern, _)| matches(pattern, key)).map(|(_, schema)| schema)
            };
            if let Some(schema) = schema.or_else(by_pattern).or(object.get("additionalProperties")) {
                check(root, schema, value, &format!("{at}.{key}"), found);
            }
        }
    }
}

fn items(value: &Value) -> Option<u64> {
    value.as_array().map(|items| items.len() as u64)
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        // Whole numbers of more than 64 bits are read as doubles.
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.abs() >= 9.2e18),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the schema uses the type `{other}`"),
    }
}

/// The patterns of the schema, by hand: a library for five of them would be too much.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = |text: &str| digits(text.strip_prefix('-').unwrap_or(text));
    let decimal = |text: &str| match text.split_once('.') {
        Some((before, behind)) => whole(before) && digits(behind) && behind.len() <= 9,
        None => whole(text),
    };
    match pattern {
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => text.parse::<rfm_core::Day>().is_ok(),
        "^-?[0-9]+([.][0-9]{1,9})?$" => decimal(text),
        "^-?[0-9]+([.][0-9]{1,9}|/[0-9]+)?$" => {
            text.split_once('/').map_or(decimal(text), |(above, below)| whole(above) && digits(below))
        }
        "^blake3:[0-9a-f]{64}$" => text
            .strip_prefix("blake3:")
            .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))),
        "^x-" => text.starts_with("x-"),
        other => panic!("the schema uses the pattern `{other}`"),
    }
}
