//! The filter of programmes.

use super::{FilterErrors, FilterInput, FilterReader, FilterView, ProgrammeFilter};
use async_graphql::Context;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::reference::Vocabulary;

impl FilterInput for ProgrammeFilter {
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, FilterErrors> {
        let mut reader = FilterReader::new(ctx, view);
        reader.add_search(self.search.as_ref())?;
        reader.add_term("kind", Vocabulary::ProgrammeKind, self.kind.as_ref(), Predicate::Term)?;
        reader.add_province(self.province.as_ref())?;
        reader.add_unit(self.unit.as_ref())?;
        reader.add_source(self.source.as_ref())?;
        reader.add_country("country", self.country.as_ref(), Predicate::AnyCountry)?;
        reader.add_locality(self.locality.as_ref())?;
        reader.add_direction(self.direction.as_ref())?;
        reader.add_publication(self.publication.as_ref())?;
        reader.into_filter()
    }
}
