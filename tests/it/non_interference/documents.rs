//! Random queries over the whole schema: every root field, every argument, fragments on the types
//! of unions and interfaces.

use std::collections::BTreeMap;

use caunoi_fuzz::Random;
use serde_json::{Value, json};

use crate::harness::Server;

/// The most aliases of a document, below the limit of the guard.
const MAX_ALIASES: usize = 40;
const MAX_DEPTH: usize = 5;

/// The types of the schema by name.
pub(super) struct Schema(BTreeMap<String, Value>);

impl Schema {
    pub(super) async fn read(server: &Server) -> Self {
        let of =
            "name kind ofType { name kind ofType { name kind ofType { name kind ofType { name kind } } } }";
        let document = format!(
            "{{ __schema {{ types {{
                name kind enumValues {{ name }} possibleTypes {{ name }} inputFields {{ name type {{ {of} }} }}
                fields {{ name type {{ {of} }} args {{ name type {{ {of} }} }} }}
            }} }} }}"
        );
        let answer = server.execute_as("steward", &document, Value::Null).await;
        let types = answer["data"]["__schema"]["types"].as_array().unwrap_or_else(|| panic!("{answer}"));
        Self(types.iter().map(|one| (text(&one["name"]).to_owned(), one.clone())).collect())
    }

    fn list<'a>(&'a self, name: &str, member: &str) -> &'a [Value] {
        self.0.get(name).and_then(|found| found[member].as_array()).map_or(&[], Vec::as_slice)
    }

    fn kind(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |found| text(&found["kind"]))
    }

    /// Returns the names of the root fields.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        self.list("Query", "fields").iter().map(|field| text(&field["name"]))
    }

    fn is_leaf(&self, field: &Value) -> bool {
        matches!(self.kind(innermost(&field["type"])), "SCALAR" | "ENUM")
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns the name of a type without its lists and non-nulls.
fn innermost(mut kind: &Value) -> &str {
    while !kind["ofType"].is_null() {
        kind = &kind["ofType"];
    }
    text(&kind["name"])
}

/// Values of arguments.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) ids: Vec<String>,
    pub(super) cursors: Vec<String>,
    /// Slugs, codes, words of titles.
    pub(super) words: Vec<String>,
}

/// Writes documents.
pub(super) struct Generator<'a> {
    schema: &'a Schema,
    pool: &'a Pool,
    random: Random,
    aliases: usize,
}

impl<'a> Generator<'a> {
    pub(super) fn new(schema: &'a Schema, pool: &'a Pool, seed: u64) -> Self {
        Self { schema, pool, random: Random::new(seed), aliases: 0 }
    }

    /// Returns a query of this root field and, in every third document, of another one.
    pub(super) fn document(&mut self, root: &str) -> String {
        self.aliases = 0;
        let roots = self.schema.list("Query", "fields");
        let of_name = roots.iter().find(|field| field["name"] == root);
        let mut fields = vec![self.field(of_name.unwrap_or(&roots[0]), 0)];
        if self.random.percent(33) {
            let other = self.random.pick(roots);
            fields.push(self.field(other, 0));
        }
        format!("query {{ {} }}", fields.join(" "))
    }

    /// Returns a query of an entry of this type.
    pub(super) fn node(&mut self, id: &str, kind: &str) -> String {
        self.aliases = 0;
        let selections = [(); 3].map(|()| format!("... on {kind}{}", self.selection(kind, 1)));
        format!("query {{ node(id: {}) {{ {} }} }}", json!(id), selections.join(" "))
    }

    fn field(&mut self, field: &Value, depth: usize) -> String {
        self.aliases += 1;
        let alias = self.aliases;
        let name = text(&field["name"]);
        let arguments = self.arguments(field["args"].as_array().map_or(&[], Vec::as_slice), depth);
        let kind = innermost(&field["type"]);
        let selection =
            if self.schema.is_leaf(field) { String::new() } else { self.selection(kind, depth + 1) };
        format!("a{alias}: {name}{arguments}{selection}")
    }

    fn arguments(&mut self, arguments: &[Value], depth: usize) -> String {
        let mut chosen: Vec<String> = Vec::new();
        let is_backwards = self.random.percent(50);
        for argument in arguments {
            let name = text(&argument["name"]);
            let is_other_way = if is_backwards { ["first", "after"] } else { ["last", "before"] };
            let is_needed = argument["type"]["kind"] == "NON_NULL" || ["first", "last"].contains(&name);
            if !is_other_way.contains(&name) && (is_needed || self.random.percent(30)) {
                chosen.push(format!("{name}: {}", self.value(&argument["type"], name, depth)));
            }
        }
        if chosen.is_empty() { String::new() } else { format!("({})", chosen.join(", ")) }
    }

