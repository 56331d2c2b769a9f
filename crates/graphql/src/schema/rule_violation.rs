//! Violations of the rules of published entries.

use super::cost_directives::{AssumedSize, TextSize};
use super::entry::EntryInterface;
use super::enums::{EntryType, Locale, Rule};
use super::loader::Loaders;
use super::mutation::UserErrorCode;
use super::node::Node;
use super::request_context::RequestContext;
use crate::schema::api_error::ApiError;
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::id::Log;
use caunoi_domain::page::Window;
use caunoi_domain::rules;
use caunoi_register::{EntryViolations, RuleScan};
use strum::VariantArray as _;

/// The GraphQL object of a violation.
pub(crate) struct RuleViolation(rules::RuleViolation);

impl From<rules::RuleViolation> for RuleViolation {
    fn from(violation: rules::RuleViolation) -> Self {
        Self(violation)
    }
}

/// A rule of published entries that an entry breaks. As an error, nothing was written. As a warning,
/// the entry was written, and it cannot be published before the violation is corrected, unless its
/// published version has the same one.
#[Object]
impl RuleViolation {
    /// The code, always `RULE_BROKEN`.
    pub(crate) async fn code(&self) -> UserErrorCode {
        UserErrorCode::RuleBroken
    }

    /// The message for the user: the fault and its correction.
    #[graphql(directive = TextSize::apply(150))]
    pub(crate) async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; if absent, that of the request.")] locale: Option<Locale>,
    ) -> String {
        caunoi_texts::message(&self.0.reason, RequestContext::of(ctx).locale(locale))
    }

    /// The field of the entry to correct: names and list indexes of the create input, outermost
    /// first, for example `["delegates", "unit"]`.
    #[graphql(directive = AssumedSize::apply(3))]
    pub(crate) async fn path(&self) -> &[String] {
        &self.0.path
    }

    /// The rule.
    async fn rule(&self) -> Rule {
        self.0.rule.into()
    }
}

/// The GraphQL object of the violations of one entry.
pub(crate) struct EntryViolationsObject(EntryViolations);

/// A published entry that breaks rules of published entries: it was shipped with the program, or
/// published before the rules.
#[Object(name = "EntryViolations")]
impl EntryViolationsObject {
    /// The printable code of the entry, for example `AGR-0091`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// The type of the entry.
    async fn entry_type(&self) -> EntryType {
        self.0.key.kind.into()
    }

    /// The entry. Null for figures and instruments, which are not of type `Entry`.
    async fn entry(&self, ctx: &Context<'_>) -> Result<Option<EntryInterface>, ApiError> {
        let found = Node::find_entry(ctx.data_unchecked::<Loaders>(), self.0.key).await?;
        Ok(found.and_then(Node::into_entry))
    }

    /// The violations of its published version.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn violations(&self) -> Vec<RuleViolation> {
        self.0.violations.iter().cloned().map(RuleViolation::from).collect()
    }
}

/// A part of the check of all published entries.
#[derive(SimpleObject)]
pub(crate) struct RuleViolationPage {
    /// The entries found, by type and province. There may be fewer than requested, even none, while
    /// `hasMore` is true: a request checks at most 2,000 entries.
    nodes: Vec<EntryViolationsObject>,
    /// The place at which the check stopped: `ruleViolations(after:)` continues from here. Null if
    /// the caller has no entries to check.
    #[graphql(directive = TextSize::apply(50))]
    cursor: Option<String>,
    /// Whether there are further entries to check. They may break no rule.
    has_more: bool,
}

impl RuleViolationPage {
    /// Checks the published entries after a cursor that are the caller's concern.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let window = Window::parse(first, after, None, None)?;
        let purpose = format!("rule violations {:?}", request.scope);
        let key = request.signing_key();
        let after =
            window.cursor.as_deref().map(|cursor| key.verify(purpose.as_bytes(), cursor)).transpose()?;
        let after = after.as_deref().and_then(parse_place);
        let RuleScan { found, last, is_complete } =
            request.reader.scan_rules(after, usize::from(window.size)).await?;
        let cursor = |key_of: EntryKey| key.sign(purpose.as_bytes(), &place_bytes(key_of));
        Ok(Self {
            nodes: found.into_iter().map(EntryViolationsObject).collect(),
            cursor: last.map(cursor),
            has_more: !is_complete,
        })
    }
}

/// Encodes the place of an entry in the list: kind, log, number.
pub(super) fn place_bytes(key: EntryKey) -> Vec<u8> {
    let mut place = vec![key.kind as u8];
    place.extend(key.log.number().to_be_bytes());
    place.extend(key.number.to_be_bytes());
    place
}

/// Decodes the place of an entry in the list.
pub(super) fn parse_place(place: &[u8]) -> Option<EntryKey> {
    let (kind, rest) = place.split_first()?;
    let (log, rest) = rest.split_first_chunk()?;
    let (number, []) = rest.split_first_chunk()? else { return None };
    let kind = *EntryKind::VARIANTS.get(usize::from(*kind))?;
    let log = Log::new(i16::from_be_bytes(*log));
    Some(EntryKey { kind, log, number: i32::from_be_bytes(*number) })
}
