//! Reported figures.

use super::asking::{Asking, View};
use super::connection::Kind;
use super::country::CountryObject;
use super::entry;
use super::enums::{Basis, Locale};
use super::fault::Fault;
use super::organization::OrganizationObject;
use super::province::ProvinceObject;
use super::scalar::Decimal;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Quantity};
use async_graphql::{Context, ID, Object, SimpleObject};
use caunoi_domain::entry::Entry;
use caunoi_domain::figure::{Dimension, Figure};
use caunoi_domain::quantity;
use caunoi_domain::statistics::computed::{self, Definition};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// A reported statistic.
#[derive(Clone)]
pub(crate) struct FigureObject {
    pub(crate) entry: Arc<Entry<Figure>>,
    pub(crate) view: View,
    /// What the register counts of the same thing, once it was asked for.
    computed: Arc<OnceCell<Option<quantity::Quantity>>>,
}

impl FigureObject {
    async fn compute(&self, ctx: &Context<'_>) -> Result<Option<&quantity::Quantity>, Fault> {
        let make = || async {
            let asking = Asking::of(ctx);
            let figure = self.entry.content.clone();
            Ok::<_, Fault>(asking.sight().await?.computed(figure, asking.today()).await)
        };
        Ok(self.computed.get_or_try_init(make).await?.as_ref())
    }

    fn definition_of(&self, ctx: &Context<'_>) -> Option<&'static Definition> {
        let indicator = Asking::of(ctx).directory().term(self.entry.content.indicator)?;
        Definition::of(&indicator.code)
    }
}

impl Kind for Figure {
    const NAME: &'static str = "Figure";
    type Object = FigureObject;

    fn object(entry: Entry<Self>, view: View) -> FigureObject {
        FigureObject { entry: Arc::new(entry), view, computed: Arc::default() }
    }
}

/// A statistic as its source reports it, never mixed with what the register counts.
#[Object(name = "Figure")]
impl FigureObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        entry::id(&self.entry)
    }

    /// The printable code; it never changes.
    async fn code(&self) -> &str {
        &self.entry.stamp.code
    }

    /// The province that owns it today; null for the ministry's own.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        entry::province(ctx, &self.entry, self.view)
    }

    /// Where it was read.
    async fn sources(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        entry::sources(ctx, &self.entry)
    }

    /// What it measures, a term of `INDICATOR`.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<TermObject, Fault> {
        let found = TermObject::find(Asking::of(ctx), self.entry.content.indicator);
        found.ok_or_else(|| Fault::missing("term"))
    }

    /// The number as stated.
    async fn quantity(&self) -> Quantity {
        Quantity(self.entry.content.quantity.clone())
    }

    /// What stands behind it.
    async fn basis(&self) -> Basis {
        self.entry.content.basis.into()
    }

    /// Whether the numbers of provinces may be summed to the nation without counting twice.
    async fn is_additive(&self, ctx: &Context<'_>) -> bool {
        Asking::of(ctx).directory().term(self.entry.content.indicator).is_some_and(|term| term.is_additive)
    }

    /// The unit that it speaks of; null for the nation.
    async fn unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        entry::origin_unit(ctx, &self.entry, self.view)
    }

    /// The organization that it speaks of.
    async fn organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        OrganizationObject::of_code(Asking::of(ctx), self.entry.content.organization.as_deref()?, self.view)
    }

    /// The country that it speaks of.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(Asking::of(ctx), self.entry.content.country?, self.view)
    }

    /// What else it is narrowed to, beside unit, organization and country: a sector, a partner.
    async fn dimensions(&self) -> Vec<DimensionObject> {
        self.entry.content.dimensions.iter().cloned().map(DimensionObject::from).collect()
    }

    /// The period that it covers.
    async fn period(&self) -> Option<FuzzyDate> {
        self.entry.content.period.clone().map(FuzzyDate)
    }

    /// The date that it speaks of.
    async fn as_of(&self) -> Option<FuzzyDate> {
        self.entry.content.as_of.clone().map(FuzzyDate)
    }

    /// Its change against the same period before, in percent.
    async fn change_percent(&self) -> Option<Decimal> {
        self.entry.content.change_percent.map(Into::into)
    }

    /// Where it was read.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        SourceObject::find(Asking::of(ctx), *self.entry.content.common.sources.first()?)
    }

    /// At most twelve words of the source.
    async fn quote(&self) -> Option<&str> {
        self.entry.content.quote.as_deref()
    }

    /// What the register counts of the same thing from its entries: for the unit of the figure (what
    /// came from it and from what had become it), its country, period and day. Never mixed with the
    /// number as stated; null where entries cannot tell, and where a figure speaks of an
    /// organization or has dimensions. `definition` says how it is counted.
    async fn computed(&self, ctx: &Context<'_>) -> Option<Result<Quantity, Fault>> {
        self.compute(ctx).await.map(|computed| computed.cloned().map(Quantity)).transpose()
    }

    /// The number as stated less the computed one: positive where a source reports more than the
    /// register has, negative where it has more. Of "more than 60" it is the least gap, of "nearly
    /// 60" the greatest. Null where either is no single number.
    async fn gap(&self, ctx: &Context<'_>) -> Option<Result<Decimal, Fault>> {
        let computed = self.compute(ctx).await;
        let gap = |computed| computed::gap(&self.entry.content.quantity, computed).map(Into::into);
        computed.map(|computed| computed.and_then(gap)).transpose()
    }

    /// How the register counts this indicator; null where it does not.
    async fn definition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> Option<&'static str> {
        Some(self.definition_of(ctx)?.text(Asking::of(ctx).locale(locale)))
    }

    /// A remark of the register: how the number was made.
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }
}

/// One thing that a figure is narrowed to.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Dimension")]
pub(crate) struct DimensionObject {
    /// What is told apart: `sector`.
    name: String,
    /// The one that is meant: `processing and manufacturing`.
    value: String,
}

impl From<Dimension> for DimensionObject {
    fn from(Dimension { name, value }: Dimension) -> Self {
        Self { name, value }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_figure_names_its_unit_once() {
        let sdl = crate::sdl();
        let (_, figure) = sdl.split_once("\ntype Figure ").unwrap();
        let (figure, _) = figure.split_once("\n}").unwrap();
        let of_a_unit = figure.lines().filter(|line| line.trim_end().ends_with(": AdminUnit"));
        assert_eq!(of_a_unit.map(str::trim).collect::<Vec<_>>(), ["unit: AdminUnit"]);
    }
}
