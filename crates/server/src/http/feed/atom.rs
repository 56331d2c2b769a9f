//! The feed in Atom (RFC 4287).
//!
//! Links are relative: they hold behind whatever name and path a proxy gives to this server, and
//! nothing that a stranger sends as `Host` comes back in an answer that others are given.

use std::io;

use caunoi_domain::feed::name::{Named, Namer};
use caunoi_graphql::feed::ENTRY;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use url::form_urlencoded::Serializer;

use super::headline::{Headline, Headlines, Message};
use super::wish::{Wish, tag};
use super::wording;

const NAMESPACE: &str = "http://www.w3.org/2005/Atom";
/// Where nothing has ever changed.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// The bytes of a feed.
pub(super) fn write(headlines: &Headlines, wish: &Wish, namer: &Namer) -> io::Result<Vec<u8>> {
    let mut feed = Feed { xml: Writer::new(Vec::new()), wish, namer };
    let updated = headlines.updated().unwrap_or(NEVER);
    feed.begin(updated)?;
    let messages = match &headlines.following {
        None => &headlines.newest.nodes,
        Some(following) => {
            // RFC 5005: the pages of a feed, and the one that a reader subscribes to.
            feed.link("current", "application/atom+xml", &feed.address(None))?;
            if following.has_more {
                feed.link("next", "application/atom+xml", &feed.address(Some(&following.cursor)))?;
            }
            &following.messages
        }
    };
    for message in messages {
        match message {
            Message::Change(change) => feed.change(change)?,
            Message::Gap { cursor, reason } => feed.gap(cursor, reason, updated)?,
        }
    }
    feed.xml.write_event(Event::End(BytesEnd::new("feed")))?;
    Ok(feed.xml.into_inner())
}

struct Feed<'a> {
    xml: Writer<Vec<u8>>,
    wish: &'a Wish,
    namer: &'a Namer,
}

impl Feed<'_> {
    fn begin(&mut self, updated: &str) -> io::Result<()> {
        let (wish, locale) = (self.wish, self.wish.locale);
        self.xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        let root = BytesStart::new("feed").with_attributes([("xmlns", NAMESPACE), ("xml:lang", tag(locale))]);
        self.xml.write_event(Event::Start(root))?;
        self.text("id", &self.namer.name(Named::Feed(&wish.subject())))?;
        let members = wish.members();
        let title = wording::feed(locale);
        self.text(
            "title",
            &if members.is_empty() { title.to_owned() } else { format!("{title}: {members}") },
        )?;
        self.text("updated", updated)?;
        self.author("Caunoi")?;
        self.text("generator", "Caunoi")?;
        self.link("self", "application/atom+xml", &self.address(wish.after.as_deref()))?;
        self.link("alternate", "application/jsonl", &format!("changes.jsonl?{}", wish.words(None)))
    }

    fn change(&mut self, change: &Headline) -> io::Result<()> {
        let locale = self.wish.locale;
        let province = change.province.as_ref();
        let named = Named::Change(province.map(|province| province.id.as_str()), change.position);
        let happened = wording::happened(change.movement, change.entry_type, locale);
        let owner = province.map_or(wording::ministry(locale), |province| &province.name);
        self.xml.write_event(Event::Start(BytesStart::new("entry")))?;
        self.text("id", &self.namer.name(named))?;
        self.text("title", &format!("{happened}: {}", change.called()))?;
        self.text("updated", &change.at)?;
        self.author(owner)?;
        let kind: &str = change.entry_type.into();
        let terms = [kind, &change.operation].into_iter().chain(province.map(|province| &*province.slug));
        for term in terms {
            self.xml.create_element("category").with_attribute(("term", &*fit(term))).write_empty()?;
        }
        self.link("alternate", "application/json", &entry_address(&change.entry_id))?;
        let fields = change.changed_fields.join(", ");
        self.text("summary", &format!("{owner} · {} · {fields}", change.code))?;
        self.xml.write_event(Event::End(BytesEnd::new("entry")))
    }

    /// What may have been missed is an entry too: who reads feeds looks at nothing else.
    fn gap(&mut self, cursor: &str, reason: &str, updated: &str) -> io::Result<()> {
        self.xml.write_event(Event::Start(BytesStart::new("entry")))?;
        self.text("id", &self.namer.name(Named::Gap(cursor)))?;
        self.text("title", wording::gap(self.wish.locale))?;
        self.text("updated", updated)?;
        self.link("alternate", "application/atom+xml", &self.address(Some(cursor)))?;
        self.text("summary", reason)?;
        self.xml.write_event(Event::End(BytesEnd::new("entry")))
    }

    fn address(&self, after: Option<&str>) -> String {
        format!("changes.atom?{}", self.wish.words(after))
    }

    fn author(&mut self, name: &str) -> io::Result<()> {
        self.xml.write_event(Event::Start(BytesStart::new("author")))?;
        self.text("name", name)?;
        self.xml.write_event(Event::End(BytesEnd::new("author")))
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.xml.create_element(name).write_text_content(BytesText::new(&fit(text)))?;
        Ok(())
    }

    fn link(&mut self, rel: &str, media: &str, address: &str) -> io::Result<()> {
        let attributes = [("rel", rel), ("type", media), ("href", address)];
        self.xml.create_element("link").with_attributes(attributes).write_empty()?;
        Ok(())
    }
}

/// The question for one entry, as an address.
fn entry_address(id: &str) -> String {
    let path = "graphql?";
    let mut address = Serializer::for_suffix(path.to_owned(), path.len());
    address.append_pair("query", &ENTRY.split_whitespace().collect::<Vec<_>>().join(" "));
    address.append_pair("variables", &serde_json::json!({ "id": id }).to_string());
    address.finish()
}

/// A text without what no XML document may hold, however it is written there: a reader would
/// refuse the whole feed for it.
fn fit(text: &str) -> String {
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
    fn a_feed_holds_no_letter_that_xml_forbids() {
        assert_eq!(
            fit("a\u{0}b\u{8}c\u{1f}d\u{fffe}e\u{ffff}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}"
        );
        for kept in ["\t\n\r", "<&>]]>", "Đà Nẵng", "Đa\u{300}", "\u{7f}\u{85}\u{2028}", "𠮷"] {
            assert_eq!(fit(kept), kept);
        }
    }
}
