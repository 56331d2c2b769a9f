//! The documents: their links and paths exist, their sizes and forms are kept, their lists are
//! complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Documents outside of `docs/`.
const OTHERS: [&str; 10] = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "crates/server/assets/graphiql/README.md",
    "deploy/RUNBOOK.md",
    "schema/README.md",
    "schema/client/README.md",
    "tests/README.md",
    "tests/bench/README.md",
];
/// The beginnings of paths that documents name in backticks.
const PATHS: [&str; 5] = ["crates/", "deploy/", "docs/", "migrations/", "tests/"];

/// A Markdown file: its path from the root of the repository, and its text.
struct Document {
    path: PathBuf,
    text: String,
}

impl Document {
    fn read(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let text = fs::read_to_string(Path::new(ROOT).join(&path));
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path, text }
    }

    /// Returns the text without fenced blocks.
    fn prose(&self) -> String {
        let mut is_fenced = false;
        let is_prose = |line: &&str| {
            let is_fence = line.trim_start().starts_with("```");
            is_fenced ^= is_fence;
            !is_fenced && !is_fence
        };
        self.text.lines().filter(is_prose).collect::<Vec<_>>().join("\n")
    }

    /// Returns the targets of inline links.
    fn links(&self) -> Vec<String> {
        let prose = self.prose();
        let ends = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        ends.map(|(target, _)| target.to_owned()).collect()
    }

    /// Returns the paths in backticks.
    fn paths(&self) -> Vec<String> {
        let prose = self.prose();
        let spans = prose.split('`').skip(1).step_by(2);
        let is_path = |span: &&str| {
            PATHS.iter().any(|beginning| span.starts_with(beginning)) && !span.contains(['*', ' ', '…'])
        };
        spans.filter(is_path).map(str::to_owned).collect()
    }

    /// Returns the anchors of the headings, as Git hosts derive them.
    fn anchors(&self) -> BTreeSet<String> {
        let prose = self.prose();
        let headings = prose.lines().filter(|line| line.starts_with('#'));
        let is_kept = |sign: &char| sign.is_alphanumeric() || ['-', '_'].contains(sign);
        let anchor = |heading: &str| -> String {
            let text = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            text.chars().filter(is_kept).collect()
        };
        headings.map(anchor).collect()
    }
}

/// Returns the Markdown files below a folder.
fn markdown_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(ROOT).join(folder)).expect("a folder of the repository") {
        let name = entry.expect("an entry of the folder").file_name().into_string().expect("UTF-8");
        let path = format!("{folder}/{name}");
        if Path::new(ROOT).join(&path).is_dir() {
            found.extend(markdown_files(&path));
        } else if Path::new(&path).extension().is_some_and(|kind| kind == "md") {
            found.push(path.into());
        }
    }
    found
}

fn documents() -> Vec<Document> {
    let paths = OTHERS.into_iter().map(PathBuf::from).chain(markdown_files("docs"));
    paths.map(Document::read).collect()
}

/// Returns why a relative link leads nowhere.
fn find_broken_link(document: &Document, target: &str) -> Option<String> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = document.path.parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() { document.path.clone() } else { folder.join(file) };
    if !Path::new(ROOT).join(&path).exists() {
        return Some(format!("{}: no {target}", document.path.display()));
    }
    let is_found = anchor.is_empty() || Document::read(path).anchors().contains(anchor);
    (!is_found).then(|| format!("{}: no heading for {target}", document.path.display()))
}

#[test]
fn every_relative_link_exists() {
    let mut checked = 0;
    let mut broken = Vec::new();
    for document in documents() {
        for target in document.links() {
            if target.contains("://") {
                continue;
            }
            checked += 1;
            broken.extend(find_broken_link(&document, &target));
        }
    }
    assert!(checked > 100, "{checked} links");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_path_in_backticks_exists() {
    let mut checked = 0;
    let mut missing = Vec::new();
    for document in documents() {
        for path in document.paths() {
            checked += 1;
            if !Path::new(ROOT).join(&path).exists() {
                missing.push(format!("{}: {path}", document.path.display()));
            }
        }
    }
    assert!(checked > 100, "{checked} paths");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn readme_and_architecture_are_short() {
    assert!(Document::read("README.md").text.len() <= 9 * 1024);
    let architecture = Document::read("docs/architecture.md");
    assert!(architecture.text.len() <= 12 * 1024, "{}", architecture.text.len());
    let (_, glossary) = architecture.text.split_once("## Glossary").expect("a glossary");
    let (glossary, _) = glossary.split_once("\n## ").expect("the end of the glossary");
    let rows = glossary.lines().filter(|line| line.starts_with("| ")).count() - 2;
    assert!((30..=60).contains(&rows), "{rows} rows");
}

#[test]
fn every_decision_has_its_form_and_is_listed() {
    let index = Document::read("docs/README.md");
    let decisions = markdown_files("docs/decisions");
    assert!(decisions.len() > 40, "{}", decisions.len());
    for decision in decisions.into_iter().map(Document::read) {
        let name = decision.path.file_name().and_then(|name| name.to_str()).expect("a name");
        assert!(index.text.contains(&format!("(decisions/{name})")), "{name} is not listed");
        assert!(decision.text.lines().count() <= 40, "{name} is long");
        let headings: Vec<&str> = decision.text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, ["Context", "Decision", "Consequence"], "{name}");
    }
}

/// Returns the codes in the first column of the tables of a section.
fn codes(section: &str) -> BTreeSet<String> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split_once('`')).map(|(code, _)| code.to_owned()).collect()
}

#[test]
fn error_reference_has_every_code_of_mutations() {
    let reference = Document::read("docs/reference/errors.md");
    let (_, data) = reference.text.split_once("## Errors as data").expect("a section");
    let schema = fs::read_to_string(format!("{ROOT}/schema/schema.graphql")).expect("the schema");
    let (_, rest) = schema.split_once("enum UserErrorCode {").expect("the codes of mutations");
    let (body, _) = rest.split_once("\n}").expect("the end of the enum");
    let is_value = |line: &&str| !line.is_empty() && line.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let known: BTreeSet<String> = body.lines().map(str::trim).filter(is_value).map(str::to_owned).collect();
    assert_eq!(codes(data), known);
}

/// Returns the names of all functions below a folder of Rust sources.
fn function_names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let path = entry.path();
        if path.is_dir() {
            function_names(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split_once('('));
            found.extend(names.map(|(name, _)| name.to_owned()));
        }
    }
}

#[test]
fn security_reference_names_existing_tests() {
    let mut known = BTreeSet::new();
    for folder in ["crates", "tests/it", "tests/fuzz"] {
        function_names(&Path::new(ROOT).join(folder), &mut known);
    }
    let reference = Document::read("docs/reference/security.md");
    let mut rows = 0;
    for row in reference.text.lines().filter(|line| line.starts_with("| ")) {
        let Some(shown_by) =
            row.trim_end_matches(" |").rsplit(" | ").next().filter(|last| last.starts_with('`'))
        else {
            continue;
        };
        rows += 1;
        for name in shown_by.split('`').skip(1).step_by(2) {
            assert!(known.contains(name), "no test {name}");
        }
    }
    assert!(rows >= 40, "{rows} rows");
}
