//! Reported figures.

use super::api_error::ApiError;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, TextSize, Weight};
use super::country::CountryObject;
use super::entry_fields::CommonFields;
use super::enums::{Basis, Locale};
use super::organization::OrganizationObject;
use super::request_context::RequestContext;
use super::scalar::Decimal;
use super::source::SourceObject;
use super::term::TermObject;
use super::unit::UnitObject;
use super::value::{FuzzyDate, Quantity};
use async_graphql::{Context, Object, SimpleObject};
use caunoi_domain::entry::Entry;
use caunoi_domain::figure::{Figure, FigureDimension};
use caunoi_domain::quantity;
use caunoi_domain::statistics::indicator::{self, IndicatorDefinition};
use std::ops::Deref;
use tokio::sync::OnceCell;

/// The GraphQL object of a reported figure.
pub(crate) struct FigureObject {
    common_fields: CommonFields<Figure>,
    /// The computed number, set on first use.
    computed: OnceCell<Option<quantity::Quantity>>,
}

impl Deref for FigureObject {
    type Target = CommonFields<Figure>;

    fn deref(&self) -> &CommonFields<Figure> {
        &self.common_fields
    }
}

impl FigureObject {
    async fn compute(&self, ctx: &Context<'_>) -> Result<Option<&quantity::Quantity>, ApiError> {
        let make = || async {
            let request = RequestContext::of(ctx);
            let figure = self.entry.content.clone();
            Ok::<_, ApiError>(request.load_read_model().await?.computed(figure, request.today()).await)
        };
        Ok(self.computed.get_or_try_init(make).await?.as_ref())
    }

    fn definition_of(&self, ctx: &Context<'_>) -> Option<&'static IndicatorDefinition> {
        let indicator = RequestContext::of(ctx).directory().term(self.entry.content.indicator)?;
        IndicatorDefinition::of(&indicator.code)
    }
}

impl GraphqlEntry for Figure {
    const NAME: &'static str = "Figure";
    type GraphqlObject = FigureObject;

    fn into_object(entry: Entry<Self>) -> FigureObject {
        FigureObject { common_fields: CommonFields::new(entry), computed: OnceCell::new() }
    }
}

/// A statistic as its source reports it. It is separate from the numbers that the register counts.
#[Object(name = "Figure")]
impl FigureObject {
    #[graphql(flatten)]
    async fn common_fields(&self) -> &CommonFields<Figure> {
        self
    }

    /// The indicator that is measured, a term of the vocabulary `INDICATOR`, for example
    /// `total_agreements`.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<TermObject, ApiError> {
        let found = TermObject::find(RequestContext::of(ctx), self.entry.content.indicator);
        found.ok_or_else(|| ApiError::missing("term"))
    }

    /// The number as stated in the source.
    async fn quantity(&self) -> Quantity {
        Quantity(self.entry.content.quantity.clone())
    }

    /// The basis of the number: a report, an estimate, a target or a count.
    async fn basis(&self) -> Basis {
        self.entry.content.basis.into()
    }

    /// Whether the figures of provinces can be added up to a national figure without counting
    /// anything twice.
    async fn is_additive(&self, ctx: &Context<'_>) -> bool {
        RequestContext::of(ctx)
            .directory()
            .term(self.entry.content.indicator)
            .is_some_and(|term| term.is_additive)
    }

    /// The administrative unit that the figure refers to. Null for the whole nation.
    async fn unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        self.find_origin_unit(ctx)
    }

    /// The organization that the figure refers to. Null if it refers to none.
    async fn organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        OrganizationObject::of_code(RequestContext::of(ctx), self.entry.content.organization.as_deref()?)
    }

    /// The country abroad that the figure refers to. Null if it refers to none.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.entry.content.country?)
    }

    /// Further restrictions of the figure apart from unit, organization and country, for example an
    /// economic sector.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn dimensions(&self) -> Vec<DimensionObject> {
        self.entry.content.dimensions.iter().cloned().map(DimensionObject::from).collect()
    }

    /// The period that the figure covers, for example `2025`. Null if not stated.
    async fn period(&self) -> Option<FuzzyDate> {
        self.entry.content.period.clone().map(FuzzyDate)
    }

    /// The date that the figure refers to, for example `2025-11`. Null if not stated.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.entry.content.as_of.clone().map(FuzzyDate)
    }

    /// The change from the same period before, in percent, as stated in the source: `"7.4"`. Null
    /// if not stated.
    async fn change_percent(&self) -> Option<Decimal> {
        self.entry.content.change_percent.map(Into::into)
    }

    /// The first of `sources`. Null if there is none.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        SourceObject::find(RequestContext::of(ctx), *self.entry.content.common.sources.first()?)
    }

    /// A quotation of at most twelve words from the source. Null if not recorded.
    #[graphql(directive = TextSize::apply(150))]
    async fn quote(&self) -> Option<&str> {
        self.entry.content.quote.as_deref()
    }

    /// The number that the register counts from its own entries for the same indicator, unit
    /// (including units merged into it by then), country, period and date. Null if the register
    /// does not count the indicator, or if the figure refers to an organization or has dimensions.
    /// `definition` describes the counting rule.
    #[graphql(directive = Weight::apply(5))]
    async fn computed(&self, ctx: &Context<'_>) -> Option<Result<Quantity, ApiError>> {
        self.compute(ctx).await.map(|computed| computed.cloned().map(Quantity)).transpose()
    }

    /// The stated number less the computed one. It is positive if the source reports more than the
    /// register contains, else negative or 0. For "more than 60" and "nearly 60" the number 60 is
    /// used. Null if one of the two is not a single number.
    #[graphql(directive = Weight::apply(5))]
    async fn gap(&self, ctx: &Context<'_>) -> Option<Result<Decimal, ApiError>> {
        let computed = self.compute(ctx).await;
        let gap = |computed| {
            indicator::reported_minus_computed(&self.entry.content.quantity, computed).map(Into::into)
        };
        computed.map(|computed| computed.and_then(gap)).transpose()
    }

    /// The rule by which the register counts this indicator. Null if it does not count it.
    #[graphql(directive = TextSize::apply(200))]
    async fn definition(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> Option<&'static str> {
        Some(self.definition_of(ctx)?.text(RequestContext::of(ctx).locale(locale)))
    }

    /// The fields of cooperation that the source names with the number, terms of the vocabulary
    /// `FIELD`, in its order. Empty where it names none.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        self.list_fields(ctx)
    }

    /// A remark of the editors of the register on the number. Null if there is none.
    #[graphql(directive = TextSize::apply(150))]
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }
}

/// A restriction of a figure to a part, for example one sector.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Dimension")]
pub(crate) struct DimensionObject {
    /// The name of the dimension, for example `sector`.
    #[graphql(directive = TextSize::apply(40))]
    name: String,
    /// The value of the dimension, for example `processing and manufacturing`.
    value: String,
}

impl From<FigureDimension> for DimensionObject {
    fn from(FigureDimension { name, value }: FigureDimension) -> Self {
        Self { name, value }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn figure_has_one_field_for_its_unit() {
        let sdl = crate::sdl();
        let (_, figure) = sdl.split_once("\ntype Figure ").unwrap();
        let (figure, _) = figure.split_once("\n}").unwrap();
        let of_a_unit = figure.lines().filter(|line| line.trim_end().ends_with(": AdminUnit"));
        assert_eq!(of_a_unit.map(str::trim).collect::<Vec<_>>(), ["unit: AdminUnit"]);
    }
}
