//! Parsers of outside input, with mutations of a corpus (`tests/fuzz`). Targets of parsers
//! that only the server sees are next to its code.

use std::net::IpAddr;

use caunoi_domain::cursor::{InstallationKey, Positions};
use caunoi_domain::date::{FuzzyDate, parse_day};
use caunoi_domain::search::SearchTerms;
use caunoi_domain::text;
use caunoi_domain::upload::FileType;
use caunoi_domain::webhook::{address, endpoint};
use caunoi_fuzz::{run, run_text};
use caunoi_graphql::guard;
use caunoi_transfer::table::{CsvSchema, CsvTable, Flaws};

#[test]
fn guard_refuses_or_reads_every_document() {
    run_text("guard", |document| match guard::check(document) {
        Ok(read) => {
            assert!(document.len() <= guard::MAX_BYTES);
            assert!(read.fragments.len() <= guard::MAX_TOKENS);
        }
        Err(refused) => assert!(refused.message().len() <= 300),
    });
}

#[test]
fn cursor_is_read_only_as_it_was_signed() {
    let key = InstallationKey::new([7; 32]);
    let other = InstallationKey::new([8; 32]);
    let purpose = b"relations by name";
    run("cursor", |input| {
        // As a client sends it: nothing of the corpus was signed with this key.
        let given = String::from_utf8_lossy(input);
        assert!(key.verify(purpose, &given).is_err());
        assert!(Positions::from_cursor(&key, &given).is_err());
        // As content that was signed.
        let signed = key.sign(purpose, input);
        assert!(other.verify(purpose, &signed).is_err());
        assert!(Positions::from_cursor(&key, &signed).is_err(), "signed for another purpose");
        if let Ok(content) = key.verify(purpose, &signed) {
            assert_eq!(content, input);
        }
        if let Ok(positions) = Positions::from_cursor(&key, &key.sign(b"positions of an epoch", input)) {
            let again = Positions::from_cursor(&key, &positions.to_cursor(&key));
            let kept = |positions: &Positions| positions.iter().filter(|(_, at)| *at > 0).collect::<Vec<_>>();
            assert_eq!(
                again.map(|again| (again.epoch(), kept(&again))).ok(),
                Some((positions.epoch(), kept(&positions)))
            );
        }
    });
}

#[test]
fn date_is_read_as_it_was_written() {
    run_text("edtf", |given| {
        let _ = parse_day(given);
        for read in [FuzzyDate::parse(given), FuzzyDate::parse_written(given)] {
            let Ok(date) = read else { continue };
            assert_eq!(FuzzyDate::parse(date.edtf()).as_ref(), Ok(&date), "{}", date.edtf());
            assert!(date.edtf().len() <= 24, "{}", date.edtf());
            if let (Some(earliest), Some(latest)) = (date.earliest(), date.latest()) {
                assert!(earliest <= latest, "{}", date.edtf());
            }
        }
    });
}

#[test]
fn text_is_folded_once() {
    run_text("text", |given| {
        let stored = text::normalise(given);
        assert_eq!(text::normalise(&stored), stored);
        assert!(stored.len() <= given.len() * 4, "{} of {}", stored.len(), given.len());
        let words = text::words(given);
        assert!(words.len() <= 64 && words.iter().all(|word| word.chars().count() <= 40));
        if let Ok(terms) = SearchTerms::parse(given) {
            assert!(terms.folded.len() <= 64);
        }
        if text::is_actor_name(given) {
            assert!(!given.contains(char::is_control) && text::normalise(given).len() <= given.len() * 4);
        }
    });
}

#[test]
fn called_url_is_public_https() {
    run_text("url", |given| {
        let Ok(url) = endpoint::parse(given, false) else { return };
        assert_eq!(url.scheme(), "https", "{given}");
        assert!(url.username().is_empty() && url.password().is_none(), "{given}");
        assert!(matches!(url.port_or_known_default(), Some(443 | 8443)), "{given}");
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        assert!(!host.is_empty(), "{given}");
        if let Ok(ip) = host.parse::<IpAddr>() {
            assert!(address::may_be_called(ip, false), "{given}");
            assert!(!ip.is_loopback() && !ip.is_unspecified() && !ip.is_multicast(), "{given}");
        }
        // The client parses the stored text again.
        assert_eq!(endpoint::parse(url.as_str(), false).as_ref(), Ok(&url), "{given}");
    });
}

#[test]
fn rows_of_a_table_have_all_fields() {
    let schema = CsvSchema { file: "a.csv", columns: "code,name,note", key: &["code"] };
    run("csv", |given| {
        let mut flaws = Flaws::default();
        let table = CsvTable::read(schema, given, &mut flaws);
        assert!(table.rows().count() <= given.len());
        assert!(flaws.len() <= 3 * given.len() + 4, "{} flaws", flaws.len());
        for row in table.rows() {
            for column in ["code", "name", "note"] {
                assert!(row.text(column).len() <= given.len());
                assert!(row.list(column).iter().all(|member| member.len() <= given.len()));
            }
        }
    });
}

#[test]
fn file_has_a_type_by_its_first_bytes_only() {
    run("file", |given| {
        let Some(found) = FileType::of_head(given) else { return };
        let marks: [&[u8]; 6] = [b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"PK\x03\x04"];
        assert!(marks.iter().any(|mark| given.starts_with(mark)), "{found:?}");
    });
}
