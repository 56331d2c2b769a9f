//! README.md: its queries return the responses that it shows, and its commands work.

use reqwest::Method;
use serde_json::{Value, json};

use super::{CommandFolder, MarkdownFile, blocks};
use crate::harness::{Server, on_both_databases, on_both_engines};
use crate::process::program::{Program, RunningProgram};

const ADDRESS: &str = "127.0.0.1:8080";

/// Removes the spaces outside of texts.
fn compact(json: &str) -> String {
    let mut is_text = false;
    let keeps = |c: &char| {
        is_text ^= *c == '"';
        is_text || !c.is_whitespace()
    };
    json.chars().filter(keeps).collect()
}

/// Returns the response to a document as bytes.
async fn answer(server: &Server, document: &str) -> String {
    let request = server.http(Method::POST, "/graphql").json(&json!({ "query": document }));
    request.send().await.expect("the server answers").text().await.expect("a text")
}

#[tokio::test]
async fn readme_queries_return_the_shown_responses() {
    on_both_engines(|server| async move {
        let readme = MarkdownFile::read("README.md");
        let section = readme.section("## Four questions");
        assert_eq!(section.matches("\n**").count(), 4, "as many as the heading says");
        let documents = blocks(section).into_iter().filter(|(kind, _)| *kind == "graphql");
        assert_eq!(documents.count(), 4, "each question has one document");
        let mut asked = String::new();
        let mut shown = 0;
        for (kind, text) in blocks(section) {
            match kind {
                "graphql" => {
                    asked = answer(&server, text).await;
                    assert!(asked.starts_with("{\"data\":"), "{text}\n{asked}");
                }
                "json" if !asked.is_empty() => {
                    // `…` replaces omitted parts.
                    let mut rest = asked.as_str();
                    for part in compact(text).split('…') {
                        let found = rest.find(part);
                        let at = found.unwrap_or_else(|| panic!("not in the answer: {part}\n{asked}"));
                        rest = &rest[at + part.len()..];
                    }
                    shown += 1;
                    asked.clear();
                }
                _ => {}
            }
        }
        assert_eq!(shown, 3, "three answers are shown");
    })
    .await;
}

#[tokio::test]
async fn readme_commands_work() {
    on_both_databases(|settings| async move {
        let mut server = RunningProgram::start(Program::new(["serve"]).on(&settings));
        let address = server.address();
        let readme = MarkdownFile::read("README.md");
        let commands = |part: &str| readme.commands(part).replace(ADDRESS, &address);
        let place = CommandFolder::new().with_data_dir(&settings.data_dir);

        let search: Value =
            serde_json::from_str(&place.run_successfully(&commands("hua phan")).await).expect("JSON");
        let shown = blocks(&readme.0)
            .into_iter()
            .find(|(kind, text)| *kind == "json" && text.contains("la-houaphanh"));
        let shown: Value = serde_json::from_str(shown.expect("the answer to the search").1).expect("JSON");
        assert_eq!(search, shown);

        let written = place.run_successfully(&commands("token=$(")).await;
        let written: Value =
            serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
        let payload = &written["data"]["createEvent"];
        assert_eq!(payload["event"]["publication"], "DRAFT", "{written}");
        assert_eq!((&payload["event"]["version"], &payload["errors"]), (&json!(1), &json!([])));

        let stream = commands("curl -N");
        let first = place.run_successfully(&format!("grep -m1 '^data:' <({stream})")).await;
        assert!(first.contains("\"cursor\":"), "{first}");

        let feed = place.run_successfully(&commands("changes.atom")).await;
        assert!(feed.contains("<feed"), "{feed}");
        let exported = place.run_successfully(&readme.commands_of_program()).await;
        assert!(exported.starts_with("caunoi "), "{exported}");
        server.signal("TERM");
        assert_eq!(server.wait().code, Some(0));
    })
    .await;
}

impl MarkdownFile {
    /// Returns the command of README.md that puts the program on the path, with a check of it.
    fn commands_of_program(&self) -> String {
        let (_, rest) = self.section("## The program").split_once("`export ").expect("a path");
        let (path, _) = rest.split_once('`').expect("the end of the command");
        format!("unset -f caunoi; export {path}; command -v caunoi >&2; caunoi --version")
    }
}
