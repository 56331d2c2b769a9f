//! Reported figures that contradict each other.

use super::super::connection::GraphqlEntry;
use super::super::enums::{AlarmRule, Locale};
use super::super::figure::FigureObject;
use super::super::request_context::RequestContext;
use super::super::value::Quantity;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, Object};
use caunoi_domain::figure::Figure;
use caunoi_domain::statistics::Inconsistency;

/// The GraphQL object of a contradiction.
pub(crate) struct AlarmObject {
    pub(super) alarm: Inconsistency,
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
    #[graphql(directive = TextSize::apply(150))]
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
    #[graphql(directive = AssumedSize::apply(1))]
    async fn figures(&self) -> Vec<FigureObject> {
        let figures = self.alarm.figures.iter().cloned();
        figures.map(Figure::into_object).collect()
    }

    /// The number that the register counts. Null if the rule does not compare with it.
    async fn computed(&self) -> Option<Quantity> {
        self.alarm.computed.clone().map(Quantity)
    }
}
