use super::api_key::{ApiKey, ApiKeyRole, ApiKeySecret, KEY_PREFIX, is_reserved_name};
use super::revocation::Revocation;
use super::*;
use crate::policy::{Actor, Role};
use proptest::prelude::*;
use std::net::IpAddr;

fn key(name: &str, secret: [u8; 32]) -> ApiKey {
    ApiKey {
        name: name.to_owned(),
        role: ApiKeyRole::Partner,
        province: None,
        may_write: false,
        networks: Vec::new(),
        expires_at_us: 100,
        hash: ApiKeySecret::new(secret).hash(),
    }
}

fn revocation() -> Revocation {
    Revocation {
        id: "rev_1".to_owned(),
        subject: None,
        token_id: None,
        issued_before_us: None,
        issuer: None,
        reason: "lost".to_owned(),
    }
}

const TOKEN: TokenIdentity<'static> = TokenIdentity {
    issuer: "https://login.example.vn",
    subject: Some("4711"),
    author: "lan",
    token_id: Some("jti-1"),
    issued_at_us: Some(1_000),
};

fn blocked(network: &str, until_us: Option<i64>) -> AccessRule {
    let reason = "flood".to_owned();
    AccessRule::BlockedNetwork(BlockedNetwork { network: network.parse().unwrap(), until_us, reason })
}

proptest! {
    #[test]
    fn key_is_read_back_and_any_other_text_is_refused(secret: [u8; 32], at in 0_usize..58, other in "[a-z2-7]") {
        let secret = ApiKeySecret::new(secret);
        let text = secret.reveal();
        prop_assert_eq!(ApiKeySecret::parse(&text), Some(secret));
        let mut changed = text.clone();
        changed.replace_range((KEY_PREFIX.len() + at)..=(KEY_PREFIX.len() + at), &other);
        prop_assert_eq!(ApiKeySecret::parse(&changed).is_some(), changed == text);
    }

    #[test]
    fn any_text_is_parsed_without_a_panic(text in "(caunoi_)?\\PC{0,70}") {
        let _ = ApiKeySecret::parse(&text);
    }
}

#[test]
fn key_has_the_form_that_scanners_look_for() {
    let text = ApiKeySecret::new([7; 32]).reveal();
    assert_eq!(text.len(), 65);
    assert!(
        text.strip_prefix("caunoi_").unwrap().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
    );
    assert_eq!(ApiKeySecret::parse(&text.to_ascii_uppercase()), None);
    assert_eq!(ApiKeySecret::parse(&format!("{text}a")), None);
    assert!(!format!("{:?}", ApiKeySecret::new([7; 32])).contains("07"));
}

#[test]
fn record_is_read_back_from_its_text() {
    let record = AccessRecord {
        rule: AccessRule::ApiKey(key("portal", [1; 32])),
        created_by: "STEWARD:hoa".to_owned(),
        created_at_us: 5,
        ended: None,
    };
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<AccessRecord>(&text).unwrap(), record);
    assert_eq!(record.code(), "API_KEY/portal");
}

#[test]
fn key_is_found_by_its_secret_alone() {
    let state = AccessState::new([AccessRule::ApiKey(key("portal", [1; 32]))]);
    let find = |secret| state.find_key(&ApiKeySecret::new(secret).hash()).map(|key| key.name.clone());
    assert_eq!((find([1; 32]).as_deref(), find([2; 32])), (Some("portal"), None));
}

#[test]
fn key_acts_under_a_name_that_no_person_has() {
    let actor = key("portal", [1; 32]).actor().unwrap();
    assert_eq!((actor.name(), actor.role(), actor.may_write()), ("key:portal", Role::Partner, false));
    for name in ["key:portal", "KEY:x", " key:x", "k\u{435}y:x", "ke\u{443}:x"] {
        assert!(is_reserved_name(name), "{name}");
    }
    assert!(!is_reserved_name("keyla"));
}

#[test]
fn key_is_bound_to_its_networks() {
    let bound = ApiKey { networks: vec!["203.0.113.0/24".parse().unwrap()], ..key("portal", [1; 32]) };
    let permits = |address: &str| bound.permits(address.parse().unwrap());
    assert!(permits("203.0.113.9") && permits("::ffff:203.0.113.9"));
    assert!(!permits("203.0.114.9") && !permits("2001:db8::1"));
    assert!(key("portal", [1; 32]).permits("198.51.100.1".parse().unwrap()));
}

