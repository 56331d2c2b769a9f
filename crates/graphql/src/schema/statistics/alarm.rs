//! Reported figures that contradict each other.

use super::super::asking::{Asking, View};
use super::super::connection::Kind;
use super::super::enums::Locale;
use super::super::figure::FigureObject;
use super::super::value::Quantity;
use async_graphql::{Context, Enum, Object};
use caunoi_domain::figure::Figure;
use caunoi_domain::statistics::Alarm;

/// What reported figures must not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::AlarmRule")]
pub(crate) enum AlarmRule {
    /// More agreements are in effect than were ever signed: `agreements_in_effect` above
    /// `total_agreements`.
    InForceAboveSigned,
    /// A longer period has less than a part of it: the year to date below one of its months. Of
    /// additive indicators alone.
    WholeBelowPart,
    /// Fewer persons travelled than delegations: `delegates_out` below `delegations_out`, or the
    /// same of those received.
    PersonsBelowDelegations,
    /// The reported number of partner countries is not the number of those that the register has.
    CountriesUnlikeComputed,
}

/// A contradiction.
pub(crate) struct AlarmObject {
    pub(super) alarm: Alarm,
    pub(super) view: View,
}

/// A contradiction between reported figures, or between one and what the register counts. Numbers
/// with bounds contradict each other only where all that they may mean does.
#[Object(name = "Alarm")]
impl AlarmObject {
    /// The rule that is broken.
    async fn rule(&self) -> AlarmRule {
        self.alarm.rule.into()
    }

    /// What is wrong, for people.
    async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &'static str {
        self.alarm.rule.text(Asking::of(ctx).locale(locale))
    }

    /// The figures concerned; of two, the one that should be the greater comes first.
    async fn figures(&self) -> Vec<FigureObject> {
        let figures = self.alarm.figures.iter().cloned();
        figures.map(|figure| Figure::object(figure, self.view)).collect()
    }

    /// What the register counts, where the rule holds a figure beside that.
    async fn computed(&self) -> Option<Quantity> {
        self.alarm.computed.clone().map(Quantity)
    }
}
