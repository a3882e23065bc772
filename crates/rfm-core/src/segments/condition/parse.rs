//! Conditions from text.
//!
//! One descent reads sums and conditions alike, and says which of both it found: whether the bracket in `(f + m)/2` or that in
//! `(f > 3 or m > 3)` opens a sum is known only behind it, and trying both ways would take twice as long for each bracket.

use core::str::FromStr;

use super::score_test::letter;
use super::sum::Sum;
use super::token::{Token, expected as expected_at, tokens};
use super::{Condition, RuleMeasure};
use crate::axes::Dimension;
use crate::ratio::Ratio;
use crate::suggest::{did_you_mean, suggest};

/// Brackets, `not` and signs within each other; more would be no rule that anybody reads.
const DEPTH: usize = 64;

/// What is wrong with the text of a condition, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {}: {problem}", .at.saturating_add(1))]
pub struct ConditionError {
    /// The number of characters before it.
    pub at: usize,
    /// What is wrong.
    pub problem: ConditionProblem,
}

/// What is wrong with the text of a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConditionProblem {
    /// Something else has to stand there.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What can stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A name that means nothing here.
    #[error("unknown name `{name}`; there are the scores `r`, `f`, `m` and {}{}", names(), did_you_mean(*similar))]
    UnknownName {
        /// The name.
        name: String,
        /// A similar one.
        similar: Option<&'static str>,
    },
    /// Scores or measures multiplied with or divided by each other.
    #[error("scores and measures may be multiplied with and divided by numbers only")]
    NotLinear,
    /// A division by zero.
    #[error("a division by zero")]
    DivisionByZero,
    /// Scores and a measure in one relation.
    #[error("scores and `{measure}` cannot be compared with each other; compare each with a number")]
    ScoresAndMeasure {
        /// The measure.
        measure: RuleMeasure,
    },
    /// Two measures in one relation.
    #[error("`{one}` and `{other}` cannot be compared with each other; compare each with a number")]
    TwoMeasures {
        /// One of them.
        one: RuleMeasure,
        /// The other one.
        other: RuleMeasure,
    },
    /// A comparison that says nothing of a customer.
    #[error("this compares numbers only, and says nothing of a customer")]
    NumbersOnly,
    /// Numbers with too many digits.
    #[error("a number with too many digits")]
    TooManyDigits,
    /// Brackets within brackets without end.
    #[error("too many brackets within each other")]
    TooDeep,
}

fn names() -> String {
    RuleMeasure::ALL.map(|measure| format!("`{measure}`")).join(", ")
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Condition, ConditionError> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
        let value = parser.any()?;
        let condition = parser.condition(value)?;
        match parser.peek() {
            Token::End => Ok(condition),
            _ => Err(parser.expected("`and`, `or` or the end")),
        }
    }
}

/// What was read: a sum, which stands before or behind a relation, or what has been compared.
enum Value {
    Sum(Sum),
    Condition(Condition),
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn token(&self) -> &(usize, Token) {
        // The last one is the end, and nothing goes beyond it.
        &self.tokens[self.at.min(self.tokens.len().saturating_sub(1))]
    }

    fn peek(&self) -> &Token {
        &self.token().1
    }

    fn place(&self) -> usize {
        self.token().0
    }

