//! Parameters of the feeds, and uploads.

use super::super::case::{Case, Exchange};
use super::super::fixture::Fixture;
use super::super::request::{get, junk, request};

fn refused(name: &str, exchange: Exchange) -> Case {
    Case::new("22", name, exchange, &["400", "414"]).code("BAD_INPUT")
}

pub(super) fn all(fixture: &Fixture) -> Vec<Case> {
    [lines(fixture), rights(fixture), uploads(fixture)].into_iter().flatten().collect()
}

fn lines(fixture: &Fixture) -> Vec<Case> {
    let mut cases = Vec::new();
    for feed in ["changes.jsonl", "changes.atom"] {
        for (name, query) in [
            ("unknown parameter", "limit=10".to_owned()),
            ("parameter twice", "first=1&first=2".to_owned()),
            ("page of 101", "first=101".to_owned()),
            ("page of 10^30", format!("first=1{}", "0".repeat(30))),
            ("negative page", "first=-1".to_owned()),
            ("forged cursor", "after=qJxqJxqJxqJxqJxqJxqJx".to_owned()),
            ("cursor of 10,000 bytes", format!("after={}", junk(10_000))),
            ("cursor of a page of entries", format!("after={}", fixture.page_cursor)),
            ("unknown province", "province=qJx".to_owned()),
            ("line end in a parameter", "province=HUE%0d%0aset-cookie:a".to_owned()),
            ("NUL in a parameter", "province=%00".to_owned()),
            ("unknown type", "entryType=User".to_owned()),
            ("empty member", "province=,,,".to_owned()),
            ("language with a path", "locale=../../etc".to_owned()),
            ("2,000 provinces", format!("province={}", vec!["HUE"; 2_000].join(","))),
        ] {
            cases.push(refused(&format!("{name} in {feed}"), get(&format!("/{feed}?{query}"))));
        }
    }
    cases
}

/// The beginning of a document, of the shortest kind.
const PDF: &str = "%PDF-1.7\n%%EOF\n";

/// Returns an upload with a token and further headers.
fn upload(token: &str, target: &str, headers: &str, body: &str) -> Exchange {
    let headers = format!("{headers}authorization: Bearer {token}\r\ncontent-length: {}\r\n", body.len());
    request(&format!("POST {target}"), &headers, body.as_bytes())
}

fn rights(fixture: &Fixture) -> Vec<Case> {
    let bare = upload(&fixture.clerk, "/files?name=a.pdf", "", PDF);
    let anonymous = request("POST /files?name=a", "caunoi-upload: 1\r\ncontent-length: 1\r\n", b"a");
    let partner = upload(&fixture.partner, "/files?name=a.pdf", "caunoi-upload: 1\r\n", PDF);
    vec![
        Case::new("9", "upload without the header of uploads", bare, &["403"]).code("FORBIDDEN"),
        Case::new("9", "upload without a token", anonymous, &["401"]).code("UNAUTHENTICATED"),
        Case::new("19", "upload of a partner", partner, &["403"]).code("FORBIDDEN"),
    ]
}

fn uploads(fixture: &Fixture) -> Vec<Case> {
    let clerk = |target: &str, body: &str| upload(&fixture.clerk, target, "caunoi-upload: 1\r\n", body);
    let refused = |name: &str, exchange: Exchange, outcomes| {
        Case::new("33", name, exchange, outcomes).code("BAD_INPUT")
    };
    let announced = format!(
        "caunoi-upload: 1\r\nauthorization: Bearer {}\r\ncontent-length: 10000000000\r\n",
        fixture.clerk
    );
    let page = "<!doctype html><script>alert(1)</script>";
    let named = clerk("/files?name=a%0d%0ax:evil.pdf", PDF);
    vec![
        refused("upload of a program", clerk("/files?name=a.pdf", "MZ\u{1}\u{0} not a document"), &["415"]),
        refused(
            "upload of a script in SVG",
            clerk("/files?name=a.svg", "<svg onload=\"alert(1)\"/>"),
            &["415"],
        ),
        refused("upload of a page", clerk("/files?name=a.html", page), &["415"]),
        refused("empty upload", clerk("/files?name=a.pdf", ""), &["415"]),
        refused("upload without a name", clerk("/files", PDF), &["400"]),
        refused(
            "name of a file of 10,000 bytes",
            clerk(&format!("/files?name={}", junk(10_000)), PDF),
            &["400"],
        ),
        refused(
            "upload of 10 GB is announced",
            request("POST /files?name=a.pdf", &announced, b"%PDF"),
            &["413"],
        ),
        // The name is kept without the line end.
        Case::new("33", "line end in the name of a file", named, &["200", "201"]),
    ]
}
