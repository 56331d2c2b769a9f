//! Acts of agreements, and the deadlines that follow from them.

use super::cost_directives::TextSize;
use super::enums::{ActKind, Locale};
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use super::source::SourceObject;
use super::value::FuzzyDate;
use async_graphql::{Context, ID, Object};
use caunoi_domain::agreement::{Act, RenewalDeadline};

/// The GraphQL object of a dated act.
pub(crate) struct ActObject(pub(crate) Act);

/// A dated act that changes an agreement, for example its signing or extension.
#[Object(name = "Act")]
impl ActObject {
    /// The number of the act within its agreement, for example `2`. It stays the same when acts are
    /// recorded, amended or voided, and `amendAct` and `voidAct` take it. It is no global id: other
    /// agreements have acts with the same number.
    async fn act_id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The kind of act.
    async fn kind(&self) -> ActKind {
        self.0.kind.into()
    }

    /// The date of the act, possibly partial: `2021-07`.
    async fn on(&self) -> FuzzyDate {
        FuzzyDate(self.0.on.clone())
    }

    /// The last day of the new term, for an extension or renewal. Null for other acts and for a
    /// term without an end.
    async fn until(&self) -> Option<FuzzyDate> {
        self.0.until.clone().map(FuzzyDate)
    }

    /// A remark in the given language, else in the other one. Null if there is none.
    #[graphql(directive = TextSize::apply(150))]
    async fn note(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> Option<&str> {
        Some(self.0.note.in_locale(RequestContext::of(ctx).locale(locale))).filter(|note| !note.is_empty())
    }

    /// The source that states the act. Null if not recorded.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(RequestContext::of(ctx), source))
    }
}

/// The GraphQL object of a renewal deadline.
pub(crate) struct RenewalDeadlineObject(pub(crate) RenewalDeadline);

/// The last day on which notice of renewal is in time, and what it was computed from.
#[Object(name = "RenewalDeadline")]
impl RenewalDeadlineObject {
    /// The last day: `lapsesAfter` less `noticeDays`, for example `2028-10-02`.
    async fn on(&self) -> LocalDate {
        LocalDate(self.0.on)
    }

    /// The last day in force, for example `2028-12-31`; the same as `Agreement.lapsesAfter`.
    async fn lapses_after(&self) -> LocalDate {
        LocalDate(self.0.lapses_after)
    }

    /// The recorded notice period in days, for example 90; the same as `Agreement.noticeDays`.
    async fn notice_days(&self) -> i32 {
        self.0.notice_days
    }
}
