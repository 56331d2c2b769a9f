//! Countries and territories.

use super::asking::{Asking, View};
use super::connection::Slice;
use super::enums::Locale;
use super::fault::Fault;
use super::global_id::GlobalId;
use super::locality::{LocalityConnection, sorted_by_name};
use super::scalar::CountryCode;
use async_graphql::{Context, ID, Object};
use caunoi_domain::change;
use caunoi_domain::entry::CountryId;
use caunoi_domain::place::Country;

/// A state or territory.
pub(crate) struct CountryObject {
    country: Country,
    view: View,
}

impl CountryObject {
    pub(crate) fn new(country: &Country, view: View) -> Self {
        Self { country: country.clone(), view }
    }

    pub(crate) fn find(asking: &Asking, id: CountryId, view: View) -> Option<Self> {
        asking.directory().country(id).map(|country| Self::new(country, view))
    }
}

/// A state or territory (quốc gia hoặc vùng lãnh thổ). Its name follows the ministry's list
/// first, then the standard list.
#[Object(name = "Country")]
impl CountryObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of(GlobalId::Country, self.country.id)
    }

    /// ISO 3166-1 alpha-2.
    async fn code(&self) -> CountryCode {
        CountryCode(self.country.iso2.clone())
    }

    /// ISO 3166-1 alpha-3.
    async fn alpha3(&self) -> &str {
        &self.country.iso3
    }

    /// Its name.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.country.name.in_locale(Asking::of(ctx).locale(locale))
    }

    /// What this state of it is told apart by; a change names the one that it read.
    async fn revision(&self) -> String {
        change::revision(&self.country)
    }

    /// The region of the world, by UN M49: `Asia`.
    async fn region(&self) -> &str {
        &self.country.region
    }

    /// The sub-region, by UN M49: `South-eastern Asia`.
    async fn subregion(&self) -> &str {
        &self.country.subregion
    }

    /// Its localities that are partners, by name.
    async fn localities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many rows, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<LocalityConnection, Fault> {
        let asking = Asking::of(ctx);
        let locale = asking.locale(None);
        let own = asking.directory().localities().iter().filter(|one| one.country == self.country.id);
        let rows = sorted_by_name(own, locale);
        let purpose = format!("localities of {} {locale:?}", self.country.iso2);
        LocalityConnection::new(ctx, &purpose, rows, Slice::forwards(first, after), self.view)
    }
}
