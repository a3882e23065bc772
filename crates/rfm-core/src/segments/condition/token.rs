//! The words, numbers and signs of conditions.

use super::{ConditionError, ConditionProblem, Relation};
use crate::ratio::Ratio;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Number(Ratio),
    Name(String),
    Relation(Relation),
    Sign(char),
    End,
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Name(name) if name.eq_ignore_ascii_case(word))
    }

    pub(super) fn shown(&self) -> String {
        match self {
            Token::Number(number) => format!("the number {number}"),
            Token::Name(name) => format!("`{name}`"),
            Token::Relation(relation) => format!("`{relation}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        }
    }
}

/// The tokens with the number of characters before each.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ConditionError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = characters.get(at) {
        let taken = |is_part: fn(char) -> bool| -> String {
            characters.iter().skip(at).copied().take_while(|character| is_part(*character)).collect()
        };
        let mut length = 1;
        let token = match *first {
            blank if blank.is_whitespace() => None,
            digit if digit.is_ascii_digit() => {
                let written = taken(|character| character.is_ascii_digit() || character == '.');
                length = written.len();
                Some(Token::Number(number(&written).map_err(|problem| ConditionError { at, problem })?))
            }
            start if start.is_alphabetic() || start == '_' => {
                let name = taken(|character| character.is_alphanumeric() || character == '_');
                length = name.chars().count();
                Some(Token::Name(name))
            }
            sign @ ('+' | '-' | '*' | '/' | '(' | ')') => Some(Token::Sign(sign)),
            sign if is_of_relation(sign) => {
                let written = taken(is_of_relation);
                length = written.chars().count();
                Some(Token::Relation(match written.as_str() {
                    "<" => Relation::Less,
                    "<=" | "≤" => Relation::AtMost,
                    "=" | "==" => Relation::Equal,
                    "!=" | "<>" | "≠" => Relation::NotEqual,
                    ">=" | "≥" => Relation::AtLeast,
                    ">" => Relation::More,
                    _ => return Err(expected(at, "one of `<` `<=` `=` `!=` `>=` `>`", format!("`{written}`"))),
                }))
            }
            other => return Err(expected(at, "a score, a measure or a number", format!("`{other}`"))),
        };
        tokens.extend(token.map(|token| (at, token)));
        at = at.saturating_add(length);
    }
    tokens.push((characters.len(), Token::End));
    Ok(tokens)
}

fn is_of_relation(character: char) -> bool {
    matches!(character, '<' | '>' | '=' | '!' | '≤' | '≥' | '≠')
}

pub(super) fn expected(at: usize, expected: &'static str, found: String) -> ConditionError {
    ConditionError { at, problem: ConditionProblem::Expected { expected, found } }
}

/// `12` or `0.3`.
fn number(written: &str) -> Result<Ratio, ConditionProblem> {
    let (whole, decimals) = written.split_once('.').unwrap_or((written, ""));
    let is_number = !decimals.contains('.') && (written.contains('.') != decimals.is_empty());
    if !is_number {
        let found = format!("`{written}`");
        return Err(ConditionProblem::Expected { expected: "a number such as 12 or 0.3", found });
    }
    let digits: i128 = format!("{whole}{decimals}").parse().map_err(|_| ConditionProblem::TooManyDigits)?;
    let power = u32::try_from(decimals.len()).ok().and_then(|decimals| 10u64.checked_pow(decimals));
    Ok(Ratio::new(digits, power.ok_or(ConditionProblem::TooManyDigits)?))
}
