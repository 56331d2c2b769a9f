//! Writing localities abroad: the steward's.

use super::super::asking::{Asking, View};
use super::super::fault::Fault;
use super::super::global_id::GlobalId;
use super::super::locality::LocalityObject;
use super::super::query::Query;
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::beginning::Beginning;
use super::filling::{Drafted, TextInput, fill, fill_text};
use super::outcome::Outcome;
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::draft::{AliasDraft, LocalityDraft};
use caunoi_domain::id::Id;
use caunoi_domain::place::{GeoPoint, Locality};
use caunoi_register::{AsRead, Maintained};

/// Another name of a locality.
#[derive(Debug, Clone, InputObject)]
struct AliasInput {
    /// As documents print it.
    name: String,
    /// The language of the name, ISO 639: `vi`, `en`, `ko`.
    language: String,
    /// `SPELLING`, `TRANSLITERATION`, `NATIVE` or `FORMER_NAME`.
    kind: String,
}

impl Drafted for AliasInput {
    type Draft = AliasDraft;

    fn drafted(self) -> AliasDraft {
        AliasDraft { name: self.name, language: self.language, kind: self.kind }
    }
}

/// A point on the globe, WGS 84.
#[derive(Debug, Clone, Copy, InputObject)]
struct GeoPointInput {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
}

impl Drafted for GeoPointInput {
    type Draft = Option<GeoPoint>;

    fn drafted(self) -> Option<GeoPoint> {
        Some(GeoPoint { latitude: self.latitude, longitude: self.longitude })
    }
}

/// What creating and changing a locality share.
#[derive(Debug, Clone, InputObject)]
struct LocalityFields {
    /// Its name in the language of the place.
    native_name: MaybeUndefined<String>,
    /// Every other name that documents print for it, at most 50; they take the place of those there were.
    aliases: MaybeUndefined<Vec<AliasInput>>,
    /// Its level, a code of `PARTNER_LEVEL`.
    level: MaybeUndefined<String>,
    /// A point inside it.
    location: MaybeUndefined<GeoPointInput>,
    /// ISO 3166-2, where it has one.
    iso_code: MaybeUndefined<String>,
    /// Its item in Wikidata: `Q41151`.
    wikidata_id: MaybeUndefined<String>,
    /// When it ceased to be.
    valid_to: MaybeUndefined<Edtf>,
    /// A remark.
    note: MaybeUndefined<String>,
    /// Where it was read, the code of a source.
    source: MaybeUndefined<String>,
}

impl LocalityFields {
    fn fill(self, draft: &mut LocalityDraft) {
        fill(&mut draft.native_name, self.native_name);
        fill(&mut draft.aliases, self.aliases);
        fill(&mut draft.level, self.level);
        fill(&mut draft.location, self.location);
        fill(&mut draft.iso_3166_2, self.iso_code);
        fill(&mut draft.wikidata_id, self.wikidata_id);
        fill(&mut draft.valid_to, self.valid_to);
        fill(&mut draft.note, self.note);
        fill(&mut draft.source, self.source);
    }
}

/// A new locality abroad.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateLocalityInput {
    /// The human key that it keeps for good: the code of its country and its name, `kr-gyeongsangnam`.
    slug: String,
    /// Where it lies; that never changes.
    country: CountryCode,
    /// The name, in at least one language.
    name: TextInput,
    #[graphql(flatten)]
    details: LocalityFields,
}

/// Changes to a locality. What is absent stays; null takes it away.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateLocalityInput {
    /// Which locality.
    id: ID,
    /// The `revision` that the caller read.
    expected_revision: String,
    /// The name, in at least one language.
    name: MaybeUndefined<TextInput>,
    #[graphql(flatten)]
    details: LocalityFields,
}

/// A locality as it stands now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct LocalityPayload {
    /// The locality; null where nothing was written.
    locality: Option<LocalityObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

impl LocalityPayload {
    fn of(ctx: &Context<'_>, maintained: Maintained<Locality>) -> Self {
        let Outcome { entry, errors, cursor } =
            Outcome::noted(ctx, maintained, |locality| LocalityObject::new(&locality, View::NOW));
        Self { locality: entry, errors, cursor, query: Query }
    }
}

pub(super) async fn create(ctx: &Context<'_>, input: CreateLocalityInput) -> Result<LocalityPayload, Fault> {
    let CreateLocalityInput { slug, country, name, details } = input;
    let Beginning { asked, problems, .. } = Beginning::of(ctx, None)?;
    let mut draft = LocalityDraft {
        slug,
        country: country.drafted(),
        name: name.drafted(),
        noted: problems,
        ..LocalityDraft::default()
    };
    details.fill(&mut draft);
    let maintained = Asking::of(ctx).register().create_locality(asked, &draft).await?;
    Ok(LocalityPayload::of(ctx, maintained))
}

pub(super) async fn update(ctx: &Context<'_>, input: UpdateLocalityInput) -> Result<LocalityPayload, Fault> {
    let UpdateLocalityInput { id, expected_revision, name, details } = input;
    let Beginning { asked, problems, .. } = Beginning::of(ctx, None)?;
    let named = match GlobalId::decode(&id) {
        Some(GlobalId::Locality(id)) => Some(Id::new(id)),
        _ => None,
    };
    let read = AsRead { id: named, given: &id, revision: &expected_revision };
    let amend = |draft: &mut LocalityDraft| {
        fill_text(&mut draft.name, name);
        details.fill(draft);
        draft.noted = problems;
    };
    let register = Asking::of(ctx).register();
    let maintained = register.update_locality(asked, read, amend).await?;
    Ok(LocalityPayload::of(ctx, maintained))
}
