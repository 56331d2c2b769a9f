//! `/changes.atom`: the feed for feed readers, parsed by an independent library.

use atom_syndication::{Entry, Feed};
use caunoi_domain::policy::Action;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::jsonl::get;
use super::{data, now};
use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_engines};

async fn feed(server: &Server, words: &str) -> Feed {
    let (status, headers, body) = get(server, &format!("/changes.atom?{words}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(headers["content-type"], "application/atom+xml; charset=utf-8");
    Feed::read_from(body.as_bytes()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn link<'a>(feed: &'a Feed, rel: &str) -> Option<&'a str> {
    feed.links().iter().find(|link| link.rel() == rel).map(atom_syndication::Link::href)
}

fn terms(entry: &Entry) -> Vec<&str> {
    entry.categories().iter().map(atom_syndication::Category::term).collect()
}

#[tokio::test]
async fn atom_feed_has_latest_changes_with_stable_ids() {
    on_both_engines(|server| async move {
        let publisher = Publisher::of("NGHE_AN", server.register());
        let one = publisher.publish("One").await;
        publisher.draft("Quiet").await;
        Publisher::of("DA_NANG", server.register()).publish("Elsewhere").await;
        publisher.retitle(&one, "Working").await;
        let all = feed(&server, "").await;
        assert_eq!(all.entries().len(), 50);
        assert_eq!(all.entries()[0].updated(), all.updated());
        assert!(all.entries().is_sorted_by(|newer, older| newer.updated() >= older.updated()));
        let mut ids: Vec<&str> = all.entries().iter().map(Entry::id).collect();
        ids.push(all.id());
        assert!(ids.iter().all(|id| id.len() == 45 && id.starts_with("urn:uuid:")), "{ids:?}");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 51);
        let text = all.to_string();
        assert!(!text.contains("Quiet") && !text.contains("Working"));

        let own = feed(&server, "province=NGHE_AN&first=3&locale=en").await;
        assert_eq!(own.entries().len(), 3);
        assert_ne!(own.id(), all.id());
        assert_eq!(own.id(), feed(&server, "locale=en&province=NGHE_AN&first=2").await.id());
        assert_eq!(own.title().value, "Changes in the register of local diplomacy: NGHE_AN");
        assert_eq!(own.lang(), Some("en"));
        assert_eq!(link(&own, "self"), Some("changes.atom?province=NGHE_AN&locale=en&first=3"));
        assert_eq!(link(&own, "next"), None);
        let entry = &own.entries()[0];
        assert_eq!(entry.title().value, "New: event: One");
        assert_eq!(terms(entry), ["EVENT", "PUBLISHED", "NGHE_AN"]);
        assert_eq!(entry.authors()[0].name(), "Nghe An");
        assert_eq!(entry.id(), all.entries()[1].id());
        assert_eq!(all.entries()[0].authors()[0].name(), "Đà Nẵng");

        // The link leads to the entry.
        let (status, _, body) = get(&server, &format!("/{}", entry.links()[0].href())).await;
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(status, StatusCode::OK);
        assert_eq!(answer["data"]["node"]["code"], json!(one.meta.code), "{body}");
    })
    .await;
}

#[tokio::test]
async fn atom_feed_pages_after_a_cursor() {
    on_both_engines(|server| async move {
        let begin = now(&server, "partner").await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        for name in ["One", "Two", "Three"] {
            publisher.publish(name).await;
        }
        let mut words = format!("first=2&locale=en&after={}", begin.as_str().expect("a cursor"));
        let (mut titles, mut pages) = (Vec::new(), 0);
        loop {
            let page = feed(&server, &words).await;
            titles.extend(page.entries().iter().map(|entry| entry.title().value.clone()));
            pages += 1;
            assert_eq!(link(&page, "current"), Some("changes.atom?locale=en&first=2"));
            match link(&page, "next").and_then(|next| next.strip_prefix("changes.atom?")) {
                Some(next) => words = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(
            (titles, pages),
            (["One", "Two", "Three"].map(|name| format!("New: event: {name}")).to_vec(), 2)
        );

        let last = now(&server, "partner").await;
        let nothing = feed(&server, &format!("after={}", last.as_str().expect("a cursor"))).await;
        assert_eq!(nothing.entries().len(), 0);
        assert_eq!(nothing.updated(), feed(&server, "first=1").await.updated());
        let ahead = server
            .register()
            .read_model()
            .public_heads
            .clone()
            .with(caunoi_domain::id::Log::new(3), i64::MAX);
        let ahead = ahead.to_cursor(server.register().signing_key());
        let gap = feed(&server, &format!("locale=en&after={ahead}")).await;
        assert_eq!(gap.entries()[0].title().value, "Changes may have been missed");
    })
    .await;
}

#[tokio::test]
async fn atom_titles_are_exact_and_absent_when_withdrawn() {
    on_both_engines(|server| async move {
        let publisher = Publisher::of("NGHE_AN", server.register());
        for title in [
            "<script>alert('1')</script> & \"quotes\"",
            "]]> &amp; &lt; <!-- <![CDATA[ &#0; %41",
            "H\u{f4}\u{300}i nghi\u{323} — Đa\u{300} Na\u{306}\u{303}ng 友好 𠮷 🎎",
            "A\u{fffe}B\u{ffff}C",
        ] {
            let event = publisher.publish(title).await;
            let document = "query($code: String!) { event(by: {code: $code}) { title(locale: EN) } }";
            let answer = data(&server, "partner", document, json!({"code": event.meta.code})).await;
            let received = answer["event"]["title"].as_str().expect("a title");
            let received = received.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
            let shown = feed(&server, "locale=en&first=1").await;
            assert_eq!(shown.entries()[0].title().value, format!("New: event: {received}"));
        }
        let event = publisher.publish("Short").await;
        let id = feed(&server, "first=1").await.entries()[0].id().to_owned();
        publisher.transition(&event, Action::Withdraw).await;
        let shown = feed(&server, "locale=en&first=2").await;
        let code = &event.meta.code;
        let titles: Vec<&str> = shown.entries().iter().map(|entry| entry.title().value.as_str()).collect();
        assert_eq!(titles, [format!("No longer shown: event: {code}"), format!("New: event: {code}")]);
        assert_eq!(shown.entries()[1].id(), id);
        assert!(!shown.to_string().contains("Short"));
        let vietnamese = feed(&server, "first=1").await;
        assert_eq!(vietnamese.entries()[0].title().value, format!("Sự kiện không còn hiển thị: {code}"));
    })
    .await;
}

#[tokio::test]
async fn atom_language_depends_on_the_url_only() {
    on_both_engines(|server| async move {
        let request = server.http(Method::GET, "/changes.atom").header("accept-language", "en");
        let response = request.send().await.expect("the server answers");
        assert!(response.headers().get("vary").is_none());
        assert_eq!(response.text().await.expect("a feed"), get(&server, "/changes.atom").await.2);
    })
    .await;
}
