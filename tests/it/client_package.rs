//! The npm package in `schema/client`: its types follow the schema, and it resumes the feed.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::harness::on_both_engines;
use crate::harness::proxy::TcpProxy;
use crate::harness::publisher::Publisher;

const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/client");
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/audit");

fn node(arguments: &[&str], folder: &Path) -> Output {
    let output = Command::new("node").args(arguments).current_dir(folder).output();
    let output = output.expect("node can be run; tests/run installs it");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}\n{said}{complained}");
    output
}

/// Packs the package with its types into a folder below the modules of the scripts.
fn pack() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let package = folder.path().join("caunoi-client");
    fs::create_dir(&package).expect("a folder");
    for file in ["index.js", "index.d.ts", "package.json"] {
        fs::copy(format!("{PACKAGE}/{file}"), package.join(file)).expect("a file of the package");
    }
    let schema = format!("{PACKAGE}/../schema.graphql");
    let types = node(&[&format!("{SCRIPTS}/types.mjs"), &schema], folder.path()).stdout;
    fs::write(package.join("types.d.ts"), types).expect("a file");
    std::os::unix::fs::symlink(format!("{SCRIPTS}/node_modules"), folder.path().join("node_modules"))
        .expect("a link");
    fs::copy(format!("{SCRIPTS}/consumer.mts"), folder.path().join("consumer.mts")).expect("a file");
    folder
}

#[test]
fn types_of_the_package_compile() {
    let folder = pack();
    node(
        &[
            "node_modules/typescript/bin/tsc",
            "--noEmit",
            "--strict",
            "--skipLibCheck",
            "--target",
            "es2022",
            "--module",
            "nodenext",
            "consumer.mts",
        ],
        folder.path(),
    );
}

#[test]
fn document_of_the_package_is_the_trusted_one() {
    let code = fs::read_to_string(format!("{PACKAGE}/index.js")).expect("the package");
    let document = fs::read_to_string(format!("{PACKAGE}/../operations/follow-changes.graphql"));
    assert!(code.contains(document.expect("the document").trim_end()));
}

/// A running client, which prints a line for each message.
struct Follower {
    messages: UnboundedReceiver<Value>,
    process: Child,
}

impl Follower {
    fn start(url: &str) -> Self {
        let mut process = Command::new("node")
            .args([&format!("{SCRIPTS}/client.mjs"), PACKAGE, url])
            .stdout(Stdio::piped())
            .spawn()
            .expect("node can be run; tests/run installs it");
        let lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let (give, messages) = unbounded_channel();
        thread::spawn(move || {
            let read = |line: String| serde_json::from_str(&line).expect("JSON");
            lines.map_while(Result::ok).map(read).try_for_each(|message| give.send(message))
        });
        Self { messages, process }
    }

    async fn next(&mut self) -> Value {
        self.messages.recv().await.expect("a line")
    }

    /// Returns the codes of the next changes, past heartbeats.
    async fn codes(&mut self, count: usize) -> Vec<Value> {
        let mut codes = Vec::new();
        while codes.len() < count {
            let message = self.next().await;
            if message["__typename"] == "Change" {
                codes.push(message["code"].clone());
            }
        }
        codes
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn package_resumes_after_a_cut_connection() {
    on_both_engines(|server| async move {
        let (proxy, url) = TcpProxy::to(&server.url("/graphql"), 80).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        for url in [url.clone(), url.replace("http:", "ws:")] {
            let mut follower = Follower::start(&url);
            assert_eq!(follower.next().await, json!({"refused": "BAD_INPUT"}), "{url}");
            assert_eq!(follower.next().await["__typename"], "ChangeHeartbeat", "{url}");
            let mut expected = Vec::new();
            let mut received = Vec::new();
            for round in 0..3 {
                let before = publisher.publish(&format!("Before {round}")).await.meta.code;
                received.extend(follower.codes(1).await);
                proxy.cut();
                let during = publisher.publish(&format!("During {round}")).await.meta.code;
                proxy.mend();
                let after = publisher.publish(&format!("After {round}")).await.meta.code;
                received.extend(follower.codes(2).await);
                expected.extend([json!(before), json!(during), json!(after)]);
            }
            assert_eq!(received, expected, "{url}");
        }
    })
    .await;
}
