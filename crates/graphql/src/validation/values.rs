//! The rule about literals, `ValuesOfCorrectType`. Custom scalars take strings only; whether the
//! text is a date or a cursor is checked by their resolvers, with the other errors of an input.

use super::usages::{InputLocation, UsageSite};
use super::{DocumentError, Errors};
use crate::input_path::{InputPath, shown};
use crate::schema_types::{InputObject, SchemaTypes, named};
use async_graphql_parser::Pos;
use async_graphql_parser::types::BaseType;
use async_graphql_value::{ConstValue, Name, Value};
use caunoi_domain::validation::candidate::{Candidate, most_similar};
use caunoi_texts::ApiText;
use std::collections::HashSet;

/// Checks the value of an argument, and collects the variables in it.
pub(super) struct ValueCheck<'a, 'e> {
    pub(super) types: &'a SchemaTypes,
    pub(super) errors: &'e mut Errors,
    pub(super) sites: &'e mut Vec<UsageSite<'a>>,
    /// The location of the whole argument: the tree has none for parts of it.
    pub(super) pos: Pos,
}

impl<'a> ValueCheck<'a, '_> {
    /// Checks a value. A value at an unknown location is only searched for variables.
    pub(super) fn check(
        &mut self,
        path: &InputPath<'_>,
        location: Option<InputLocation<'a>>,
        value: &'a Value,
    ) {
        let Some(expected) = location else { return self.collect(value) };
        let ty = expected.ty;
        match value {
            Value::Variable(variable) => self.sites.push(UsageSite { variable, pos: self.pos, location }),
            Value::Null if ty.nullable && !expected.is_one_of => {}
            Value::List(items) if matches!(ty.base, BaseType::List(_)) => {
                for (index, item) in items.iter().enumerate() {
                    self.check(&path.item(index), Some(expected.item()), item);
                }
            }
            Value::Object(fields) => match self.types.inputs.get(named(ty)) {
                Some(object) => {
                    for field in fields {
                        self.field(path, expected, object, field);
                    }
                    let names: HashSet<&str> = fields.keys().map(Name::as_str).collect();
                    self.required_fields(path, expected, object, &names);
                }
                None => self.wrong_type(path, expected),
            },
            Value::Enum(word) if self.types.enums.contains_key(named(ty)) => self.word(path, named(ty), word),
            Value::Null
            | Value::List(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => {
                if named(ty) == "Int" && matches!(value, Value::Number(number) if !number.is_f64()) {
                    self.int(path, value);
                } else if !self.is_scalar(named(ty), value) {
                    self.wrong_type(path, expected);
                }
            }
        }
    }

    fn field(
        &mut self,
        path: &InputPath<'_>,
        expected: InputLocation<'a>,
        object: &'a InputObject,
        (name, value): (&'a Name, &'a Value),
    ) {
        if let Some(field) = object.fields.get(name.as_str()) {
            self.check(&path.field(name), Some(InputLocation::of(name, field, object.is_one_of)), value);
        } else {
            let (name, ty) = (shown(name), named(expected.ty));
            self.invalid(path, &format!("unknown field \"{name}\" of type \"{ty}\""));
            self.collect(value);
        }
    }

    fn required_fields(
        &mut self,
        path: &InputPath<'_>,
        expected: InputLocation<'a>,
        object: &InputObject,
        given: &HashSet<&str>,
    ) {
        for name in object.missing(|name| given.contains(name)) {
            self.invalid(path, &format!("field \"{name}\" is required but not provided"));
        }
        if object.is_one_of && given.len() != 1 {
            let ty = named(expected.ty);
            self.invalid(path, &format!("exactly one field of \"{ty}\" must be given, and not null"));
        }
    }

    fn word(&mut self, path: &InputPath<'_>, name: &str, word: &Name) {
        let Some(words) = self.types.enums.get(name) else { return };
        if !words.contains(word.as_str()) {
            let given = shown(word);
            let message =
                invalid(path, &format!("enumeration type \"{name}\" does not contain the value \"{given}\""));
            let text = ApiText::ValueNotInEnum {
                path: path.to_string(),
                r#type: name.to_owned(),
                given,
                candidates: most_similar(word, words.iter().map(|word| Candidate::new(word))),
            };
            let error = DocumentError { text: Some(Box::new(text)), ..DocumentError::bad_input(message) };
            self.errors.push(DocumentError { locations: vec![self.pos], ..error });
        }
    }

    fn int(&mut self, path: &InputPath<'_>, value: &Value) {
        if !self.is_scalar("Int", value) {
            let (least, most) = (i32::MIN, i32::MAX);
            self.errors
                .add_text(vec![self.pos], ApiText::ValueNotInt { path: path.to_string(), least, most });
        }
    }

    fn is_scalar(&self, name: &str, value: &Value) -> bool {
        let is_custom = || self.types.is_custom_scalar(name);
        match value {
            Value::Number(number) => match name {
                "Int" => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
                "Float" => true,
                "ID" => number.is_i64(),
                _ => false,
            },
            Value::String(_) => matches!(name, "String" | "ID") || is_custom(),
            Value::Boolean(_) => name == "Boolean",
            Value::Null
            | Value::List(_)
            | Value::Object(_)
            | Value::Variable(_)
            | Value::Binary(_)
            | Value::Enum(_) => false,
        }
    }

    fn wrong_type(&mut self, path: &InputPath<'_>, expected: InputLocation<'a>) {
        self.invalid(path, &format!("expected type \"{}\"", expected.ty));
    }

    fn invalid(&mut self, path: &InputPath<'_>, reason: &str) {
        self.errors.add(self.pos, invalid(path, reason));
    }

    fn collect(&mut self, value: &'a Value) {
        match value {
            Value::Variable(variable) => {
                self.sites.push(UsageSite { variable, pos: self.pos, location: None });
            }
            Value::List(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(fields) => fields.values().for_each(|value| self.collect(value)),
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => {}
        }
    }
}

fn invalid(path: &InputPath<'_>, reason: &str) -> String {
    format!("Invalid value for argument \"{path}\", {reason}")
}

/// Converts a constant to a value, for the checks of both.
pub(super) fn from_const(value: &ConstValue) -> Value {
    value.clone().into_value()
}
