//! README.md and docs/reference: the queries return the responses shown, and the commands work.

use reqwest::Method;
use serde_json::{Value, json};

use super::{CommandFolder, MarkdownFile, blocks, profile_of_make_run};
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

/// Runs the documents of a text in order, compares each shown response, and returns the number of
/// documents and of shown responses.
async fn compare_responses(server: &Server, text: &str) -> (usize, usize) {
    let mut asked = String::new();
    let (mut documents, mut shown) = (0, 0);
    for (kind, text) in blocks(text) {
        match kind {
            "graphql" => {
                asked = answer(server, text).await;
                assert!(asked.starts_with("{\"data\":"), "{text}\n{asked}");
                documents += 1;
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
    (documents, shown)
}

#[tokio::test]
async fn documented_queries_return_the_shown_responses() {
    on_both_engines(|server| async move {
        let readme = MarkdownFile::read("README.md");
        let section = readme.section("## Three questions");
        assert_eq!(section.matches("\n**").count(), 3, "as many as the heading says");
        assert_eq!(compare_responses(&server, section).await, (3, 3), "documents and responses");
        let counting = MarkdownFile::read("docs/reference/counting.md");
        assert_eq!(compare_responses(&server, &counting.0).await, (4, 0), "documents and responses");
    })
    .await;
}

#[tokio::test]
async fn documented_commands_work() {
    on_both_databases(|settings| async move {
        let mut server = RunningProgram::start(Program::new(["serve"]).on(&settings));
        let address = server.address();
        let page = |name: &str| MarkdownFile(MarkdownFile::read(name).0.replace(ADDRESS, &address));
        let reference = |name: &str| page(&format!("docs/reference/{name}.md"));
        let place = CommandFolder::new().with_data_dir(&settings.data_dir);

        let readme = page("README.md");
        let search: Value =
            serde_json::from_str(&place.run_successfully(&readme.commands("hua phan")).await).expect("JSON");
        let shown = blocks(&readme.0)
            .into_iter()
            .find(|(kind, text)| *kind == "json" && text.contains("la-houaphanh"));
        let shown: Value = serde_json::from_str(shown.expect("the answer to the search").1).expect("JSON");
        assert_eq!(search, shown);

        let written = place.run_successfully(&reference("writing").commands("token=$(")).await;
        let written: Value =
            serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
        let payload = &written["data"]["createEvent"];
        assert_eq!(payload["event"]["publication"], "DRAFT", "{written}");
        assert_eq!((&payload["event"]["version"], &payload["errors"]), (&json!(1), &json!([])));

        let stream = reference("subscriptions").commands("curl -N");
        let first = place.run_successfully(&format!("grep -m1 '^data:' <({stream})")).await;
        assert!(first.contains("\"cursor\":"), "{first}");

        let feed = place.run_successfully(&reference("feed").commands("changes.atom")).await;
        assert!(feed.contains("<feed"), "{feed}");
        let cli = reference("cli");
        let program = format!("`make run` leaves the program at `target/{}/caunoi`", profile_of_make_run());
        assert!(cli.0.contains(&program), "{program}");
        let exported = place.run_successfully(&cli.path_command()).await;
        assert!(exported.starts_with("caunoi "), "{exported}");
        server.signal("TERM");
        assert_eq!(server.wait().code, Some(0));
    })
    .await;
}

impl MarkdownFile {
    /// Returns the command that puts the program on the path, with a check of it. The first folder of
    /// the path has the program already and is removed.
    fn path_command(&self) -> String {
        let (_, rest) = self.0.split_once("`export ").expect("a path");
        let (path, _) = rest.split_once('`').expect("the end of the command");
        format!("unset -f caunoi; PATH=${{PATH#*:}}; export {path}; command -v caunoi >&2; caunoi --version")
    }
}
