//! Refused requests.

use super::api_error::ApiError;
use super::cost_directives::TextSize;
use super::enums::{RefusalReason, Role};
use super::request_context::RequestContext;
use super::scalar::DateTime;
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::page::Window;
use caunoi_domain::policy;
use caunoi_domain::refusal::{self, RefusalCount, RefusalKey, RefusalList};
use strum::VariantArray as _;

/// The GraphQL object of a count.
pub(crate) struct RefusalObject(RefusalCount);

/// Requests of one holder that the server refused for one reason within one hour. It contains no
/// part of the requests.
#[Object(name = "Refusal")]
impl RefusalObject {
    /// The beginning of the hour, for example `2026-11-30T08:00:00Z`.
    async fn hour(&self) -> DateTime {
        DateTime::from_us(self.0.key.hour_us)
    }

    /// The role of the caller. `PUBLIC` without a valid token.
    async fn role(&self) -> Role {
        self.0.key.role.into()
    }

    /// The name of the caller in its token. Without a valid token the network of the client, by
    /// default as a code that changes every day, for example `net:3f9c2a7d1b0e4c55`. Null if the server
    /// does not keep it, or if too many were refused in the hour to name each.
    #[graphql(directive = TextSize::apply(30))]
    async fn holder(&self) -> Option<&str> {
        Some(self.0.key.holder.as_str()).filter(|holder| !holder.is_empty())
    }

    /// Why the requests were refused.
    async fn reason(&self) -> RefusalReason {
        self.0.key.reason.into()
    }

    /// How many requests were refused.
    async fn count(&self) -> i32 {
        i32::try_from(self.0.count).unwrap_or(i32::MAX)
    }

    /// The time of the last of them.
    async fn last_at(&self) -> DateTime {
        DateTime::from_us(self.0.last_at_us)
    }
}

/// A part of the list of refused requests.
#[derive(SimpleObject)]
pub(crate) struct RefusalPage {
    /// The rows, the newest hour first.
    nodes: Vec<RefusalObject>,
    /// The place of the last row: `refusals(after:)` continues from here. Null if there is no row.
    #[graphql(directive = TextSize::apply(80))]
    cursor: Option<String>,
    /// Whether there are further rows.
    has_more: bool,
}

/// The rows to return: all, or those for a reason and since a time.
pub(crate) struct RefusalConditions {
    pub(crate) reason: Option<RefusalReason>,
    pub(crate) since: Option<DateTime>,
}

impl RefusalPage {
    /// Reads the rows after a cursor.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        RefusalConditions { reason, since }: RefusalConditions,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let reader = request.actor().refusal_reader().map_err(caunoi_register::Error::from)?;
        let reason = reason.map(refusal::RefusalReason::from);
        let since_us = since.map(|since| since.to_us("since")).transpose()?;
        let window = Window::parse(first, after, None, None)?;
        let (purpose, size) = (format!("refusals {reason:?} {since_us:?}"), usize::from(window.size));
        let key = request.signing_key();
        let after = window.cursor.as_deref().map(|cursor| key.verify(purpose.as_bytes(), cursor));
        let cursor = after.transpose()?.as_deref().and_then(parse_place);
        // One row more than the page shows whether the list continues.
        let list = RefusalList { reason, since_us, cursor, most: size as u64 + 1 };
        let mut found = request.reader.refusals(reader, &list).await?;
        let has_more = found.len() > size;
        found.truncate(size);
        let cursor = found.last().map(|last| key.sign(purpose.as_bytes(), &place_bytes(&last.key)));
        Ok(Self { nodes: found.into_iter().map(RefusalObject).collect(), cursor, has_more })
    }
}

/// Encodes the place of a row in the list: hour, role, reason, holder.
fn place_bytes(key: &RefusalKey) -> Vec<u8> {
    let mut place = key.hour_us.to_be_bytes().to_vec();
    place.extend([key.role as u8, key.reason as u8]);
    place.extend(key.holder.as_bytes());
    place
}

/// Decodes the place of a row in the list.
fn parse_place(place: &[u8]) -> Option<RefusalKey> {
    let (hour_us, rest) = place.split_first_chunk()?;
    let ([role, reason], holder) = rest.split_first_chunk()?;
    Some(RefusalKey {
        hour_us: i64::from_be_bytes(*hour_us),
        role: *policy::Role::VARIANTS.get(usize::from(*role))?,
        reason: *refusal::RefusalReason::VARIANTS.get(usize::from(*reason))?,
        holder: String::from_utf8(holder.to_vec()).ok()?,
    })
}
