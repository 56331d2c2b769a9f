//! Mutations on localities abroad, for stewards.

use super::super::api_error::ApiError;
use super::super::enums::LocalityNameKind;
use super::super::global_id::GlobalId;
use super::super::locality::LocalityObject;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::context::MutationContext;
use super::draft_value::{IntoDraftValue, TextInput, fill, fill_text};
use super::payload::PayloadParts;
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::draft::{AliasDraft, LocalityDraft};
use caunoi_domain::id::Id;
use caunoi_domain::place::{GeoPoint, Locality};
use caunoi_register::{ReferenceOutcome, ReferenceTarget};

/// An alternative name of a locality.
#[derive(Debug, Clone, InputObject)]
struct AliasInput {
    /// The name as documents print it, at most 500 characters.
    name: String,
    /// The language of the name, an ISO 639 code, for example `vi`, `en` or `ko`.
    language: String,
    /// The kind of name.
    kind: LocalityNameKind,
}

impl IntoDraftValue for AliasInput {
    type DraftValue = AliasDraft;

    fn into_draft_value(self) -> AliasDraft {
        AliasDraft { name: self.name, language: self.language, kind: self.kind.into_draft_value() }
    }
}

/// A point on the Earth in WGS 84 coordinates, for example `{ latitude: 35.1, longitude: 129.04
/// }`.
#[derive(Debug, Clone, Copy, InputObject)]
struct GeoPointInput {
    /// The latitude in degrees north, -90 to 90.
    latitude: f64,
    /// The longitude in degrees east, -180 to 180.
    longitude: f64,
}

impl IntoDraftValue for GeoPointInput {
    type DraftValue = Option<GeoPoint>;

    fn into_draft_value(self) -> Option<GeoPoint> {
        Some(GeoPoint { latitude: self.latitude, longitude: self.longitude })
    }
}

/// The optional fields that `createLocality` and `updateLocality` share.
#[derive(Debug, Clone, InputObject)]
struct LocalityFields {
    /// The name in the local language, at most 500 characters.
    native_name: MaybeUndefined<String>,
    /// All other names that documents print for it, at most 50. In an update they replace the
    /// stored ones.
    aliases: MaybeUndefined<Vec<AliasInput>>,
    /// The administrative level, a code of the vocabulary `PARTNER_LEVEL`, for example
    /// `PREFECTURE`.
    level: MaybeUndefined<String>,
    /// A point inside the locality.
    location: MaybeUndefined<GeoPointInput>,
    /// The ISO 3166-2 code, if the locality has one, for example `KR-48`.
    iso_code: MaybeUndefined<String>,
    /// The Wikidata item, for example `Q41151`.
    wikidata_id: MaybeUndefined<String>,
    /// The date on which the locality ceased to exist; absent if it still exists.
    valid_to: MaybeUndefined<Edtf>,
    /// A note, at most 2,000 characters.
    note: MaybeUndefined<String>,
    /// The code of the source of this information.
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

/// The fields of a new locality abroad.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateLocalityInput {
    /// The permanent, readable key: the code of the country and the name, for example
    /// `kr-gyeongsangnam`; lower-case letters, digits and `-`, at most 100 characters.
    slug: String,
    /// The country of the locality; it cannot be changed later.
    country: CountryCode,
    /// The name in Vietnamese, English or both, at most 500 characters each. At least one language
    /// is required.
    name: TextInput,
    #[graphql(flatten)]
    details: LocalityFields,
}

/// The fields of a locality to change. An absent field keeps its value; null clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateLocalityInput {
    /// The ID of the locality.
    id: ID,
    /// The `revision` of the locality that the caller last read. If it was changed since, the
    /// mutation fails with `VERSION_CONFLICT`.
    expected_revision: String,
    /// The name in Vietnamese, English or both, at most 500 characters each. At least one language
    /// is required.
    name: MaybeUndefined<TextInput>,
    #[graphql(flatten)]
    details: LocalityFields,
}

/// The result of a mutation on a locality.
#[derive(SimpleObject)]
pub(crate) struct LocalityPayload {
    /// The locality after the write; null if nothing was written.
    locality: Option<LocalityObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

impl LocalityPayload {
    fn of(ctx: &Context<'_>, outcome: ReferenceOutcome<Locality>) -> Self {
        let PayloadParts { entry, errors, cursor, .. } =
            PayloadParts::from_reference_command(ctx, outcome, |locality| LocalityObject::new(&locality));
        Self { locality: entry, errors, cursor, query: Query::ROOT }
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateLocalityInput,
) -> Result<LocalityPayload, ApiError> {
    let CreateLocalityInput { slug, country, name, details } = input;
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let mut draft = LocalityDraft {
        slug,
        country: country.into_draft_value(),
        name: name.into_draft_value(),
        prior_errors: problems,
        ..LocalityDraft::default()
    };
    details.fill(&mut draft);
    let outcome = RequestContext::of(ctx).register().create_locality(command, &draft).await?;
    Ok(LocalityPayload::of(ctx, outcome))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateLocalityInput,
) -> Result<LocalityPayload, ApiError> {
    let UpdateLocalityInput { id, expected_revision, name, details } = input;
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let named = match GlobalId::decode(&id) {
        Some(GlobalId::Locality(id)) => Some(Id::new(id)),
        _ => None,
    };
    let read = ReferenceTarget { id: named, given: &id, revision: &expected_revision };
    let amend = |draft: &mut LocalityDraft| {
        fill_text(&mut draft.name, name);
        details.fill(draft);
        draft.prior_errors = problems;
    };
    let register = RequestContext::of(ctx).register();
    let outcome = register.update_locality(command, read, amend).await?;
    Ok(LocalityPayload::of(ctx, outcome))
}