    fn selection(&mut self, kind: &str, depth: usize) -> String {
        let fields = self.schema.list(kind, "fields");
        let leaves: Vec<&Value> = fields.iter().filter(|field| self.schema.is_leaf(field)).collect();
        let others: Vec<&Value> = fields.iter().filter(|field| !self.schema.is_leaf(field)).collect();
        let mut chosen = vec!["__typename".to_owned()];
        for _ in 0..self.random.below(4) + 1 {
            if self.aliases < MAX_ALIASES && !leaves.is_empty() {
                let leaf = *self.random.pick(&leaves);
                chosen.push(self.field(leaf, depth));
            }
        }
        for _ in 0..self.random.below(3) + usize::from(leaves.is_empty()) {
            if self.aliases < MAX_ALIASES && depth < MAX_DEPTH && !others.is_empty() {
                let other = *self.random.pick(&others);
                chosen.push(self.field(other, depth));
            }
        }
        for possible in self.fragments(kind) {
            if self.aliases < MAX_ALIASES && depth < MAX_DEPTH {
                chosen.push(format!("... on {possible}{}", self.selection(&possible, depth + 1)));
            }
        }
        format!(" {{ {} }}", chosen.join(" "))
    }

    /// Returns up to three types to select within a union or an interface.
    fn fragments(&mut self, kind: &str) -> Vec<String> {
        let possible = match self.schema.kind(kind) {
            "UNION" | "INTERFACE" => self.schema.list(kind, "possibleTypes"),
            _ => &[],
        };
        let count = if possible.is_empty() { 0 } else { 1 + self.random.below(3) };
        (0..count).map(|_| text(&self.random.pick(possible)["name"]).to_owned()).collect()
    }

    fn value(&mut self, kind: &Value, name: &str, depth: usize) -> String {
        match text(&kind["kind"]) {
            "NON_NULL" => self.value(&kind["ofType"], name, depth),
            "LIST" => {
                let members: Vec<String> =
                    (0..=self.random.below(2)).map(|_| self.value(&kind["ofType"], name, depth)).collect();
                format!("[{}]", members.join(", "))
            }
            "ENUM" => {
                let values = self.schema.list(text(&kind["name"]), "enumValues");
                text(&self.random.pick(values)["name"]).to_owned()
            }
            "INPUT_OBJECT" => self.object(text(&kind["name"]), depth),
            _ => self.scalar(text(&kind["name"]), name),
        }
    }

    fn object(&mut self, kind: &str, depth: usize) -> String {
        let fields = self.schema.list(kind, "inputFields");
        // Those of the directive @oneOf.
        let is_one_of = kind.ends_with("By");
        let only = self.random.below(fields.len());
        let mut chosen = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let is_needed = field["type"]["kind"] == "NON_NULL";
            let is_chosen = if is_one_of { index == only } else { is_needed || index == only && depth < 12 };
            if is_chosen {
                let name = text(&field["name"]);
                chosen.push(format!("{name}: {}", self.value(&field["type"], name, depth + 3)));
            }
        }
        format!("{{{}}}", chosen.join(", "))
    }

    fn scalar(&mut self, kind: &str, name: &str) -> String {
        let pick = |random: &mut Random, members: &[&str]| json!(random.pick(members)).to_string();
        match kind {
            "Int" if ["first", "last"].contains(&name) => (1 + self.random.below(4)).to_string(),
            "Int" => self.random.below(40).to_string(),
            "Boolean" => self.random.percent(50).to_string(),
            "ID" => json!(self.random.pick(&self.pool.ids)).to_string(),
            "Cursor" | "KnownAt" => json!(self.random.pick(&self.pool.cursors)).to_string(),
            "CountryCode" => pick(&mut self.random, &["KR", "JP", "LA", "CU"]),
            "CurrencyCode" => pick(&mut self.random, &["USD", "VND"]),
            "LocalDate" => pick(&mut self.random, &["2026-10-05", "2024-05-06", "2025-06-30", "2026-11-22"]),
            "EDTF" | "Period" => pick(&mut self.random, &["2026-10-05", "2024", "2026-10"]),
            "DateTime" => pick(&mut self.random, &["2026-10-05T00:00:00Z", "2024-01-01T00:00:00+07:00"]),
            "Decimal" => pick(&mut self.random, &["0", "1", "120.5"]),
            _ => json!(self.random.pick(&self.pool.words)).to_string(),
        }
    }
}
