//! The values of a running server that cases need: tokens, a cursor, ids, the key of its tokens.

use std::net::SocketAddr;

use caunoi_server::Settings;
use caunoi_server::identity::{Grant, issue};
use serde_json::{Value, json};

use super::connection::exchange;
use super::request::{post, post_with};
use super::token::LocalKey;

/// A server that answers, and texts that it has given out.
pub(crate) struct Fixture {
    pub(crate) clerk: String,
    pub(crate) other_clerk: String,
    pub(crate) partner: String,
    pub(crate) key: LocalKey,
    /// The cursor of a page of `relations`.
    pub(crate) page_cursor: String,
    /// The cursor of the feed.
    pub(crate) log_cursor: String,
    /// The id of a published relation.
    pub(crate) relation: String,
    /// The id of a draft that only its province sees.
    pub(crate) draft: String,
}

impl Fixture {
    /// Reads them from the server with these settings.
    pub(crate) async fn read(address: SocketAddr, settings: &Settings) -> Self {
        let token = |role: &str, province: Option<&str>| {
            let grant = Grant::new(role, province).expect("a role");
            issue(settings, &grant).expect("the local key")
        };
        let clerk = token("clerk", Some("DONG_NAI"));
        let read =
            "{ relations(first: 1) { nodes { id } pageInfo { endCursor } } changes(first: 1) { cursor } }";
        let answer = exchange(address, &post(json!({ "query": read }).to_string().as_bytes())).await.json();
        let data = &answer["data"];
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        let create = "mutation($input: CreateEventInput!) { createEvent(input: $input) { event { id } errors { message } } }";
        let input = json!({
            "province": "DONG_NAI", "title": {"vi": "Bản nháp"}, "kind": "CONFERENCE", "pillar": "STATE",
            "heldOn": "2026-10-05", "partnerLocalities": ["kr-gyeongsangnam"], "allowDuplicate": true,
        });
        let body = json!({"query": create, "variables": {"input": input}});
        let written = exchange(address, &post_with(&clerk, &body)).await.json();
        let draft = &written["data"]["createEvent"]["event"]["id"];
        Self {
            key: LocalKey::read(&settings.data_dir, &clerk),
            other_clerk: token("clerk", Some("NGHE_AN")),
            partner: token("partner", None),
            page_cursor: text(&data["relations"]["pageInfo"]["endCursor"]),
            log_cursor: text(&data["changes"]["cursor"]),
            relation: text(&data["relations"]["nodes"][0]["id"]),
            draft: draft.as_str().unwrap_or_else(|| panic!("{written}")).to_owned(),
            clerk,
        }
    }
}
