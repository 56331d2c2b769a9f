//! `caunoi token` while a server runs, and the logs of that server.

use std::fs;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::MENDABLE;
use super::program::{Program, ProgramOutput, RunningProgram};
use crate::harness::on_both_databases;

async fn execute(address: &str, token: &str) -> (StatusCode, Value) {
    let request = Client::new().post(format!("http://{address}/graphql")).bearer_auth(token);
    let request = request.json(&json!({"query": "{ viewer { role province { slug } scopes } }"}));
    let response = request.send().await.expect("it answers");
    (response.status(), response.json().await.expect("JSON"))
}

/// Returns the token, which is the last line.
fn token_of(ended: &ProgramOutput) -> &str {
    assert_eq!(ended.code, Some(0), "{ended}");
    let token = ended.out.lines().last().unwrap_or_default();
    assert_eq!(token.split('.').count(), 3, "{ended}");
    token
}

#[tokio::test]
async fn token_command_works_beside_server_and_logs_no_token() {
    on_both_databases(|settings| async move {
        let mut server = RunningProgram::start(Program::new(["serve", "--log", "trace"]).on(&settings));
        let address = server.address();
        let wish = ["token", "--role", "clerk", "--province", "DONG_NAI", "--read-only", "--expires", "30m"];
        let ended = Program::new(wish).on(&settings).run();
        assert!(ended.err.starts_with("A token for clerk-of-dong_nai: CLERK of DONG_NAI"), "{ended}");
        let token = token_of(&ended);
        let (status, answer) = execute(&address, token).await;
        assert_eq!(status, 200, "{answer}");
        let viewer = json!({"role": "CLERK", "province": {"slug": "DONG_NAI"}, "scopes": ["read"]});
        assert_eq!(answer["data"]["viewer"], viewer);

        let samples = fs::read_to_string(settings.data_dir.join("sample-tokens.txt")).expect("sample tokens");
        let samples: Vec<_> = samples.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(samples.len(), 7);
        for (caller, token) in samples.iter().filter_map(|line| line.split_once('=')) {
            let (status, answer) = execute(&address, token).await;
            assert_eq!(status, 200, "{caller}: {answer}");
        }
        let tampered = format!("{token}x");
        assert_eq!(execute(&address, &tampered).await.0, 401);

        server.signal("TERM");
        let ended = server.wait();
        assert!(ended.err.contains("sample-tokens.txt"), "{ended}");
        // Every token begins with a JSON object in base64url; no other output does.
        assert!(!ended.err.contains("eyJ"), "{ended}");
        let key = fs::read_to_string(settings.data_dir.join("local-key.pem")).expect("a key");
        let secret = key.lines().nth(1).expect("the key itself");
        assert!(!ended.err.contains(secret), "{ended}");
    })
    .await;
}

#[tokio::test]
async fn token_command_before_first_start_creates_the_key() {
    on_both_databases(|settings| async move {
        let token = |role| Program::new(["token", "--role", role]).on(&settings).run();
        let (first, second) = (token("steward"), token("analyst"));
        // The header names the key.
        assert_eq!(token_of(&first).split('.').next(), token_of(&second).split('.').next());
        assert!(first.err.contains("restart a server that is already running"), "{first}");
        assert!(!second.err.contains("does not know it"), "{second}");
        let mut server = RunningProgram::start(Program::new(["serve"]).on(&settings));
        assert_eq!(execute(&server.address(), token_of(&first)).await.0, 200);
    })
    .await;
}

