//! The JSON Schema of settings files, made from the options: what is taken is what is described.

use clap::Arg;
use serde_json::{Map, Value, json};

use super::{INPUTS, Shape, TABLE, options, subcommand};

/// The schema, as text.
pub(crate) fn schema() -> String {
    let command = subcommand(TABLE);
    let mut settings = Map::new();
    let inputs = "Files of orders; several are one input, and - is standard input";
    settings.insert(INPUTS.to_owned(), described(type_of(Shape::Texts), inputs));
    for option in options(&command) {
        settings.insert(option.get_long().unwrap_or_default().to_owned(), of_option(option));
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of rfm (rfm.toml)",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            TABLE: {
                "description": "The options of `rfm segment` without their dashes. What is typed wins.",
                "type": "object",
                "additionalProperties": false,
                "properties": settings,
            },
        },
    });
    format!("{schema:#}\n")
}

fn of_option(option: &Arg) -> Value {
    let shape = Shape::of(option);
    let help = option.get_help().map(ToString::to_string).unwrap_or_default();
    let mut schema = described(type_of(shape), &help);
    let values = option.get_possible_values();
    let names: Vec<String> = values.iter().flat_map(|value| value.get_name_and_aliases()).map(str::to_owned).collect();
    // Clap has true and false for a flag.
    if shape == Shape::Text && !names.is_empty() {
        schema["enum"] = names.into();
    }
    schema
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = description.into();
    schema
}

fn type_of(shape: Shape) -> Value {
    match shape {
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Number => json!({"type": "integer"}),
        Shape::Text => json!({"type": "string"}),
        // Dates of TOML are texts for tools that validate.
        Shape::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
        Shape::TextOrNumber => json!({"type": ["string", "integer"]}),
        Shape::Texts => json!({"type": ["string", "array"], "items": {"type": "string"}}),
        Shape::Numbers => json!({"type": ["string", "array"], "items": {"type": "number"}}),
    }
}
