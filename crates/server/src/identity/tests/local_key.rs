//! The local key, its tokens, and the permissions of their files.

use std::{fs, path::Path, time::Duration};

use tempfile::TempDir;

use super::*;

fn settings(folder: &TempDir) -> Settings {
    Settings { data_dir: folder.path().join("data"), ..Settings::default() }
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// Verifies a token as a server with these settings would.
fn bearer_of(settings: &Settings, token: &str) -> Result<Caller, TokenError> {
    let verifiers = TokenVerifier::open_all(settings, address("127.0.0.1:1")).unwrap();
    let now_us = settings.clock.now_us();
    let token = UnverifiedToken::read(token).ok_or(TokenError::Invalid)?;
    let keys = verifiers[0].keys(now_us).unwrap();
    verifiers[0].rules.verify(&token, &keys, now_us, |_| Some(DONG_NAI))
}

#[test]
fn first_use_creates_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    let grant = Grant::new("clerk", Some("DONG_NAI")).unwrap().read_only();
    let token = issue(&settings, &grant).unwrap();
    let caller = bearer_of(&settings, &token).unwrap();
    assert_eq!((caller.actor.name(), caller.actor.may_write()), ("clerk-of-dong_nai", false));
    let others = Settings { data_dir: folder.path().join("other"), ..settings.clone() };
    assert_eq!(bearer_of(&others, &token), Err(TokenError::Invalid));
    let shared = Auth { key_file: Some(settings.data_dir.join("local-key.pem")), ..Auth::default() };
    assert!(
        bearer_of(&Settings { auth: shared, ..others }, &token).is_ok(),
        "nodes share one key by its file"
    );
}

#[test]
fn key_id_is_the_thumbprint_of_its_public_key() {
    // The example of RFC 8037, appendices A.2 and A.3.
    let public_key = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
    assert_eq!(local::thumbprint(&public_key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn concurrent_processes_get_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    let grant = Grant::new("steward", None).unwrap();
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| issue(&settings, &grant).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(tokens.iter().all(|token| bearer_of(&settings, token).is_ok()));
    assert_eq!(fs::read_dir(&settings.data_dir).unwrap().count(), 1);
}

#[test]
fn local_key_is_trusted_only_on_loopback_without_issuer() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&folder);
    for open in ["0.0.0.0:1", "[::]:1", "192.0.2.1:1"] {
        assert!(TokenVerifier::open_all(&settings, address(open)).unwrap().is_empty(), "{open}");
    }
    assert!(!settings.data_dir.exists());
    assert!(!TokenVerifier::open_all(&settings, address("[::1]:1")).unwrap().is_empty());
    let keys = folder.path().join("keys.json");
    fs::write(&keys, json!({"keys": [ed25519().published()]}).to_string()).unwrap();
    settings.auth.issuers = vec![Issuer::new("https://login.example".to_owned(), KeyLocation::File(keys))];
    let token = issue(&settings, &Grant::new("steward", None).unwrap()).unwrap();
    assert_eq!(bearer_of(&settings, &token), Err(TokenError::Invalid));
}

#[cfg(unix)]
#[test]
fn key_and_sample_tokens_are_private_to_the_user() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    let samples = write_samples(&settings).unwrap();
    let key = settings.data_dir.join("local-key.pem");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&key), mode(&samples), mode(&settings.data_dir)), (0o600, 0o600, 0o700));
    for open in [0o640, 0o604, 0o660] {
        fs::set_permissions(&key, fs::Permissions::from_mode(open)).unwrap();
        let error = TokenVerifier::open_all(&settings, address("127.0.0.1:1")).err().unwrap();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("others can read it"), "{error}");
    }
}

#[test]
fn invalid_key_file_is_refused_without_quoting_it() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    LocalKey::load(&settings).unwrap();
    let path = settings.data_dir.join("local-key.pem");
    let good = fs::read_to_string(&path).unwrap();
    for bad in [String::new(), "hunter2".to_owned(), good.replace("MC4C", "MC4D"), good.replace('\n', "")] {
        fs::write(&path, &bad).unwrap();
        match LocalKey::load(&settings) {
            // Without line breaks it is still the same key.
            Ok(_) => assert_eq!(bad, good.replace('\n', "")),
            Err(error) => {
                let line = error.to_string();
                assert!(line.ends_with("it is not an Ed25519 key in PEM (PKCS#8)"), "{line}");
            }
        }
    }
}

#[test]
fn sample_tokens_are_valid_and_rewritten_at_each_start() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    let path = write_samples(&settings).unwrap();
    assert_eq!(write_samples(&settings).unwrap(), path);
    let text = fs::read_to_string(path).unwrap();
    let samples: Vec<_> = text.lines().filter_map(|line| line.split_once("=ey")).collect();
    assert_eq!(samples.len(), 7, "{text}");
    for (holder, rest) in samples {
        let caller = bearer_of(&settings, &format!("ey{rest}")).unwrap();
        let role = caller.actor.role().to_string().to_ascii_lowercase();
        assert_eq!(holder.split(':').next(), Some(role.as_str()));
    }
}

#[test]
fn invalid_grants_are_refused() {
    for (role, province) in [
        ("minister", None),
        ("public", None),
        ("clerk", None),
        ("publisher", None),
        ("steward", Some("DONG_NAI")),
        ("analyst", Some("DONG_NAI")),
        ("partner", Some("DONG_NAI")),
    ] {
        let why = Grant::new(role, province).unwrap_err();
        let why = why.text(caunoi_domain::locale::Locale::En);
        assert!(!why.contains('\n'), "{why}");
    }
    let grant = Grant::new("steward", None).unwrap();
    assert!(grant.clone().with_name("").is_err() && grant.clone().with_name("a\u{0}").is_err());
    for (text, is_good) in [
        ("1s", true),
        ("30m", true),
        ("24h", true),
        ("7d", true),
        ("8d", false),
        ("169h", false),
        ("0s", false),
    ] {
        assert_eq!(grant.clone().with_lifetime(parse_lifetime(text).unwrap()).is_ok(), is_good, "{text}");
    }
    for text in ["", "s", "24", "-1h", "1w", "1.5h", "ữ", "99999999999d"] {
        assert!(parse_lifetime(text).is_err(), "{text}");
    }
    assert_eq!(parse_lifetime("90m"), Ok(Duration::from_mins(90)));
}
