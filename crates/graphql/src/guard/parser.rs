//! The parser of executable documents, as the specification of September 2025 defines them.
//!
//! That of the engine's library departs from it: it refuses descriptions, `\u{…}` and surrogate
//! pairs, splits names that begin with `true`, and forgets all but the last of equal input fields.
//!
//! Recursion is as deep as the brackets of the document, which the lexer limits.

use super::tokens::{Token, TokenKind};
use super::{GuardError, Rule, SourceLocation, strings};
use async_graphql_parser::types::{
    BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread,
    InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
    VariableDefinition,
};
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::{ConstValue, Name, Number, Value};
use std::collections::{HashMap, HashSet};

type Parsed<T> = Result<T, GuardError>;
type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

/// Parses the tokens of a document.
///
/// # Errors
/// Returns the first syntax error; without one, the first definition or input field that the tree
/// cannot contain next to the others.
pub(super) fn parse(tokens: &[Token<'_>]) -> Parsed<ExecutableDocument> {
    let mut parser = Parser { tokens, at: 0, flaw: None };
    let mut document = Definitions::default();
    while parser.peek().is_some() || parser.at == 0 {
        parser.definition(&mut document)?;
    }
    match parser.flaw {
        Some(flaw) => Err(flaw),
        None => Ok(document.into_executable()),
    }
}

#[derive(Default)]
struct Definitions {
    anonymous: Option<Positioned<OperationDefinition>>,
    named: HashMap<Name, Positioned<OperationDefinition>>,
    fragments: HashMap<Name, Positioned<FragmentDefinition>>,
}

impl Definitions {
    fn into_executable(self) -> ExecutableDocument {
        let operations = match self.anonymous {
            Some(operation) => DocumentOperations::Single(operation),
            None => DocumentOperations::Multiple(self.named),
        };
        ExecutableDocument { operations, fragments: self.fragments }
    }
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// The first part of the document that the tree cannot contain.
    flaw: Option<GuardError>,
}

impl<'a> Parser<'a> {
    fn definition(&mut self, document: &mut Definitions) -> Parsed<()> {
        if self.is_next("{") {
            return self.operation(OperationType::Query, document);
        }
        let description = self.peek().is_some_and(is_string);
        if description {
            self.string()?;
        }
        let keyword = self.peek().filter(|token| token.kind == TokenKind::Name).map(|token| token.text);
        match keyword {
            Some("query") => self.operation(OperationType::Query, document),
            Some("mutation") => self.operation(OperationType::Mutation, document),
            Some("subscription") => self.operation(OperationType::Subscription, document),
            Some("fragment") => self.fragment(document),
            Some("extend") if description => Err(self.unexpected()),
            Some(
                "schema" | "scalar" | "type" | "interface" | "union" | "enum" | "input" | "directive"
                | "extend",
            ) => {
                let location = self.peek().map(|token| token.location);
                self.note(Rule::TypeDefinition, location);
                // The rest is not read: whatever it is, the document is refused.
                self.at = self.tokens.len();
                Ok(())
            }
            Some(_) | None => Err(self.unexpected()),
        }
    }

    fn operation(&mut self, ty: OperationType, document: &mut Definitions) -> Parsed<()> {
        let pos = self.pos();
        let mut name = None;
        let (mut variable_definitions, mut directives) = (Vec::new(), Vec::new());
        if !self.is_next("{") {
            self.at += 1;
            if self.peek().is_some_and(|token| token.kind == TokenKind::Name) {
                name = Some(self.name()?);
            }
            if self.is_next("(") {
                variable_definitions = self.many("(", Self::variable_definition, ")")?;
            }
            directives = self.directives(Variables::Allowed)?;
        }
        let selection_set = self.selection_set()?;
        let operation = OperationDefinition { ty, variable_definitions, directives, selection_set };
        let operation = Positioned::new(operation, pos);
        let has_other = document.anonymous.is_some() || (name.is_none() && !document.named.is_empty());
        if has_other {
            self.note(Rule::AnonymousOperation, Some(pos.into()));
        }
        match name {
            None => document.anonymous = Some(operation),
            Some(name) => {
                if document.named.insert(name.node, operation).is_some() {
                    self.note(Rule::OperationNames, Some(name.pos.into()));
                }
            }
        }
        Ok(())
    }

    fn variable_definition(&mut self) -> Parsed<Positioned<VariableDefinition>> {
        if self.peek().is_some_and(is_string) {
            self.string()?;
        }
        let pos = self.pos();
        self.expect("$")?;
        let name = self.name()?;
        self.expect(":")?;
        let var_type = self.ty()?;
        let mut default_value = None;
        if self.accept("=") {
            let value = self.value(Variables::Refused)?;
            default_value = Some(Positioned::new(to_const(value.node), value.pos));
        }
        let directives = self.directives(Variables::Refused)?;
        Ok(Positioned::new(VariableDefinition { name, var_type, directives, default_value }, pos))
    }

    fn ty(&mut self) -> Parsed<Positioned<Type>> {
        let pos = self.pos();
        let base = if self.accept("[") {
            let of = self.ty()?.node;
            self.expect("]")?;
            BaseType::List(Box::new(of))
        } else {
            BaseType::Named(self.name()?.node)
        };
        let nullable = !self.accept("!");
        Ok(Positioned::new(Type { base, nullable }, pos))
    }

    fn fragment(&mut self, document: &mut Definitions) -> Parsed<()> {
        let pos = self.pos();
        self.at += 1;
        let name = self.fragment_name()?;
        let type_condition = self.type_condition()?;
        let directives = self.directives(Variables::Allowed)?;
        let selection_set = self.selection_set()?;
        let fragment = FragmentDefinition { type_condition, directives, selection_set };
        if document.fragments.insert(name.node, Positioned::new(fragment, pos)).is_some() {
            self.note(Rule::FragmentNames, Some(name.pos.into()));
        }
        Ok(())
    }

    fn fragment_name(&mut self) -> Parsed<Positioned<Name>> {
        if self.is_next("on") { Err(self.unexpected()) } else { self.name() }
    }

    fn type_condition(&mut self) -> Parsed<Positioned<TypeCondition>> {
        let pos = self.pos();
        self.expect("on")?;
        Ok(Positioned::new(TypeCondition { on: self.name()? }, pos))
    }

    fn selection_set(&mut self) -> Parsed<Positioned<SelectionSet>> {
        let pos = self.pos();
        let items = self.many("{", Self::selection, "}")?;
        Ok(Positioned::new(SelectionSet { items }, pos))
    }

    fn selection(&mut self) -> Parsed<Positioned<Selection>> {
        let pos = self.pos();
        let selection = if self.accept("...") {
            let is_inline = self.is_next("on") || self.is_next("@") || self.is_next("{");
            if is_inline {
                let type_condition = if self.is_next("on") { Some(self.type_condition()?) } else { None };
                let directives = self.directives(Variables::Allowed)?;
                let selection_set = self.selection_set()?;
                let fragment = InlineFragment { type_condition, directives, selection_set };
                Selection::InlineFragment(Positioned::new(fragment, pos))
            } else {
                let fragment_name = self.fragment_name()?;
                let directives = self.directives(Variables::Allowed)?;
                Selection::FragmentSpread(Positioned::new(FragmentSpread { fragment_name, directives }, pos))
            }
        } else {
            Selection::Field(Positioned::new(self.field(pos)?, pos))
        };
        Ok(Positioned::new(selection, pos))
    }

    fn field(&mut self, pos: Pos) -> Parsed<Field> {
        let first = self.name()?;
        let (alias, name) = if self.accept(":") { (Some(first), self.name()?) } else { (None, first) };
        let arguments = self.arguments(Variables::Allowed)?;
        let directives = self.directives(Variables::Allowed)?;
        let selection_set = if self.is_next("{") {
            self.selection_set()?
        } else {
            Positioned::new(SelectionSet::default(), pos)
        };
        Ok(Field { alias, name, arguments, directives, selection_set })
    }

    fn arguments(&mut self, variables: Variables) -> Parsed<Arguments> {
        if self.is_next("(") {
            self.many("(", |parser| parser.argument(variables), ")")
        } else {
            Ok(Vec::new())
        }
    }

    fn argument(&mut self, variables: Variables) -> Parsed<(Positioned<Name>, Positioned<Value>)> {
        let name = self.name()?;
        self.expect(":")?;
        Ok((name, self.value(variables)?))
    }

    fn directives(&mut self, variables: Variables) -> Parsed<Vec<Positioned<Directive>>> {
        let mut directives = Vec::new();
        while self.is_next("@") {
            let pos = self.pos();
            self.at += 1;
            let name = self.name()?;
            let arguments = self.arguments(variables)?;
            directives.push(Positioned::new(Directive { name, arguments }, pos));
        }
        Ok(directives)
    }

    fn value(&mut self, variables: Variables) -> Parsed<Positioned<Value>> {
        let pos = self.pos();
        let Some(token) = self.peek() else { return Err(self.unexpected()) };
        let value = match token.kind {
            TokenKind::Int | TokenKind::Float => Value::Number(self.number(token)?),
            TokenKind::String | TokenKind::BlockString => Value::String(self.string()?),
            TokenKind::Name => {
                self.at += 1;
                match token.text {
                    "true" => Value::Boolean(true),
                    "false" => Value::Boolean(false),
                    "null" => Value::Null,
                    name => Value::Enum(Name::new(name)),
                }
            }
            TokenKind::Punctuator => match (token.text, variables) {
                ("$", Variables::Allowed) => {
                    self.at += 1;
                    Value::Variable(self.name()?.node)
                }
                ("[", _) => Value::List(self.list(variables)?),
                ("{", _) => self.object(variables)?,
                _ => return Err(self.unexpected()),
            },
        };
        Ok(Positioned::new(value, pos))
    }

    fn list(&mut self, variables: Variables) -> Parsed<Vec<Value>> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.accept("]") {
            items.push(self.value(variables)?.node);
        }
        Ok(items)
    }

    fn object(&mut self, variables: Variables) -> Parsed<Value> {
        self.at += 1;
        let mut names = HashSet::new();
        let mut fields = Vec::new();
        while !self.accept("}") {
            let (name, value) = self.argument(variables)?;
            if !names.insert(name.node.clone()) {
                self.note(Rule::InputFieldNames, Some(name.pos.into()));
            }
            fields.push((name.node, value.node));
        }
        Ok(Value::Object(fields.into_iter().collect()))
    }

    fn number(&mut self, token: Token<'a>) -> Parsed<Number> {
        let whole = || match token.text.parse::<i64>() {
            Ok(number) => Some(Number::from(number)),
            Err(_) => token.text.parse::<u64>().ok().map(Number::from),
        };
        // JSON has no infinity; no input of the schema takes so large a number either way.
        let real = || Number::from_f64(token.text.parse::<f64>().ok()?.clamp(f64::MIN, f64::MAX));
        let number = if token.kind == TokenKind::Int { whole().or_else(real) } else { real() };
        let number = number.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(number)
    }

    fn string(&mut self) -> Parsed<String> {
        let value = self.peek().and_then(|token| match token.kind {
            TokenKind::String => strings::unescape(token.text),
            TokenKind::BlockString => strings::unindent(token.text),
            TokenKind::Punctuator | TokenKind::Name | TokenKind::Int | TokenKind::Float => None,
        });
        let value = value.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(value)
    }

    fn name(&mut self) -> Parsed<Positioned<Name>> {
        let pos = self.pos();
        match self.peek() {
            Some(token) if token.kind == TokenKind::Name => {
                self.at += 1;
                Ok(Positioned::new(Name::new(token.text), pos))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Reads at least one item between two brackets.
    fn many<T>(
        &mut self,
        open: &str,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
        close: &str,
    ) -> Parsed<Vec<T>> {
        self.expect(open)?;
        let mut items = vec![item(self)?];
        while !self.accept(close) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    /// Whether the next token is this punctuator or keyword.
    fn is_next(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.text == text)
    }

    fn accept(&mut self, text: &str) -> bool {
        let is_next = self.is_next(text);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, text: &str) -> Parsed<()> {
        if self.accept(text) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn pos(&self) -> Pos {
        self.peek().map_or_else(Pos::default, |token| token.location.into())
    }

    /// The syntax error at the next token; at the last one if the document ends too early.
    fn unexpected(&self) -> GuardError {
        let token = self.peek().or_else(|| self.tokens.last().copied());
        GuardError { rule: Rule::Syntax, location: token.map(|token| token.location) }
    }

    fn note(&mut self, rule: Rule, location: Option<SourceLocation>) {
        self.flaw.get_or_insert(GuardError { rule, location });
    }
}

/// Whether a value may contain variables.
#[derive(Clone, Copy)]
enum Variables {
    Allowed,
    Refused,
}

fn is_string(token: Token<'_>) -> bool {
    matches!(token.kind, TokenKind::String | TokenKind::BlockString)
}

/// Converts a value that was read without variables.
fn to_const(value: Value) -> ConstValue {
    value.into_const().unwrap_or_default()
}