#[test]
fn token_command_refuses_a_folder_without_server() {
    let parent = tempfile::tempdir().expect("a temporary folder");
    let (missing, empty) = (parent.path().join("missing"), parent.path().join("empty"));
    fs::create_dir(&empty).expect("a folder");
    let key = parent.path().join("shared.pem");
    let token = || Program::new(["token", "--role", "steward"]);
    let url = "postgres://127.0.0.1:1/caunoi";
    for (program, file) in [
        (token().with("CAUNOI_DATA_DIR", &missing), missing.join("local-key.pem")),
        (token().with("CAUNOI_DATA_DIR", &empty), empty.join("local-key.pem")),
        (
            token().with("CAUNOI_DATA_DIR", &missing).with("CAUNOI_DATABASE_URL", url),
            missing.join("local-key.pem"),
        ),
        (token().with("CAUNOI_DATA_DIR", &empty).with("CAUNOI_AUTH_KEY_FILE", &key), key.clone()),
    ] {
        let ended = program.run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        let begin =
            format!("caunoi: there is no key {}, so no server would accept the token;", file.display());
        assert!(ended.error_line().starts_with(&begin) && ended.out.is_empty(), "{ended}");
    }
    assert!(!missing.exists() && !key.exists());
    assert_eq!(fs::read_dir(&empty).expect("a folder").count(), 0, "nothing was made");
}

#[test]
fn invalid_token_request_is_one_error_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data_dir = folder.path().join("data");
    for (wish, received) in [
        (["--role=minister", "--expires=1h"], "\"minister\" is not one of partner, clerk,"),
        (["--role=clerk", "--expires=1h"], "a clerk belongs to a province: add --province"),
        (["--role=steward", "--province=HUE"], "steward belongs to no province"),
        (["--role=clerk", "--province=BINH_DUONG"], "\"BINH_DUONG\" is not a current province"),
        (["--role=clerk", "--province=dong nao"], "did you mean DONG_NAI"),
        (["--role=steward", "--expires=8d"], "at most 7d"),
        (["--role=steward", "--expires=soon"], "\"soon\" is not a time like 30m, 24h or 7d"),
        (["--role=steward", "--name="], "a name has 1 to 200 characters"),
        (["--role=steward", "--name=lan\u{202e}nal"], "a direction mark"),
        (["--role=steward", "--name=lan\u{200b}"], "or an invisible one"),
    ] {
        let [one, two] = wish;
        let ended = Program::new(["token", one, two]).with("CAUNOI_DATA_DIR", &data_dir).run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.error_line().contains(received) && ended.out.is_empty(), "{ended}");
    }
    assert!(!data_dir.exists());
}

#[cfg(unix)]
#[test]
fn key_readable_by_others_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = |command: &[&str; 3]| Program::new(*command).with("CAUNOI_DATA_DIR", folder.path());
    assert_eq!(program(&["migrate", "--log", "off"]).run().code, Some(0));
    token_of(&program(&["token", "--role", "steward"]).run());
    let key = folder.path().join("local-key.pem");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("the mode can be set");
    for command in [["token", "--role", "steward"], ["serve", "--listen", "127.0.0.1:0"]] {
        let ended = program(&command).run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        let begin = format!("caunoi: cannot use the keys in {}: others can read it", key.display());
        assert!(ended.error_line().starts_with(&begin), "{ended}");
    }
}

#[test]
fn unusable_issuer_keys_prevent_the_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let keys = folder.path().join("keys.json");
    let secret = r#"{"keys":[{"kty":"oct","kid":"a","k":"aHVudGVyMg"}]}"#;
    for (text, received) in
        [(secret, "the key \"a\" is a secret (oct)"), ("hunter2", "not part of a JSON Web Key Set")]
    {
        fs::write(&keys, text).expect("the folder takes a file");
        let serve = Program::new(["serve", "--listen", "127.0.0.1:0"])
            .with("CAUNOI_DATA_DIR", folder.path().join("data"))
            .with("CAUNOI_AUTH_ISSUER", "https://login.example")
            .with("CAUNOI_AUTH_KEYS", &keys);
        let ended = serve.run();
        assert_eq!(ended.code, MENDABLE, "{ended}");
        assert!(ended.error_line().contains(received), "{ended}");
        assert!(!ended.err.contains("hunter2") && !ended.err.contains("aHVudGVyMg"), "{ended}");
    }
}
