//! The two dependency rules of the architecture, checked in the manifests, with dev-dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The workspace crates that each crate may depend on: one layer down, `domain` and `metrics`.
/// `graphql` caches its responses itself, so `cache` is the layer below it like `register`. Only
/// the server may use all layers.
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("texts", &["domain"]),
    ("metrics", &[]),
    ("migrations", &[]),
    // Random inputs, for tests only.
    ("fuzz", &[]),
    ("store", &["domain", "metrics", "migrations"]),
    ("cache", &["domain", "metrics"]),
    ("register", &["domain", "metrics", "store"]),
    ("graphql", &["domain", "texts", "metrics", "register", "cache"]),
    ("transfer", &["domain", "texts", "metrics", "register"]),
    (
        "server",
        &[
            "domain",
            "texts",
            "metrics",
            "migrations",
            "store",
            "cache",
            "register",
            "graphql",
            "transfer",
            "fuzz",
        ],
    ),
];

/// The crates that may use a technology, by the prefix of its package names.
const ROOMS: &[(&str, &[&str])] = &[
    ("async-graphql", &["graphql"]),
    ("atom_syndication", &["tests"]),
    ("axum", &["server"]),
    ("fluent", &["texts"]),
    ("hyper-rustls", &["server"]),
    ("libsqlite3-sys", &[]),
    ("metrics", &["metrics", "server"]),
    ("opentelemetry", &["server"]),
    ("quick-xml", &["server"]),
    ("quick_cache", &["cache"]),
    ("redis", &["cache", "tests"]),
    ("reqwest", &["tests"]),
    ("ring", &["server", "tests"]),
    ("rusqlite", &[]),
    ("sea-", &["store", "migrations", "tests"]),
    ("standardwebhooks", &["tests"]),
    ("sqlx", &["store", "migrations", "tests"]),
    ("tracing-opentelemetry", &["server"]),
];

const ASYNC_GRAPHQL: &str = "7.0.19";

fn workspace() -> Metadata {
    MetadataCommand::new()
        .manifest_path(format!("{ROOT}/Cargo.toml"))
        .no_deps()
        .other_options(["--locked".to_owned(), "--offline".to_owned()])
        .exec()
        .expect("cargo metadata")
}

/// The name prefix of workspace crates.
const OURS: &str = "caunoi-";

/// Returns the dependencies of each workspace crate; workspace crates without their prefix.
fn named() -> BTreeMap<String, BTreeSet<String>> {
    let short = |name: &str| name.strip_prefix(OURS).unwrap_or(name).to_owned();
    let packages = workspace().packages;
    packages
        .iter()
        .map(|package| {
            let dependencies =
                package.dependencies.iter().map(|dependency| dependency.name.clone()).collect();
            (short(&package.name), dependencies)
        })
        .collect()
}

/// Returns the packages of the lock file with this prefix, each with its version.
fn locked(prefix: &str) -> Vec<(String, String)> {
    let lock = fs::read_to_string(format!("{ROOT}/Cargo.lock")).expect("Cargo.lock can be read");
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("name = \"")
            && name.starts_with(prefix)
        {
            let version = lines.next().unwrap_or_default().trim_start_matches("version = ");
            found.push((name.trim_end_matches('"').to_owned(), version.trim_matches('"').to_owned()));
        }
    }
    found
}

#[test]
fn crates_depend_one_layer_down_and_on_domain() {
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    for (package, dependencies) in named() {
        if package == "tests" {
            continue;
        }
        let may = floors.get(package.as_str()).unwrap_or_else(|| panic!("{package} stands on no floor"));
        for dependency in dependencies.iter().filter_map(|name| name.strip_prefix(OURS)) {
            assert!(may.contains(&dependency), "{package} names {dependency}");
        }
    }
}

#[test]
fn store_and_cache_do_not_depend_on_each_other() {
    let manifests = named();
    for (one, other) in [("store", "cache"), ("cache", "store")] {
        let dependencies = manifests.get(one);
        assert!(
            !dependencies.is_some_and(|all| all.contains(&format!("{OURS}{other}"))),
            "{one} names {other}"
        );
    }
}

#[test]
fn each_technology_is_in_one_crate() {
    for (package, dependencies) in named() {
        for (technology, rooms) in ROOMS {
            for dependency in dependencies.iter().filter(|name| name.starts_with(technology)) {
                assert!(rooms.contains(&package.as_str()), "{package} names {dependency}");
            }
        }
    }
}

/// Returns the Rust sources below a folder with their texts.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder");
            waiting.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            found.push((path, text));
        }
    }
    found
}

/// Returns the workspace crate whose names a source re-exports, if any.
fn re_exported(text: &str) -> Option<&str> {
    let visible = text.split("pub use caunoi_").skip(1);
    let restricted = text.split(") use caunoi_").skip(1);
    visible.chain(restricted).find_map(|rest| rest.split("::").next())
}

/// A crate that re-exports the names of a lower one would hide which layers its callers use.
#[test]
fn no_crate_re_exports_names_of_another() {
    let mut seen = 0;
    for (package, _) in FLOORS.iter().filter(|(package, _)| !["migrations", "fuzz"].contains(package)) {
        for (path, text) in sources(&Path::new(ROOT).join("crates").join(package).join("src")) {
            seen += 1;
            assert_eq!(re_exported(&text), None, "{}", path.display());
        }
    }
    assert!(seen > 300, "{seen} sources");
    assert_eq!(re_exported("mod a;\npub use caunoi_store::{Store};"), Some("store"));
    assert_eq!(re_exported("pub(crate) use caunoi_cache::Tag;"), Some("cache"));
    assert_eq!(re_exported("use caunoi_store::Store;"), None);
}

/// Organizations and instruments in the directory belong to provinces. A read that bypasses
/// `RequestContext` records no dependency, so a cached response would become stale.
#[test]
fn provincial_directory_data_is_read_through_request_context() {
    let own = [
        "organizations()",
        "organization(",
        "organization_by_code(",
        "named_organizations()",
        "instruments()",
        "instrument_by_number(",
    ];
    let mut seen = 0;
    for (path, text) in sources(&Path::new(ROOT).join("crates/graphql/src/schema")) {
        let text: String = text.split_whitespace().collect();
        if path.ends_with("request_context.rs") {
            continue;
        }
        seen += 1;
        for name in own {
            for way in [format!("directory().{name}"), format!("directory.{name}")] {
                assert!(!text.contains(&way), "{}: {way}", path.display());
            }
        }
    }
    assert!(seen > 20);
}

#[test]
fn async_graphql_is_pinned_to_a_verified_version() {
    let pin = format!("={ASYNC_GRAPHQL}");
    for package in workspace().packages {
        for dependency in package.dependencies.iter().filter(|one| one.name.starts_with("async-graphql")) {
            assert_eq!(dependency.req.to_string(), pin, "{} in {}", dependency.name, package.name);
        }
    }
    let locked = locked("async-graphql");
    assert!(!locked.is_empty());
    for (name, version) in locked {
        assert_eq!(version, ASYNC_GRAPHQL, "{name} in Cargo.lock");
    }
}
