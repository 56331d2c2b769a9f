//! The feed in Atom (RFC 4287).
//!
//! Links are relative: they are valid under any host and path of a proxy, and a cached response
//! never contains the `Host` that another client has sent.

use std::io;

use caunoi_domain::feed::id::{FeedIdGenerator, FeedIdSubject};
use caunoi_graphql::feed_documents::ENTRY;
use caunoi_texts::FeedText;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use url::form_urlencoded::Serializer;

use super::headline::{Headline, HeadlineMessage, Headlines};
use super::params::{FeedParams, tag};

const NAMESPACE: &str = "http://www.w3.org/2005/Atom";
/// `updated` of a feed without changes.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// Returns the XML document.
pub(super) fn write(
    headlines: &Headlines,
    params: &FeedParams,
    namer: &FeedIdGenerator,
) -> io::Result<Vec<u8>> {
    let mut feed = AtomWriter { xml: Writer::new(Vec::new()), params, namer };
    let updated = headlines.updated().unwrap_or(NEVER);
    feed.begin(updated)?;
    let messages = match &headlines.following {
        None => &headlines.newest.nodes,
        Some(following) => {
            // RFC 5005: links to the next page and to the feed that readers subscribe to.
            feed.link("current", "application/atom+xml", &feed.address(None))?;
            if following.has_more {
                feed.link("next", "application/atom+xml", &feed.address(Some(&following.cursor)))?;
            }
            &following.messages
        }
    };
    for message in messages {
        match message {
            HeadlineMessage::Change(change) => feed.change(change)?,
            HeadlineMessage::Gap { cursor, reason } => feed.gap(cursor, reason, updated)?,
        }
    }
    feed.xml.write_event(Event::End(BytesEnd::new("feed")))?;
    Ok(feed.xml.into_inner())
}

struct AtomWriter<'a> {
    xml: Writer<Vec<u8>>,
    params: &'a FeedParams,
    namer: &'a FeedIdGenerator,
}

impl AtomWriter<'_> {
    fn begin(&mut self, updated: &str) -> io::Result<()> {
        let (params, locale) = (self.params, self.params.locale);
        self.xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let root = BytesStart::new("feed").with_attributes([("xmlns", NAMESPACE), ("xml:lang", tag(locale))]);
        self.xml.write_event(Event::Start(root))?;
        self.text("id", &self.namer.id(FeedIdSubject::Feed(&params.subject())))?;
        let members = params.members();
        let title = FeedText::Title.text(locale);
        self.text("title", &if members.is_empty() { title } else { format!("{title}: {members}") })?;
        self.text("updated", updated)?;
        self.author("Caunoi")?;
        self.text("generator", "Caunoi")?;
        self.link("self", "application/atom+xml", &self.address(params.after.as_deref()))?;
        self.link("alternate", "application/jsonl", &format!("changes.jsonl?{}", params.to_query(None)))
    }

    fn change(&mut self, change: &Headline) -> io::Result<()> {
        let locale = self.params.locale;
        let province = change.province.as_ref();
        let named = FeedIdSubject::Change(province.map(|province| province.id.as_str()), change.position);
        let happened = change.text().text(locale);
        let owner =
            province.map_or_else(|| FeedText::Ministry.text(locale), |province| province.name.clone());
        self.xml.write_event(Event::Start(BytesStart::new("entry")))?;
        self.text("id", &self.namer.id(named))?;
        self.text("title", &format!("{happened}: {}", change.display_name()))?;
        self.text("updated", &change.at)?;
        self.author(&owner)?;
        let kind: &str = change.entry_type.into();
        let terms = [kind, &change.operation].into_iter().chain(province.map(|province| &*province.slug));
        for term in terms {
            self.xml
                .create_element("category")
                .with_attribute(("term", &*replace_forbidden(term)))
                .write_empty()?;
        }
        self.link("alternate", "application/json", &entry_address(&change.entry_id))?;
        self.text("summary", &format!("{owner} · {} · {}", change.code, change.detail()))?;
        self.xml.write_event(Event::End(BytesEnd::new("entry")))
    }

    /// Writes a gap as an entry, because feed readers display nothing else.
    fn gap(&mut self, cursor: &str, reason: &str, updated: &str) -> io::Result<()> {
        self.xml.write_event(Event::Start(BytesStart::new("entry")))?;
        self.text("id", &self.namer.id(FeedIdSubject::Gap(cursor)))?;
        self.text("title", &FeedText::Gap.text(self.params.locale))?;
        self.text("updated", updated)?;
        self.link("alternate", "application/atom+xml", &self.address(Some(cursor)))?;
        self.text("summary", reason)?;
        self.xml.write_event(Event::End(BytesEnd::new("entry")))
    }

    fn address(&self, after: Option<&str>) -> String {
        format!("changes.atom?{}", self.params.to_query(after))
    }

    fn author(&mut self, name: &str) -> io::Result<()> {
        self.xml.write_event(Event::Start(BytesStart::new("author")))?;
        self.text("name", name)?;
        self.xml.write_event(Event::End(BytesEnd::new("author")))
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.xml.create_element(name).write_text_content(BytesText::new(&replace_forbidden(text)))?;
        Ok(())
    }

    fn link(&mut self, rel: &str, media: &str, address: &str) -> io::Result<()> {
        let attributes = [("rel", rel), ("type", media), ("href", address)];
        self.xml.create_element("link").with_attributes(attributes).write_empty()?;
        Ok(())
    }
}

/// Returns the URI of a GraphQL query for one entry.
fn entry_address(id: &str) -> String {
    let path = "graphql?";
    let mut address = Serializer::for_suffix(path.to_owned(), path.len());
    address.append_pair("query", &ENTRY.split_whitespace().collect::<Vec<_>>().join(" "));
    address.append_pair("variables", &serde_json::json!({ "id": id }).to_string());
    address.finish()
}

/// Replaces the characters that XML 1.0 forbids even as references; one of them would make the
/// whole feed invalid.
fn replace_forbidden(text: &str) -> String {
    let is_fit = |letter: char| match letter {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => letter >= ' ',
    };
    text.chars().map(|letter| if is_fit(letter) { letter } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_forbidden_in_xml_are_replaced() {
        assert_eq!(
            replace_forbidden("a\u{0}b\u{8}c\u{1f}d\u{fffe}e\u{ffff}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}"
        );
        for kept in ["\t\n\r", "<&>]]>", "Đà Nẵng", "Đa\u{300}", "\u{7f}\u{85}\u{2028}", "𠮷"] {
            assert_eq!(replace_forbidden(kept), kept);
        }
    }
}
