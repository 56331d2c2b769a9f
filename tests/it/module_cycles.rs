//! The modules of a crate depend on each other in one direction, checked in their sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates");

/// The crates whose top-level modules form no cycle. `store` and `graphql` are not among them: the
/// modules of `store` share its connection, those of `graphql` the engine's schema.
const ACYCLIC: &[&str] = &["domain", "metrics", "cache", "register", "transfer"];

/// Top-level modules and the modules that each of them names.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Returns the sources under a folder, without those of unit tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name == "tests" {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Returns a source without comments and without its unit tests, which end the file.
fn code(text: &str) -> String {
    let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    production.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Returns the first names of all paths that begin with `crate::`, including grouped ones.
fn crate_paths(code: &str) -> BTreeSet<String> {
    let first_name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(first_name(rest));
            continue;
        };
        let mut depth = 0;
        let mut item_starts = true;
        for (at, letter) in group.char_indices() {
            if item_starts {
                names.insert(first_name(&group[at..]));
                item_starts = false;
            }
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => item_starts = true,
                _ => {}
            }
        }
    }
    names.remove("");
    names
}

/// Returns the module behind each name that `lib.rs` re-exports.
fn re_exports(lib: &str) -> BTreeMap<String, String> {
    let statements = lib.split(';').filter_map(|statement| statement.trim().strip_prefix("pub use "));
    statements
        .filter_map(|path| path.split_once("::"))
        .flat_map(|(module, names)| {
            let names = names.split(|c: char| !c.is_alphanumeric() && c != '_');
            names.filter(|name| !name.is_empty()).map(|name| (name.to_owned(), module.to_owned()))
        })
        .collect()
}

/// Returns the dependencies between the top-level modules of a crate.
fn module_graph(package: &str) -> Graph {
    let root = Path::new(CRATES).join(package).join("src");
    let module_of = |path: &Path| -> String {
        let relative = path.strip_prefix(&root).expect("a path below the root");
        let first = relative.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        first.trim_end_matches(".rs").to_owned()
    };
    let files = sources(&root);
    let modules: BTreeSet<String> = files.iter().map(|path| module_of(path)).collect();
    let shown = re_exports(&code(&fs::read_to_string(root.join("lib.rs")).expect("a source")));
    let mut graph = Graph::new();
    for path in files {
        let module = module_of(&path);
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let named = crate_paths(&code(&fs::read_to_string(&path).expect("a source")));
        let behind = named.into_iter().map(|name| shown.get(&name).cloned().unwrap_or(name));
        let used = behind.filter(|name| *name != module && modules.contains(name));
        graph.entry(module.clone()).or_default().extend(used);
    }
    graph
}

/// Removes modules that depend on no remaining one until none is left or each depends on another:
/// what remains contains every cycle.
fn cycles(mut graph: Graph) -> Graph {
    loop {
        let leaves: BTreeSet<String> =
            graph.iter().filter(|(_, used)| used.is_empty()).map(|(module, _)| module.clone()).collect();
        if leaves.is_empty() {
            return graph;
        }
        graph.retain(|module, _| !leaves.contains(module));
        for used in graph.values_mut() {
            used.retain(|module| !leaves.contains(module));
        }
    }
}

#[test]
fn modules_of_a_crate_form_no_cycle() {
    for package in ACYCLIC {
        let graph = module_graph(package);
        assert!(graph.len() > 1, "{package} has modules");
        let cyclic = cycles(graph);
        assert!(cyclic.is_empty(), "{package}: {cyclic:#?}");
    }
}

#[test]
fn paths_and_cycles_are_found() {
    let text = "use crate::{\n    date::{Day, zone},\n    entry::Entry,\n    text,\n};\nfn f() { crate::unit::g() } // crate::no\n#[cfg(test)]\nmod tests { use crate::not; }";
    let modules: Vec<String> = crate_paths(&code(text)).into_iter().collect();
    assert_eq!(modules, ["date", "entry", "text", "unit"]);
    let shown = re_exports("mod a;\npub use a::{One, Two};\npub use b::Three;");
    assert_eq!(shown.get("Two").map(String::as_str), Some("a"));
    assert_eq!(shown.get("Three").map(String::as_str), Some("b"));
    let graph = |edges: &[(&str, &[&str])]| -> Graph {
        let named = |used: &[&str]| used.iter().map(|name| (*name).to_owned()).collect();
        edges.iter().map(|(module, used)| ((*module).to_owned(), named(used))).collect()
    };
    assert!(cycles(graph(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
    let cyclic = cycles(graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["b", "d"]), ("d", &[])]));
    assert_eq!(cyclic.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
}
