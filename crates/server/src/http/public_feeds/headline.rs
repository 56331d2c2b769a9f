//! The GraphQL response to `feed_documents::HEADLINES`, read for the Atom feed.
//!
//! It is parsed again, although this process has just written it: the response cache holds bytes,
//! also those of other nodes, and most requests of feed readers are answered from it without a
//! query. Typed values in addition to the bytes would need a second form of each cached response, or a
//! read of the database for each poll.

use caunoi_domain::entry::EntryKind;
use serde::Deserialize;

use caunoi_texts::{EntryNoun, FeedText};

use crate::http::error_response::ErrorResponse;

/// The data of the response: the changes after a cursor, if one was given, and the newest changes.
#[derive(Deserialize)]
pub(super) struct Headlines {
    pub(super) following: Option<Following>,
    pub(super) newest: Newest,
}

/// The messages after a cursor.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Following {
    pub(super) cursor: String,
    pub(super) has_more: bool,
    pub(super) messages: Vec<HeadlineMessage>,
}

/// The newest changes.
#[derive(Deserialize)]
pub(super) struct Newest {
    pub(super) nodes: Vec<HeadlineMessage>,
}

/// A message of the feed. Queries return no heartbeats.
#[derive(Deserialize)]
#[serde(tag = "__typename")]
pub(super) enum HeadlineMessage {
    Change(Box<Headline>),
    #[serde(rename = "ChangeGap")]
    Gap {
        cursor: String,
        reason: String,
    },
}

/// A change.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Headline {
    pub(super) position: i64,
    pub(super) at: String,
    pub(super) operation: String,
    pub(super) movement: HeadlineMovement,
    pub(super) entry_type: EntryKind,
    pub(super) code: String,
    pub(super) entry_id: String,
    changed_fields: Vec<String>,
    /// Of a withdrawal; None for any other change.
    tombstone: Option<HeadlineTombstone>,
    /// None if the entry belongs to the ministry.
    pub(super) province: Option<HeadlineProvince>,
    /// None if the public can no longer see the entry.
    entry: Option<HeadlineEntry>,
}

/// How the change affected the visibility of the entry.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum HeadlineMovement {
    Entered,
    Stayed,
    Left,
}

/// The province of the entry.
#[derive(Deserialize)]
pub(super) struct HeadlineProvince {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
}

/// The display name of an entry; each type has it in a different field.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeadlineEntry {
    display_title: Option<HeadlineTitle>,
    partner_locality: Option<HeadlinePartner>,
}

/// What remains of a withdrawn entry.
#[derive(Deserialize)]
struct HeadlineTombstone {
    reason: Option<String>,
}

#[derive(Deserialize)]
struct HeadlineTitle {
    text: String,
}

#[derive(Deserialize)]
struct HeadlinePartner {
    name: String,
}

impl Headlines {
    pub(super) fn read(response: &[u8]) -> Result<Self, ErrorResponse> {
        #[derive(Deserialize)]
        struct HeadlineResponse {
            data: Headlines,
        }
        let response: HeadlineResponse =
            serde_json::from_slice(response).map_err(|_| ErrorResponse::INTERNAL)?;
        Ok(response.data)
    }

    /// Returns the time of the newest change of the feed; None if there is none.
    pub(super) fn updated(&self) -> Option<&str> {
        self.newest.nodes.iter().find_map(|message| match message {
            HeadlineMessage::Change(change) => Some(change.at.as_str()),
            HeadlineMessage::Gap { .. } => None,
        })
    }
}

impl Headline {
    /// Returns the beginning of the title: the type of the entry and how it changed.
    pub(super) fn text(&self) -> FeedText {
        let entry = match self.entry_type {
            EntryKind::Relation => EntryNoun::Relation,
            EntryKind::Agreement => EntryNoun::Agreement,
            EntryKind::Event => EntryNoun::Event,
            EntryKind::Organization => EntryNoun::Organization,
            EntryKind::Programme => EntryNoun::Programme,
            EntryKind::Figure => EntryNoun::Figure,
            EntryKind::Instrument => EntryNoun::Instrument,
        };
        match self.movement {
            HeadlineMovement::Entered => FeedText::Entered { entry },
            HeadlineMovement::Stayed => FeedText::Stayed { entry },
            HeadlineMovement::Left => FeedText::Left { entry },
        }
    }

    /// Returns the reason of a withdrawal, or the names of the fields that changed.
    pub(super) fn detail(&self) -> String {
        let reason = self.tombstone.as_ref().and_then(|tombstone| tombstone.reason.clone());
        reason.unwrap_or_else(|| self.changed_fields.join(", "))
    }

    /// Returns the display name of the entry, or its code if it has none.
    pub(super) fn display_name(&self) -> &str {
        let entry = self.entry.as_ref();
        let display_name = entry.and_then(|entry| {
            let partner = entry.partner_locality.as_ref().map(|partner| &partner.name);
            entry.display_title.as_ref().map(|title| &title.text).or(partner)
        });
        display_name.unwrap_or(&self.code)
    }
}