    fn next(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn expected(&self, expected: &'static str) -> ConditionError {
        expected_at(self.place(), expected, self.peek().shown())
    }

    /// Takes a word if it stands there.
    fn word(&mut self, word: &str) -> bool {
        let is_there = self.peek().is_word(word);
        if is_there {
            self.next();
        }
        is_there
    }

    /// Takes one of these signs if it stands there.
    fn sign(&mut self, signs: &[char]) -> Option<char> {
        match self.peek() {
            Token::Sign(sign) if signs.contains(sign) => {
                let sign = *sign;
                self.next();
                Some(sign)
            }
            _ => None,
        }
    }

    /// What was read, which has to be a condition; what follows it did not make it one.
    fn condition(&self, value: Value) -> Result<Condition, ConditionError> {
        match value {
            Value::Condition(condition) => Ok(condition),
            Value::Sum(_) => Err(self.expected("a comparison such as `>= 4`")),
        }
    }

    /// What was read, which has to be a sum; `place` is where it begins.
    fn sum(value: Value, place: usize) -> Result<Sum, ConditionError> {
        match value {
            Value::Sum(sum) => Ok(sum),
            Value::Condition(_) => Err(expected_at(place, "a score, a measure or a number", "a comparison".to_owned())),
        }
    }

    fn any(&mut self) -> Result<Value, ConditionError> {
        self.joined("or", Condition::any, Parser::all)
    }

    fn all(&mut self) -> Result<Value, ConditionError> {
        self.joined("and", Condition::all, Parser::negated)
    }

    fn joined(
        &mut self,
        word: &str,
        join: fn(Vec<Condition>) -> Condition,
        part: fn(&mut Parser) -> Result<Value, ConditionError>,
    ) -> Result<Value, ConditionError> {
        let first = part(self)?;
        if !self.peek().is_word(word) {
            return Ok(first);
        }
        let mut parts = vec![self.condition(first)?];
        while self.word(word) {
            let value = part(self)?;
            parts.push(self.condition(value)?);
        }
        Ok(Value::Condition(join(parts)))
    }

    fn negated(&mut self) -> Result<Value, ConditionError> {
        if !self.word("not") {
            return self.compared();
        }
        let value = self.deeper(Parser::negated)?;
        Ok(Value::Condition(!self.condition(value)?))
    }

    /// A sum, or several compared in a row: `2 <= r <= 4`.
    fn compared(&mut self) -> Result<Value, ConditionError> {
        let start = self.place();
        let mut left = self.added()?;
        let mut conditions = Vec::new();
        while let Token::Relation(relation) = self.peek() {
            let (relation, place) = (*relation, self.place());
            self.next();
            let behind = self.place();
            let right = self.added()?;
            let (one, other) = (Parser::sum(left, start)?, Parser::sum(right, behind)?);
            conditions.push(one.compare(relation, &other).map_err(|problem| ConditionError { at: place, problem })?);
            left = Value::Sum(other);
        }
        Ok(if conditions.is_empty() { left } else { Value::Condition(Condition::all(conditions)) })
    }

    fn added(&mut self) -> Result<Value, ConditionError> {
        let mut start = self.place();
        let mut value = self.multiplied()?;
        loop {
            let place = self.place();
            let Some(sign) = self.sign(&['+', '-']) else { return Ok(value) };
            let behind = self.place();
            let right = self.multiplied()?;
            let (one, other) = (Parser::sum(value, start)?, Parser::sum(right, behind)?);
            let other = if sign == '-' { other.times(Ratio::from(-1)) } else { Ok(other) };
            let sum = other.and_then(|other| one.plus(&other));
            value = Value::Sum(sum.map_err(|problem| ConditionError { at: place, problem })?);
            start = place;
        }
    }

    fn multiplied(&mut self) -> Result<Value, ConditionError> {
        let mut start = self.place();
        let mut value = self.signed()?;
        loop {
            let place = self.place();
            let Some(sign) = self.sign(&['*', '/']) else { return Ok(value) };
            let behind = self.place();
            let right = self.signed()?;
            let (one, other) = (Parser::sum(value, start)?, Parser::sum(right, behind)?);
            let product = match sign {
                '*' if one.is_number() => other.times(one.constant),
                '*' if other.is_number() => one.times(other.constant),
                '/' if other.is_number() && other.constant.numerator() == 0 => Err(ConditionProblem::DivisionByZero),
                '/' if other.is_number() => {
                    let inverse = Ratio::from(1).checked_div(other.constant).ok_or(ConditionProblem::TooManyDigits);
                    inverse.and_then(|inverse| one.times(inverse))
                }
                _ => Err(ConditionProblem::NotLinear),
            };
            value = Value::Sum(product.map_err(|problem| ConditionError { at: place, problem })?);
            start = place;
        }
    }

    fn signed(&mut self) -> Result<Value, ConditionError> {
        if self.sign(&['-']).is_none() {
            return self.single();
        }
        let place = self.place();
        let value = self.deeper(Parser::signed)?;
        let turned = Parser::sum(value, place)?.times(Ratio::from(-1));
        Ok(Value::Sum(turned.map_err(|problem| ConditionError { at: place, problem })?))
    }

    fn single(&mut self) -> Result<Value, ConditionError> {
        const EXPECTED: &str = "a score, a measure or a number";
        let place = self.place();
        match self.peek().clone() {
            Token::Number(number) => {
                self.next();
                Ok(Value::Sum(Sum::number(number)))
            }
            Token::Sign('(') => {
                self.next();
                let value = self.deeper(Parser::any)?;
                match self.sign(&[')']) {
                    Some(_) => Ok(value),
                    None => Err(self.expected("`)`")),
                }
            }
            Token::Name(name) if !["and", "or", "not"].iter().any(|word| name.eq_ignore_ascii_case(word)) => {
                self.next();
                let score = Dimension::ALL.into_iter().find(|score| letter(*score).eq_ignore_ascii_case(&name));
                if let Some(dimension) = score {
                    return Ok(Value::Sum(Sum::score(dimension)));
                }
                if let Some(measure) = RuleMeasure::named(&name) {
                    let measure = Some((measure, Ratio::from(1)));
                    return Ok(Value::Sum(Sum { measure, ..Sum::number(Ratio::from(0)) }));
                }
                match name.to_ascii_lowercase().as_str() {
                    "true" => Ok(Value::Condition(Condition::All(Vec::new()))),
                    "false" => Ok(Value::Condition(Condition::Any(Vec::new()))),
                    _ => {
                        let similar = suggest(&name, RuleMeasure::ALL.map(RuleMeasure::name));
                        Err(ConditionError { at: place, problem: ConditionProblem::UnknownName { name, similar } })
                    }
                }
            }
            _ => Err(self.expected(EXPECTED)),
        }
    }

    fn deeper(&mut self, part: fn(&mut Parser) -> Result<Value, ConditionError>) -> Result<Value, ConditionError> {
        if self.depth >= DEPTH {
            return Err(ConditionError { at: self.place(), problem: ConditionProblem::TooDeep });
        }
        self.depth = self.depth.saturating_add(1);
        let value = part(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }
}
