//! The order inputs of lists.

use super::enums::SortDirection;
use super::request_context::RequestContext;
use async_graphql::{Context, Enum, InputObject};
use caunoi_domain::page::{Order, OrderKey, Sorting};

/// The sort keys of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RelationOrderField {
    /// The date on which the relation was established. In ascending order relations without a date
    /// come first.
    Established,
    /// The name of the partner, then of the province, in the alphabetical order of the language of
    /// the request.
    Name,
    /// The time of the last write.
    UpdatedAt,
}

/// The sort keys of agreements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum AgreementOrderField {
    /// The date of signing. In ascending order agreements without a date come first.
    SignedOn,
    /// The last day of the term, after recorded extensions and renewals. In ascending order agreements without a term come last.
    Expires,
    /// The title, in the alphabetical order of the language of the request.
    Title,
    /// The time of the last write.
    UpdatedAt,
}

/// The sort keys of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum EventOrderField {
    /// The date on which the event begins. In ascending order events without a date come first.
    HeldOn,
    /// The title, in the alphabetical order of the language of the request.
    Title,
    /// The time of the last write.
    UpdatedAt,
}

/// One sort key of a list of relations.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RelationOrder {
    /// The value to sort by.
    by: RelationOrderField,
    /// The direction; descending by default, so that the newest come first.
    #[graphql(default_with = "Sorting::Descending.into()")]
    direction: SortDirection,
}

/// One sort key of a list of agreements.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct AgreementOrder {
    /// The value to sort by.
    by: AgreementOrderField,
    /// The direction; descending by default, so that the newest come first.
    #[graphql(default_with = "Sorting::Descending.into()")]
    direction: SortDirection,
}

/// One sort key of a list of events.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct EventOrder {
    /// The value to sort by.
    by: EventOrderField,
    /// The direction; descending by default, so that the newest come first.
    #[graphql(default_with = "Sorting::Descending.into()")]
    direction: SortDirection,
}

/// A sort key input of the API.
pub(crate) trait OrderInput {
    /// Converts the input to a sort key of the domain.
    fn read(&self, ctx: &Context<'_>) -> Order;
}

fn order(key: OrderKey, direction: SortDirection) -> Order {
    Order { key, sorting: Sorting::from(direction) }
}

fn name(ctx: &Context<'_>) -> OrderKey {
    OrderKey::Name(RequestContext::of(ctx).locale(None))
}

impl OrderInput for RelationOrder {
    fn read(&self, ctx: &Context<'_>) -> Order {
        let key = match self.by {
            RelationOrderField::Established => OrderKey::First,
            RelationOrderField::Name => name(ctx),
            RelationOrderField::UpdatedAt => OrderKey::UpdatedAt,
        };
        order(key, self.direction)
    }
}

impl OrderInput for AgreementOrder {
    fn read(&self, ctx: &Context<'_>) -> Order {
        let key = match self.by {
            AgreementOrderField::SignedOn => OrderKey::First,
            AgreementOrderField::Expires => OrderKey::Expires,
            AgreementOrderField::Title => name(ctx),
            AgreementOrderField::UpdatedAt => OrderKey::UpdatedAt,
        };
        order(key, self.direction)
    }
}

impl OrderInput for EventOrder {
    fn read(&self, ctx: &Context<'_>) -> Order {
        let key = match self.by {
            EventOrderField::HeldOn => OrderKey::First,
            EventOrderField::Title => name(ctx),
            EventOrderField::UpdatedAt => OrderKey::UpdatedAt,
        };
        order(key, self.direction)
    }
}

/// Converts the argument `orderBy`; without keys the newest come first. A key that occurred before
/// is ignored.
pub(crate) fn read<O: OrderInput>(ctx: &Context<'_>, keys: Option<&[O]>) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    for order in keys.unwrap_or_default().iter().take(8).map(|key| key.read(ctx)) {
        if orders.iter().all(|earlier| earlier.key != order.key) {
            orders.push(order);
        }
    }
    if orders.is_empty() {
        orders.push(Order { key: OrderKey::First, sorting: Sorting::Descending });
    }
    orders
}

/// Returns the order of lists without an argument for it: the newest first.
pub(crate) fn newest() -> Vec<Order> {
    vec![Order { key: OrderKey::First, sorting: Sorting::Descending }]
}

/// Returns the order by name in the language of the request.
pub(crate) fn by_name(ctx: &Context<'_>) -> Vec<Order> {
    vec![Order { key: name(ctx), sorting: Sorting::Ascending }]
}