#[test]
fn revocation_covers_tokens_that_meet_every_condition() {
    let subject = Some("4711".to_owned());
    let issuer = Some("https://other.example.vn".to_owned());
    let cases = [
        (Revocation { subject: subject.clone(), ..revocation() }, true),
        (Revocation { subject: Some("lan".to_owned()), ..revocation() }, true),
        (Revocation { subject: Some("minh".to_owned()), ..revocation() }, false),
        (Revocation { token_id: Some("jti-1".to_owned()), ..revocation() }, true),
        (Revocation { token_id: Some("jti-2".to_owned()), ..revocation() }, false),
        (
            Revocation {
                token_id: Some("jti-1".to_owned()),
                subject: Some("minh".to_owned()),
                ..revocation()
            },
            false,
        ),
        (Revocation { issued_before_us: Some(1_001), ..revocation() }, true),
        (Revocation { issued_before_us: Some(1_000), ..revocation() }, false),
        (Revocation { subject: subject.clone(), issuer: issuer.clone(), ..revocation() }, false),
        (Revocation { subject, issued_before_us: Some(1_000), ..revocation() }, false),
        (Revocation { issued_before_us: Some(1_001), issuer, ..revocation() }, false),
    ];
    for (revocation, expected) in cases {
        let state = AccessState::new([AccessRule::Revocation(revocation.clone())]);
        assert_eq!(state.revokes(&TOKEN), expected, "{revocation:?}");
    }
}

#[test]
fn token_without_a_time_is_older_than_any() {
    let state =
        AccessState::new([AccessRule::Revocation(Revocation { issued_before_us: Some(1), ..revocation() })]);
    assert!(state.revokes(&TokenIdentity { issued_at_us: None, ..TOKEN }));
}

#[test]
fn network_is_blocked_until_its_time() {
    let state = AccessState::new([
        blocked("203.0.113.0/24", Some(10)),
        blocked("2001:db8::/32", None),
        blocked("198.51.100.7/32", None),
    ]);
    let blocks = |address: &str, now_us| state.blocks(address.parse::<IpAddr>().unwrap(), now_us);
    assert!(blocks("203.0.113.200", 9) && blocks("::ffff:203.0.113.200", 9));
    assert!(!blocks("203.0.113.200", 10));
    assert!(blocks("2001:db8:9::1", 99) && blocks("198.51.100.7", 99));
    assert!(!blocks("198.51.100.8", 99) && !blocks("2001:db9::1", 99));
    assert!(!AccessState::default().blocks("198.51.100.8".parse().unwrap(), 0));
}

#[test]
fn networks_are_canonical() {
    assert_eq!(network::parse(" 203.0.113.4 ").unwrap().to_string(), "203.0.113.4/32");
    for wrong in ["203.0.113.4/24", "203.0.113.0/33", "::ffff:203.0.113.0/120", "x", ""] {
        assert!(network::parse(wrong).is_err(), "{wrong}");
    }
    for local in ["127.0.0.0/8", "127.1.2.3/32", "0.0.0.0/0", "::/0", "::1/128"] {
        assert!(network::has_loopback(&local.parse().unwrap()), "{local}");
    }
}

#[test]
fn steward_locks_nobody_out_by_mistake() {
    let steward = Actor::new(Role::Steward, "hoa", None, true).unwrap();
    let own = Some(client_network("2001:db8::7".parse().unwrap()));
    let block = |network: &str, force| {
        let draft = BlockedNetworkDraft {
            network: network.to_owned(),
            reason: "flood".to_owned(),
            force,
            ..BlockedNetworkDraft::default()
        };
        draft.parse(own, 0).is_ok()
    };
    assert!(!block("2001:db8::/32", false) && !block("2001:db8::9/128", false));
    assert!(block("2001:db8::/32", true) && block("203.0.113.0/24", false));
    assert!(!block("127.0.0.0/8", true));
    let revoke = |draft: RevocationDraft| {
        let draft = RevocationDraft { reason: "lost".to_owned(), ..draft };
        draft.parse("rev_1".to_owned(), &steward, 1_000_000_000).is_ok()
    };
    let own = RevocationDraft { subject: "hoa".to_owned(), ..RevocationDraft::default() };
    assert!(!revoke(own.clone()) && !revoke(RevocationDraft::default()));
    assert!(revoke(RevocationDraft { force: true, ..own.clone() }));
    let before = "1970-01-01T00:10:00Z".to_owned();
    assert!(revoke(RevocationDraft { issued_before: before, ..own.clone() }));
    assert!(!revoke(RevocationDraft { issued_before: "1971-01-01T00:00:00Z".to_owned(), ..own }));
}
