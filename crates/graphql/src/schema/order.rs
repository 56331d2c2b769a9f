//! Orders of lists.

use super::asking::Asking;
use super::enums::SortDirection;
use async_graphql::{Context, Enum, InputObject};
use caunoi_domain::page::{Order, OrderKey, Sorting};

/// What relations are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RelationOrderField {
    /// When they were established; undated ones come before all dates.
    Established,
    /// The partner's name, then the province's, by the collation of the request's language.
    Name,
    /// When they were last written.
    UpdatedAt,
}

/// What agreements are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum AgreementOrderField {
    /// When they were signed; undated ones come before all dates.
    Signed,
    /// The last day of their term; those without a term come after all dates.
    Expires,
    /// The title, by the collation of the request's language.
    Title,
    /// When they were last written.
    UpdatedAt,
}

/// What events are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum EventOrderField {
    /// When they begin; undated ones come before all dates.
    Starts,
    /// The title, by the collation of the request's language.
    Title,
    /// When they were last written.
    UpdatedAt,
}

/// One key of an order of relations.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RelationOrder {
    /// By what.
    by: RelationOrderField,
    /// Which way.
    #[graphql(default_with = "SortDirection::Descending")]
    direction: SortDirection,
}

/// One key of an order of agreements.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct AgreementOrder {
    /// By what.
    by: AgreementOrderField,
    /// Which way.
    #[graphql(default_with = "SortDirection::Descending")]
    direction: SortDirection,
}

/// One key of an order of events.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct EventOrder {
    /// By what.
    by: EventOrderField,
    /// Which way.
    #[graphql(default_with = "SortDirection::Descending")]
    direction: SortDirection,
}

/// An order key that callers can send.
pub(crate) trait OrderInput {
    /// What it means to the domain.
    fn read(&self, ctx: &Context<'_>) -> Order;
}

fn order(key: OrderKey, direction: SortDirection) -> Order {
    Order { key, sorting: Sorting::from(direction) }
}

fn name(ctx: &Context<'_>) -> OrderKey {
    OrderKey::Name(Asking::of(ctx).locale(None))
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
            AgreementOrderField::Signed => OrderKey::First,
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
            EventOrderField::Starts => OrderKey::First,
            EventOrderField::Title => name(ctx),
            EventOrderField::UpdatedAt => OrderKey::UpdatedAt,
        };
        order(key, self.direction)
    }
}

/// The order of a list: the keys that were sent, else the newest first. A key that repeats an
/// earlier one orders nothing and is left out.
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

/// The newest first; what callers cannot order otherwise.
pub(crate) fn newest() -> Vec<Order> {
    vec![Order { key: OrderKey::First, sorting: Sorting::Descending }]
}

/// By name in the request's language.
pub(crate) fn by_name(ctx: &Context<'_>) -> Vec<Order> {
    vec![Order { key: name(ctx), sorting: Sorting::Ascending }]
}
