//! Isolation as a property: an answer of one actor does not depend on entries that only another one
//! sees.
//!
//! Random documents run as every actor, then the entries that only one province sees change, and
//! the same documents run again. Answers must be equal byte by byte and take the same number of
//! statements; the actors of that province show that the documents reach the secrets.

mod documents;
mod world;

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;

use crate::harness::{Server, on_both_databases};
use crate::mutations::{event, write_under};
use documents::{Generator, Schema};
use world::{CLERK, Secrets, WORDS};

/// Those who see published entries of the province only.
const STRANGERS: [&str; 3] = ["public", "clerk:HUE", "partner"];
/// Those who see its submitted entries too, and no drafts.
const MINISTRY: [&str; 1] = ["analyst"];
/// Documents for each root field.
const ROUNDS: u64 = 2;

/// An answer without the parts that differ between equal requests.
#[derive(Debug, PartialEq, Eq)]
struct Observation {
    body: String,
    statements: u64,
}

/// The requests of a run, in a fixed order.
struct Requests {
    documents: Vec<String>,
    paths: Vec<String>,
}

impl Requests {
    async fn generate(server: &Server, secrets: &Secrets, seed: u64) -> Self {
        let (schema, pool) = (Schema::read(server).await, secrets.pool(server).await);
        let mut generator = Generator::new(&schema, &pool, seed);
        let mut documents: Vec<String> = Vec::new();
        for _ in 0..number("CAUNOI_TEST_ISOLATION_ROUNDS", ROUNDS) {
            documents.extend(schema.roots().map(|root| generator.document(root)));
            documents.extend(secrets.entries().map(|(id, kind)| generator.node(id, kind)));
        }
        let mut paths = vec![secrets.file.clone()];
        for feed in ["/changes.jsonl", "/changes.atom"] {
            for query in ["first=100&province=DONG_NAI", "first=5&entryType=Event&locale=en"] {
                paths.push(format!("{feed}?{query}"));
            }
            paths.push(format!("{feed}?after={}", pool.cursors[0]));
        }
        Self { documents, paths }
    }

    /// Returns the observations of an actor.
    async fn observe(&self, server: &Server, actor: &str) -> BTreeMap<String, Observation> {
        let mut seen = BTreeMap::new();
        for document in &self.documents {
            let request = server.http(Method::POST, "/graphql").json(&json!({ "query": document }));
            let mut observation = observe(server, actor, request).await;
            // Past states are kept in memory for all callers; look-ups of several kinds by id share a
            // statement only if they begin together.
            if document.contains("knownAt") || document.contains("nodes(") {
                observation.statements = 0;
            }
            seen.insert(document.clone(), observation);
        }
        for path in &self.paths {
            seen.insert(path.clone(), observe(server, actor, server.http(Method::GET, path)).await);
        }
        seen
    }
}

async fn observe(server: &Server, actor: &str, mut request: reqwest::RequestBuilder) -> Observation {
    match actor.split_once(':') {
        _ if actor == "public" => {}
        Some((role, slug)) => request = request.bearer_auth(server.token(role, Some(slug))),
        None => request = request.bearer_auth(server.token(actor, None)),
    }
    let before = server.statements();
    let response = request.send().await.expect("the server answers");
    let head = format!("{} {:?}", response.status(), response.headers().get("etag"));
    let body = response.text().await.expect("the whole answer");
    // Where a field fails, others are cancelled before or after their statements.
    let statements = if body.contains("\"errors\":[") { 0 } else { server.statements() - before };
    Observation { body: format!("{head}\n{}", without_request_ids(&body)), statements }
}

/// Blanks the 16 digits of each request id.
fn without_request_ids(body: &str) -> String {
    let mut parts = body.split("\"requestId\":\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "\"requestId\":\"" + part.get(16..).unwrap_or_default())
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

type Observations = BTreeMap<String, Observation>;

/// Returns the requests whose answers depend on the secrets, or contain one that the request did
/// not.
fn leaks(before: &Observations, after: &Observations) -> Vec<String> {
    let mut found = Vec::new();
    for (request, one) in before {
        let other = &after[request];
        let is_echo = WORDS.iter().any(|word| request.contains(word));
        let shows = [one, other].iter().any(|seen| seen.body.contains(WORDS[2]) && !is_echo);
        if one != other || shows {
            found.push(format!("{request}\n  before: {one:?}\n  after:  {other:?}"));
        }
    }
    found
}

/// Another province repeats a write of this one: the same key, the same input, a like title.
async fn assert_writes_reveal_nothing(server: &Server) {
    let mut input = event(&format!("{} secret", WORDS[0]));
    write_under(server, CLERK, "createEvent", "\"shared\"", input.clone()).await;
    input["province"] = json!("HUE");
    let written = write_under(server, "clerk:HUE", "createEvent", "\"shared\"", input).await;
    assert_eq!(
        written.errors,
        json!([]),
        "another province's draft counts as a duplicate: {}",
        written.answer
    );
    let other = event("Unrelated");
    let refused = write_under(server, "publisher:HUE", "createEvent", "\"shared\"", other).await;
    assert!(!refused.answer.to_string().contains(WORDS[2]), "{}", refused.answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_do_not_depend_on_secrets_of_others() {
    on_both_databases(|settings| async move {
        let server = Server::start(world::settings(settings)).await;
        let mut secrets = Secrets::create(&server).await;
        let requests = Requests::generate(&server, &secrets, number("CAUNOI_TEST_RANDOM_SEED", 7)).await;
        let mut before = BTreeMap::new();
        for actor in STRANGERS.into_iter().chain(MINISTRY).chain([CLERK]) {
            before.insert(actor, requests.observe(&server, actor).await);
        }
        secrets.rewrite(&server).await;
        let mut failures = Vec::new();
        for actor in MINISTRY {
            let after = requests.observe(&server, actor).await;
            failures.extend(leaks(&before[actor], &after).into_iter().map(|leak| format!("{actor}: {leak}")));
        }
        secrets.submit(&server).await;
        for actor in STRANGERS {
            let after = requests.observe(&server, actor).await;
            failures.extend(leaks(&before[actor], &after).into_iter().map(|leak| format!("{actor}: {leak}")));
        }
        assert!(failures.is_empty(), "{} leaks:\n{}", failures.len(), failures.join("\n"));
        assert_documents_reach(&server, &requests, &before).await;
        assert_writes_reveal_nothing(&server).await;
        let metrics = server.metrics().await;
        assert!(WORDS.iter().all(|word| !metrics.contains(word)));
        server.stop().await;
    })
    .await;
}

/// Asserts that the property can fail: most documents run, and those of the owner of the secrets
/// are found to leak, as would those of any actor who got the scope of the owner.
async fn assert_documents_reach(server: &Server, requests: &Requests, before: &BTreeMap<&str, Observations>) {
    let is_error = |seen: &&Observation| seen.body.contains("\"errors\":[");
    let refused = before["public"].values().filter(is_error).count();
    assert!(refused * 2 < requests.documents.len(), "{refused} of {} fail", requests.documents.len());
    let after = requests.observe(server, CLERK).await;
    let own = leaks(&before[CLERK], &after).len();
    assert!(own >= 8, "only {own} requests reach the secrets");
    // The observations of one actor under the name of another.
    let swapped = leaks(&before["clerk:HUE"], &after).len();
    assert!(swapped >= own, "{swapped} differences of two provinces, {own} of one");
}
