//! The file of issuers: each flaw is refused with its place.

use std::fs;

use caunoi_domain::locale::Locale;

use super::super::issuer_file::read;
use crate::identity::{Issuer, KeyLocation};

const FILE: &str = r#"
[[issuer]]
name = "https://login.example"
keys = "keys.json"
max_lifetime = "1h"
role = "groups"
[issuer.roles]
staff = "clerk"
"#;

fn read_text(text: &str) -> Result<Vec<Issuer>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("issuers.toml");
    fs::write(&path, text).unwrap();
    read(&path).map_err(|why| why.text(Locale::En))
}

#[test]
fn entry_has_defaults() {
    let issuers = read_text(FILE).unwrap();
    let Issuer { name, keys, audience, max_lifetime, claims } = &issuers[0];
    assert_eq!((name.as_str(), audience, max_lifetime.as_secs()), ("https://login.example", &None, 3_600));
    assert_eq!(keys, &KeyLocation::File("keys.json".into()));
    assert_eq!((claims.author.as_str(), claims.province.as_str()), ("sub", "province"));
    assert!(!claims.limits_by_scope);
    let without = FILE.replace("max_lifetime = \"1h\"\n", "");
    assert_eq!(read_text(&without).unwrap()[0].max_lifetime.as_secs(), 900);
}

#[test]
fn flawed_files_are_refused() {
    let second = |name: &str, prefix: &str| {
        let other = FILE.replace("https://login.example", name);
        format!("{FILE}{}", other.replace("role =", &format!("author_prefix = \"{prefix}\"\nrole =")))
    };
    assert_eq!(read_text(&second("https://other.example", "b:")).unwrap().len(), 2);
    for (text, expected) in [
        (FILE.replace("staff = \"clerk\"", "staff = \"king\""), "king"),
        (FILE.replace("staff = \"clerk\"", "staff = \"public\""), "public"),
        (FILE.replace("1h", "25h"), "max_lifetime \"25h\" is not between"),
        (FILE.replace("1h", "0s"), "max_lifetime \"0s\" is not between"),
        (FILE.replace("1h", "soon"), "\"soon\" is not a time"),
        (FILE.replace("keys.json", "http://keys.example"), "must come over TLS"),
        (FILE.replace("role =", "rolle ="), "issuers.toml:6: not TOML: unknown field `rolle`"),
        (FILE.replace("[issuer.roles]\nstaff = \"clerk\"\n", ""), "missing field `roles`"),
        (second("https://login.example", "b:"), "is listed twice"),
        (second("https://other.example", ""), "author_prefix"),
        ("[[".to_owned(), "issuers.toml:1: not TOML"),
    ] {
        let why = read_text(&text).unwrap_err();
        assert!(why.contains(expected), "{expected}: {why}");
    }
}
