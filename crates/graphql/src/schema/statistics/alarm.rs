//! Reported figures that contradict each other.

use super::super::connection::GraphqlEntry;
use super::super::enums::Locale;
use super::super::figure::FigureObject;
use super::super::request_context::{RequestContext, View};
use super::super::value::Quantity;
use async_graphql::{Context, Enum, Object};
use caunoi_domain::figure::Figure;
use caunoi_domain::statistics::Inconsistency;

/// The rules that reported figures are checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::InconsistencyRule")]
pub(crate) enum AlarmRule {
    /// More agreements are reported in effect than signed: `agreements_in_effect` is greater than
    /// `total_agreements`.
    InForceAboveSigned,
    /// The figure of a longer period is less than that of a part of it, for example a year to date
    /// below one of its months. Only additive indicators are checked.
    WholeBelowPart,
    /// Fewer persons than delegations are reported: `delegates_out` is less than `delegations_out`,
    /// or `delegates_in` less than `delegations_in`.
    PersonsBelowDelegations,
    /// The reported number of partner countries differs from the number that the register counts.
    CountriesUnlikeComputed,
}

/// The GraphQL object of a contradiction.
pub(crate) struct AlarmObject {
    pub(super) alarm: Inconsistency,
    pub(super) view: View,
}

/// A contradiction between reported figures, or between a figure and the number that the register
/// counts. Inexact numbers contradict each other only if their ranges do not allow agreement.
#[Object(name = "Alarm")]
impl AlarmObject {
    /// The rule that is violated.
    async fn rule(&self) -> AlarmRule {
        self.alarm.rule.into()
    }

    /// An explanation of the contradiction.
    async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> String {
        caunoi_texts::inconsistency(self.alarm.rule, RequestContext::of(ctx).locale(locale))
    }

    /// The figures concerned. Of two figures, the one that should be greater comes first.
    async fn figures(&self) -> Vec<FigureObject> {
        let figures = self.alarm.figures.iter().cloned();
        figures.map(|figure| Figure::into_object(figure, self.view)).collect()
    }

    /// The number that the register counts. Null if the rule does not compare with it.
    async fn computed(&self) -> Option<Quantity> {
        self.alarm.computed.clone().map(Quantity)
    }
}
