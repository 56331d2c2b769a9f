//! Sums of a quantity over entries.

use super::to_int;
use crate::schema::cost_directives::{AssumedSize, TextSize, Weight};
use crate::schema::enums::Locale;
use crate::schema::request_context::RequestContext;
use crate::schema::scalar::{CurrencyCode, Decimal};
use crate::schema::value::Quantity;
use async_graphql::{Context, Object};
use caunoi_domain::quantity;

/// What entries state of a quantity, summed for each unit.
pub(crate) struct QuantitySums {
    pub(super) sums: quantity::QuantitySums,
    /// The number of entries, with and without the quantity.
    pub(super) entries: u64,
}

impl QuantitySums {
    /// Returns the sum as one quantity; `None` if nothing is stated or the units differ.
    pub(crate) fn to_quantity(&self) -> Option<Quantity> {
        self.sums.to_quantity().map(Quantity)
    }
}

/// What entries state of a quantity, summed for each unit. No number is added that no entry states.
#[Object(directive = Weight::apply(0))]
impl QuantitySums {
    /// The number of entries that state the quantity, if only in words such as "dozens".
    async fn stated(&self) -> i32 {
        to_int(self.sums.stated())
    }

    /// The number of entries that state nothing of the quantity. They add nothing to the sums, so the
    /// real totals are higher.
    async fn not_stated(&self) -> i32 {
        to_int(self.entries.saturating_sub(self.sums.stated()))
    }

    /// One sum for each unit and currency, in the order of their codes. Empty if no entry states the
    /// quantity.
    #[graphql(directive = AssumedSize::apply(1))]
    async fn units(&self) -> Vec<UnitSum<'_>> {
        self.sums.units.iter().map(UnitSum).collect()
    }
}

/// The sum of what entries state in one unit.
pub(crate) struct UnitSum<'a>(&'a quantity::UnitSum);

/// The sum of what entries state in one unit.
#[Object(directive = Weight::apply(0))]
impl UnitSum<'_> {
    /// The unit: `person`, `connection`. Empty if the source gives none, as for an unstated number.
    async fn unit(&self) -> &str {
        &self.0.unit
    }

    /// The currency of an amount of money. Null for other quantities.
    async fn currency(&self) -> Option<CurrencyCode> {
        self.0.currency.clone().map(CurrencyCode)
    }

    /// The total: `"1036"`. Null unless every entry states an exact number.
    async fn value(&self) -> Option<Decimal> {
        self.0.value().map(Into::into)
    }

    /// The sum of the stated lower bounds, and so the least total: `"1600"` for four times 400 to 800.
    /// Null if no entry states one.
    async fn lower(&self) -> Option<Decimal> {
        self.0.lower.map(Into::into)
    }

    /// The sum of the stated upper bounds, and so the greatest total: `"3200"` for four times 400 to
    /// 800. Null if an entry states none, as "about 500" or "more than 60".
    async fn upper(&self) -> Option<Decimal> {
        self.0.upper.map(Into::into)
    }

    /// The number of entries that state it in this unit.
    async fn stated(&self) -> i32 {
        to_int(self.0.stated())
    }

    /// What was stated with each qualifier: exact numbers, ranges, numbers that are only about right.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn parts(&self) -> Vec<SumPart<'_>> {
        self.0.parts.iter().map(SumPart).collect()
    }

    /// The sum as display text: `12 persons + nearly 1,600 persons + 1,600 to 3,200 persons`.
    #[graphql(directive = TextSize::apply(60))]
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> String {
        let locale = RequestContext::of(ctx).locale(locale);
        let parts = self.0.parts.iter().map(|part| &part.quantity);
        parts.map(|part| part.text(locale, part.unit_name(locale))).collect::<Vec<_>>().join(" + ")
    }
}

/// The entries that state a quantity with the same qualifier.
pub(crate) struct SumPart<'a>(&'a quantity::SumPart);

/// The entries that state a quantity with the same qualifier.
#[Object(directive = Weight::apply(0))]
impl SumPart<'_> {
    /// The number of entries.
    async fn stated(&self) -> i32 {
        to_int(self.0.stated)
    }

    /// The sum of their numbers and of their bounds, with this qualifier. A bound is null if one of
    /// the entries has none.
    async fn quantity(&self) -> Quantity {
        Quantity(self.0.quantity.clone())
    }
}
