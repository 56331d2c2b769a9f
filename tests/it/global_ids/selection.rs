//! Selections of all fields of a type that no argument changes, from the schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::Server;

/// The object and interface types of the schema.
pub(super) struct Types(BTreeMap<String, Value>);

impl Types {
    pub(super) async fn read(server: &Server) -> Self {
        let of = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
        let document = format!(
            "{{ __schema {{ types {{ kind name interfaces {{ name }} fields {{ name args {{ name type {{ kind }} }} type {{ {of} }} }} }} }} }}"
        );
        let answer = server.execute(&document, Value::Null).await;
        let types = answer["data"]["__schema"]["types"].as_array().unwrap_or_else(|| panic!("{answer}"));
        let types = types.iter().filter(|kind| !name(kind).starts_with("__"));
        Self(types.map(|kind| (name(kind).to_owned(), kind.clone())).collect())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn fields(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.0[kind]["fields"].as_array().into_iter().flatten()
    }

    fn has_id(&self, kind: &str) -> bool {
        self.fields(kind).any(|field| name(field) == "id")
    }

    /// Returns the object types with a field.
    pub(super) fn objects_with(&self, field: &str) -> BTreeSet<&str> {
        let objects = self.names().filter(|kind| self.0[*kind]["kind"] == "OBJECT");
        objects.filter(|kind| self.fields(kind).any(|own| name(own) == field)).collect()
    }

    /// Returns the object types that implement an interface.
    pub(super) fn implementing(&self, interface: &str) -> BTreeSet<&str> {
        let implements = |kind: &&str| {
            let interfaces = self.0[*kind]["interfaces"].as_array().into_iter().flatten();
            self.0[*kind]["kind"] == "OBJECT" && interfaces.into_iter().any(|own| name(own) == interface)
        };
        self.names().filter(implements).collect()
    }

    /// Returns the fields of the query root with one of these arguments.
    pub(super) fn roots_with(&self, arguments: &[&str]) -> BTreeSet<&str> {
        let has_one = |field: &&Value| {
            let own = field["args"].as_array().into_iter().flatten();
            own.into_iter().any(|argument| arguments.contains(&name(argument)))
        };
        self.fields("Query").filter(has_one).map(name).collect()
    }

    /// Replaces each name of a type that stands alone in braces by its fields.
    pub(super) fn with_fields(&self, document: &str) -> String {
        let mut written = document.to_owned();
        for kind in self.names().filter(|kind| self.has_id(kind)) {
            let short = format!("{{ {kind} }}");
            if written.contains(&short) {
                written = written.replace(&short, &format!("{{ {} }}", self.selection(kind, 2)));
            }
        }
        written
    }

    /// Returns the fields of a type without required arguments: of values, and of objects to this
    /// depth. Lists with pages depend on the arguments of the page.
    fn selection(&self, kind: &str, depth: usize) -> String {
        let mut selected = vec!["__typename".to_owned()];
        for field in self.fields(kind) {
            let required = field["args"].as_array().into_iter().flatten();
            let is_required = required.into_iter().any(|argument| argument["type"]["kind"] == "NON_NULL");
            let (below, below_kind) = innermost(&field["type"]);
            if is_required || below.ends_with("Connection") || below.ends_with("Page") {
                continue;
            }
            match below_kind {
                "SCALAR" | "ENUM" => selected.push(name(field).to_owned()),
                "OBJECT" if self.has_id(below) && depth < 2 => {
                    selected.push(format!("{} {{ __typename id }}", name(field)));
                }
                "OBJECT" if depth > 0 => {
                    selected.push(format!("{} {{ {} }}", name(field), self.selection(below, depth - 1)));
                }
                _ => {}
            }
        }
        selected.join(" ")
    }
}

fn name(value: &Value) -> &str {
    value["name"].as_str().expect("a name")
}

fn innermost(mut kind: &Value) -> (&str, &str) {
    while kind["name"].is_null() {
        kind = &kind["ofType"];
    }
    (name(kind), kind["kind"].as_str().expect("a kind"))
}
