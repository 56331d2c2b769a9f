//! The responses that are recorded under idempotency keys. Their JSON forms are stored: a field
//! keeps its name.

use super::outcome::{CommandReceipt, CommandRefusal, Outcome};
use caunoi_domain::entry::{Content, Entry, EntryMeta};
use caunoi_domain::idempotency::IdempotencyKey;
use caunoi_domain::proposal::StoredProposal;
use caunoi_store::{
    CommandTransaction, ContentPlace, RecordedResponse, ReferenceRow, StoreError, WriteContext,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The stored form of a receipt.
pub(crate) trait StoredReceipt: Serialize + DeserializeOwned + Sync {
    /// What the command wrote.
    type Value;

    /// Returns the receipt; its link is unknown. `content` is the one that a change has in place of
    /// the response.
    fn into_receipt(self, content: Option<&str>) -> Result<CommandReceipt<Self::Value>, StoreError>;
}

/// The receipt of a command on an entry.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct StoredEntry<C> {
    #[serde(rename = "stamp")]
    meta: EntryMeta,
    /// The content; none where a change has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<serde_json::Value>,
    position: i64,
    cursor: String,
    #[serde(skip)]
    kind: std::marker::PhantomData<fn() -> C>,
}

impl<C: Content> StoredEntry<C> {
    /// Returns the stored form of a receipt.
    pub(crate) fn new(receipt: &CommandReceipt<Entry<C>>, place: ContentPlace) -> Result<Self, StoreError> {
        let Entry { meta, content } = &receipt.value;
        let content = match place {
            ContentPlace::Change => None,
            ContentPlace::Response => {
                Some(serde_json::to_value(content).map_err(|error| corrupt(&meta.code, &error))?)
            }
        };
        Ok(Self {
            meta: meta.clone(),
            content,
            position: receipt.position,
            cursor: receipt.cursor.clone(),
            kind: std::marker::PhantomData,
        })
    }
}

impl<C: Content> StoredReceipt for StoredEntry<C> {
    type Value = Entry<C>;

    fn into_receipt(self, logged: Option<&str>) -> Result<CommandReceipt<Entry<C>>, StoreError> {
        let Self { meta, content, position, cursor, .. } = self;
        let content = match (content, logged) {
            (Some(content), _) => serde_json::from_value(content),
            (None, logged) => serde_json::from_str(logged.unwrap_or_default()),
        };
        let content = content.map_err(|error| corrupt(&meta.code, &error))?;
        Ok(CommandReceipt { value: Entry { meta, content }, position, link: None, cursor })
    }
}

/// The receipt of a command on the reference data.
#[derive(Serialize, Deserialize)]
#[serde(bound = "R: ReferenceRow")]
pub(crate) struct StoredRow<R> {
    row: R,
    position: i64,
    cursor: String,
}

impl<R: ReferenceRow> StoredRow<R> {
    /// Returns the stored form of a receipt.
    pub(crate) fn new(receipt: &CommandReceipt<R>) -> Self {
        Self { row: receipt.value.clone(), position: receipt.position, cursor: receipt.cursor.clone() }
    }
}

impl<R: ReferenceRow> StoredReceipt for StoredRow<R> {
    type Value = R;

    fn into_receipt(self, _: Option<&str>) -> Result<CommandReceipt<R>, StoreError> {
        let Self { row, position, cursor } = self;
        Ok(CommandReceipt { value: row, position, link: None, cursor })
    }
}

/// The receipt of a command on a proposal.
#[derive(Serialize, Deserialize)]
pub(crate) struct ProposalReceipt {
    proposed: StoredProposal,
    position: i64,
    cursor: String,
}

impl ProposalReceipt {
    /// Returns the stored form of a receipt.
    pub(crate) fn new(receipt: &CommandReceipt<StoredProposal>) -> Self {
        Self { proposed: receipt.value.clone(), position: receipt.position, cursor: receipt.cursor.clone() }
    }
}

impl StoredReceipt for ProposalReceipt {
    type Value = StoredProposal;

    fn into_receipt(self, _: Option<&str>) -> Result<CommandReceipt<StoredProposal>, StoreError> {
        let Self { proposed, position, cursor } = self;
        Ok(CommandReceipt { value: proposed, position, link: None, cursor })
    }
}

/// The receipt of the confirmation of a period.
#[derive(Serialize, Deserialize)]
pub(crate) struct ConfirmationReceipt {
    position: i64,
    cursor: String,
}

impl ConfirmationReceipt {
    /// Returns the stored form of a receipt.
    pub(crate) fn new(receipt: &CommandReceipt<()>) -> Self {
        Self { position: receipt.position, cursor: receipt.cursor.clone() }
    }
}

impl StoredReceipt for ConfirmationReceipt {
    type Value = ();

    fn into_receipt(self, _: Option<&str>) -> Result<CommandReceipt<()>, StoreError> {
        let Self { position, cursor } = self;
        Ok(CommandReceipt { value: (), position, link: None, cursor })
    }
}

/// Returns the outcome of a repeated request: that of the first one, or a refusal if the key was
/// used for another request.
pub(crate) fn replay<S: StoredReceipt, E>(
    key: &IdempotencyKey,
    recorded: &RecordedResponse,
) -> Result<Outcome<S::Value, E>, StoreError> {
    if !key.is_repeated_by(&recorded.input_hash) {
        return Ok(Err(CommandRefusal::KeyReused));
    }
    Ok(Ok(recorded.parse::<S>()?.into_receipt(recorded.content.as_deref())?))
}

/// Returns the outcome of the command if its request was executed before; `None` if it is new.
pub(crate) async fn find_replay<S: StoredReceipt, E>(
    transaction: &CommandTransaction<'_>,
    context: &WriteContext<'_>,
) -> Result<Option<Outcome<S::Value, E>>, StoreError> {
    match (&context.idempotency_key, transaction.find_response().await?) {
        (Some(key), Some(recorded)) => replay::<S, E>(key, &recorded).map(Some),
        (Some(_) | None, _) => Ok(None),
    }
}

/// Returns the text of a content as the log has it.
pub(crate) fn canonical_text<C: Content>(entry: &Entry<C>) -> Result<String, StoreError> {
    serde_json::to_string(&entry.content).map_err(|error| corrupt(&entry.meta.code, &error))
}

fn corrupt(id: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: "idempotency", column: "answer", id: id.to_owned(), why: error.to_string() }
}
