//! Writing agreements.

mod parts;

use parts::{ActInput, FileInput, PartyInput, SignatoryInput};

use super::super::agreement::AgreementObject;
use super::super::asking::{Asking, View};
use super::super::connection::Kind as _;
use super::super::enums::{AgreementLevel, EntryIntoForce, Pillar};
use super::super::fault::Fault;
use super::super::query::Query;
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::beginning::{Beginning, target};
use super::filling::{CommonFields, Drafted, TextInput, fill, fill_text};
use super::outcome::{Outcome, Paths, usual_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::draft::{AgreementDraft, CommonDraft};
use caunoi_domain::policy::Action;
use caunoi_domain::relation::Relation;
use caunoi_register::{Acted, Objection};

/// What creating and changing an agreement share.
#[derive(Debug, Clone, InputObject)]
struct AgreementFields {
    /// What law or plan it rests on (căn cứ pháp lý).
    legal_basis: MaybeUndefined<String>,
    /// The languages that it is written in, ISO 639: `vi`, `en`, `ja`.
    languages: MaybeUndefined<Vec<String>>,
    /// Its files, at most 50: what they are, not their bytes.
    files: MaybeUndefined<Vec<FileInput>>,
    /// The slug of the partner, where a locality is the partner.
    partner: MaybeUndefined<String>,
    /// The code or the printed name of the partner, where a body is the partner.
    partner_organization: MaybeUndefined<String>,
    /// Who signed for the partner.
    partner_signatory: MaybeUndefined<String>,
    /// Parties beside the province and the partner, at most 50.
    parties: MaybeUndefined<Vec<PartyInput>>,
    /// The partner’s country; that of a locality is known.
    country: MaybeUndefined<CountryCode>,
    /// Where it was signed (nơi ký).
    signed_at: MaybeUndefined<String>,
    /// Who signed for the own side (người ký), at most 50.
    signed_by: MaybeUndefined<Vec<SignatoryInput>>,
    /// How it takes effect (hình thức có hiệu lực).
    entry_into_force: MaybeUndefined<EntryIntoForce>,
    /// The last day of its term (thời hạn hiệu lực).
    expires: MaybeUndefined<Edtf>,
    /// Whether it renews itself at the end of its term (tự động gia hạn).
    renews_automatically: MaybeUndefined<bool>,
    /// How many days before the end of its term notice must be given (thời hạn thông báo).
    notice_days: MaybeUndefined<i32>,
    /// Which edition it is in a chain of renewals.
    edition_no: MaybeUndefined<i32>,
    /// The agreement that it renews, by its id.
    renews: MaybeUndefined<ID>,
    /// The agreement that it is a subsidiary document of (văn bản chính), by its id.
    parent: MaybeUndefined<ID>,
    /// The relation that it serves, by its id; absent means that with its partner.
    relation: MaybeUndefined<ID>,
}

impl AgreementFields {
    async fn look_up(&mut self, beginning: &mut Beginning<'_>) -> Result<(), Fault> {
        beginning.look_up::<Agreement>(&["renews"], &mut self.renews).await?;
        beginning.look_up::<Agreement>(&["parent"], &mut self.parent).await?;
        beginning.look_up::<Relation>(&["relation"], &mut self.relation).await
    }

    fn fill(self, draft: &mut AgreementDraft) {
        fill(&mut draft.legal_basis, self.legal_basis);
        fill(&mut draft.languages, self.languages);
        fill(&mut draft.files, self.files);
        fill(&mut draft.partner, self.partner);
        fill(&mut draft.partner_body, self.partner_organization);
        fill(&mut draft.partner_signatory, self.partner_signatory);
        fill(&mut draft.parties, self.parties);
        fill(&mut draft.country, self.country);
        fill(&mut draft.signed_at, self.signed_at);
        fill(&mut draft.signed_by, self.signed_by);
        fill(&mut draft.entry_into_force, self.entry_into_force);
        fill(&mut draft.expires, self.expires);
        fill(&mut draft.renews_automatically, self.renews_automatically);
        fill(&mut draft.notice_days, self.notice_days);
        fill(&mut draft.edition_no, self.edition_no);
        fill(&mut draft.renews, self.renews);
        fill(&mut draft.parent, self.parent);
        fill(&mut draft.relation, self.relation);
    }
}

/// A new agreement.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateAgreementInput {
    /// The slug of the province, or of a unit that became part of it.
    province: String,
    /// The title, in at least one language.
    title: TextInput,
    /// Its form, a code of `AGREEMENT_FORM`.
    form: String,
    /// The pillar of diplomacy.
    pillar: Pillar,
    /// Its level (cấp ký kết). A district signs nothing since 2025-07-01.
    #[graphql(default_with = "AgreementLevel::Province")]
    level: AgreementLevel,
    /// What happened to it, at most 100 acts: its signing at least, where it was signed.
    acts: Vec<ActInput>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: AgreementFields,
    /// Whether it is wanted even where other entries look like it.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// Changes to an agreement. What is absent stays; null takes it away. Acts are recorded by
/// `recordAct`.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateAgreementInput {
    /// Which agreement.
    id: ID,
    /// The version that the caller read.
    expected_version: i32,
    /// The title, in at least one language.
    title: MaybeUndefined<TextInput>,
    /// Its form, a code of `AGREEMENT_FORM`.
    form: MaybeUndefined<String>,
    /// The pillar of diplomacy.
    pillar: MaybeUndefined<Pillar>,
    /// Its level (cấp ký kết). A district signs nothing since 2025-07-01.
    level: MaybeUndefined<AgreementLevel>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: AgreementFields,
}

