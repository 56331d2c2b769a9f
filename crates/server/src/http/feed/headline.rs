//! What a reader of feeds is told, as the GraphQL face told it.

use serde::Deserialize;

use crate::http::problem::Problem;

/// What followed a cursor, where one was given, and the newest changes.
#[derive(Deserialize)]
pub(super) struct Headlines {
    pub(super) following: Option<Following>,
    pub(super) newest: Newest,
}

/// What followed a cursor.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Following {
    pub(super) cursor: String,
    pub(super) has_more: bool,
    pub(super) messages: Vec<Message>,
}

/// The newest changes.
#[derive(Deserialize)]
pub(super) struct Newest {
    pub(super) nodes: Vec<Message>,
}

/// A message of the feed. A query gets no heartbeats.
#[derive(Deserialize)]
#[serde(tag = "__typename")]
pub(super) enum Message {
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
    pub(super) movement: Movement,
    pub(super) entry_type: EntryType,
    pub(super) code: String,
    pub(super) entry_id: String,
    pub(super) changed_fields: Vec<String>,
    /// None where it is the ministry's.
    pub(super) province: Option<Province>,
    /// None where there is nothing to see any more.
    entry: Option<Entry>,
}

/// How the entry moved.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Movement {
    Entered,
    Stayed,
    Left,
}

/// The type of the entry.
#[derive(Clone, Copy, Deserialize, strum::IntoStaticStr)]
pub(super) enum EntryType {
    Relation,
    Agreement,
    Event,
    Organization,
    Programme,
    Figure,
    Instrument,
}

/// The province that owns the entry.
#[derive(Deserialize)]
pub(super) struct Province {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
}

/// What an entry is called, which each type has in another field.
#[derive(Deserialize)]
struct Entry {
    title: Option<String>,
    name: Option<String>,
    partner: Option<Partner>,
}

#[derive(Deserialize)]
struct Partner {
    name: String,
}

impl Headlines {
    pub(super) fn read(answer: &[u8]) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        struct Answer {
            data: Headlines,
        }
        let answer: Answer = serde_json::from_slice(answer).map_err(|_| Problem::INTERNAL)?;
        Ok(answer.data)
    }

    /// When anything changed last, by what the feed is about.
    pub(super) fn updated(&self) -> Option<&str> {
        self.newest.nodes.iter().find_map(|message| match message {
            Message::Change(change) => Some(change.at.as_str()),
            Message::Gap { .. } => None,
        })
    }
}

impl Headline {
    /// What the entry is called; by its code where there is nothing else.
    pub(super) fn called(&self) -> &str {
        let entry = self.entry.as_ref();
        let called = entry.and_then(|entry| {
            let partner = entry.partner.as_ref().map(|partner| &partner.name);
            entry.title.as_ref().or(entry.name.as_ref()).or(partner)
        });
        called.unwrap_or(&self.code)
    }
}