/// One more act of an agreement.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RecordActInput {
    /// Which agreement.
    id: ID,
    /// The version that the caller read.
    expected_version: i32,
    /// What happened.
    act: ActInput,
}

/// An agreement as its author sees it now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct AgreementPayload {
    /// The agreement; null where nothing was written.
    agreement: Option<AgreementObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

impl AgreementPayload {
    fn of(ctx: &Context<'_>, acted: Acted<Agreement>, paths: Paths) -> Self {
        let Outcome { entry, errors, cursor } =
            Outcome::of(ctx, acted, paths, |entry| Agreement::object(entry, View::NOW));
        Self { agreement: entry, errors, cursor, query: Query }
    }
}

/// Of the acts that stand, an update can only have changed the level.
fn update_paths(path: Vec<String>) -> Vec<String> {
    if path[0] == "acts" { vec!["level".to_owned()] } else { usual_paths(path) }
}

/// The last act of the draft is the one of the input; that a district may not sign it is told of
/// its day, because the input has no level.
fn act_paths(mut path: Vec<String>) -> Vec<String> {
    match path[0].as_str() {
        "acts" => {
            let below = path.split_off(path.len().min(2));
            [vec!["act".to_owned()], below].concat()
        }
        "level" => vec!["act".to_owned(), "on".to_owned()],
        _ => usual_paths(path),
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateAgreementInput,
) -> Result<AgreementPayload, Fault> {
    let mut beginning = Beginning::of(ctx, None)?;
    let mut details = input.details;
    details.look_up(&mut beginning).await?;
    let pillar = input.pillar.drafted();
    let mut draft = AgreementDraft {
        common: CommonDraft { unit: input.province, pillar, ..CommonDraft::default() },
        title: input.title.drafted(),
        form: input.form,
        level: input.level.drafted(),
        acts: input.acts.drafted(),
        ..AgreementDraft::default()
    };
    details.fill(&mut draft);
    input.common.fill(&mut draft.common, beginning.problems);
    let acted = Asking::of(ctx).register().create(beginning.asked, &draft, input.allow_duplicate).await?;
    Ok(AgreementPayload::of(ctx, acted, usual_paths))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateAgreementInput,
) -> Result<AgreementPayload, Fault> {
    let UpdateAgreementInput { id, expected_version, title, form, pillar, level, common, mut details } =
        input;
    let target = target::<Agreement>(&id, expected_version);
    let mut beginning = Beginning::of(ctx, target)?;
    details.look_up(&mut beginning).await?;
    let Beginning { asked, problems, .. } = beginning;
    let amend = |draft: &mut AgreementDraft| {
        fill_text(&mut draft.title, title);
        fill(&mut draft.form, form);
        fill(&mut draft.common.pillar, pillar);
        fill(&mut draft.level, level);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let acted = match target {
        Some(target) => Asking::of(ctx).register().revise(asked, target, Action::Update, amend).await?,
        None => Err(Objection::NotFound),
    };
    Ok(AgreementPayload::of(ctx, acted, update_paths))
}

pub(super) async fn record_act(ctx: &Context<'_>, input: RecordActInput) -> Result<AgreementPayload, Fault> {
    let target = target::<Agreement>(&input.id, input.expected_version);
    let Beginning { asked, problems, .. } = Beginning::of(ctx, target)?;
    let amend = |draft: &mut AgreementDraft| {
        draft.acts.push(input.act.drafted());
        draft.common.noted = problems;
    };
    let acted = match target {
        Some(target) => Asking::of(ctx).register().revise(asked, target, Action::RecordAct, amend).await?,
        None => Err(Objection::NotFound),
    };
    Ok(AgreementPayload::of(ctx, acted, act_paths))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn problems_of_a_recorded_act_are_told_of_the_act() {
        for (draft, input) in [
            ("acts.3.on", "act.on"),
            ("acts.3.note.vi", "act.note.vi"),
            ("acts", "act"),
            ("level", "act.on"),
            ("key", "key"),
        ] {
            assert_eq!(act_paths(path(draft)), path(input));
        }
    }

    #[test]
    fn problems_of_acts_that_stand_are_told_of_the_level() {
        for (draft, input) in [("acts.0.on", "level"), ("unit", "province"), ("title.en", "title.en")] {
            assert_eq!(update_paths(path(draft)), path(input));
        }
    }
}
