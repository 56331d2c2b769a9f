//! The root fields of the register as a whole: search, statistics, proposals, changes.

use crate::schema::api_error::ApiError;
use crate::schema::change::{ChangePage, LatestChanges};
use crate::schema::connection::PageArgs;
use crate::schema::cost_directives::{PageSize, ShortList, Weight};
use crate::schema::enums::{Boundaries, ProposalState, RefusalReason, SearchType, SuggestionType};
use crate::schema::filter::ChangeFilter;
use crate::schema::proposal::ProposalConnection;
use crate::schema::refusal::{RefusalConditions, RefusalPage};
use crate::schema::request_context::{RequestContext, View};
use crate::schema::rule_violation::RuleViolationPage;
use crate::schema::scalar::{CountryCode, Cursor, DateTime, KnownAt, LocalDate};
use crate::schema::search::{self, MOST_SUGGESTIONS, SearchConditions, SearchConnection, SearchSuggestion};
use crate::schema::statistics::Statistics;
use crate::schema::suspected_double::SuspectedDoublePage;
use crate::schema::tombstone::TombstoneObject;
use async_graphql::{Context, Object};
use caunoi_domain::proposal;
use caunoi_domain::validation::{InvalidReason, PageArgument, Reason};

/// The root fields of the register as a whole.
pub(crate) struct RegisterQueries;

#[Object]
impl RegisterQueries {
    /// The units, countries, localities, terms and entries that match a search text, the best match
    /// first. Each word of the search matches a word of a name, title, number, person or other text,
    /// or of the unit, partner, country, field or kind in either language: as a whole, as its
    /// beginning, or, if few hits match so, with one slip of the keyboard. Diacritics, case, joined
    /// and split words, and words for the kind of a place (`tỉnh`, `city`, `-do`) are no obstacle.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = Weight::apply(100), directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The search text, at most 200 characters, for example `dong nai`.")] query: String,
        #[graphql(
            desc = "Returns only hits of these types, for example `AGREEMENT`. The default is every type."
        )]
        types: Option<Vec<SearchType>>,
        #[graphql(
            desc = "Returns only units and entries of this province, by slug or name, for example `DONG_NAI`. An unknown one is an error."
        )]
        province: Option<String>,
        #[graphql(
            desc = "Returns only this country, its localities and the entries that concern them, for example `KR`. An unknown code is an error."
        )]
        country: Option<CountryCode>,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
    ) -> Result<SearchConnection, ApiError> {
        let conditions = SearchConditions { types, province, country };
        SearchConnection::search(ctx, &query, conditions, PageArgs { first, after, last, before }).await
    }

    /// The names of units, countries, localities, terms, organizations and instruments that a text
    /// begins, for a field in which a user types. Names that match equally well follow the alphabet
    /// of the language of the request.
    #[graphql(directive = Weight::apply(5), directive = ShortList::apply(MOST_SUGGESTIONS, "first"))]
    async fn suggest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text typed so far, at most 200 characters, for example `gyeo`.")]
        prefix: String,
        #[graphql(
            desc = "Suggests only names of these types, for example `LOCALITY`. The default is every type."
        )]
        types: Option<Vec<SuggestionType>>,
        #[graphql(desc = "The number of names to return, 1 to 10. The default is 10.", default = 10)]
        first: i32,
    ) -> Result<Vec<SearchSuggestion>, ApiError> {
        let size = u16::try_from(first).ok().filter(|size| (1..=MOST_SUGGESTIONS).contains(size));
        let size = size.ok_or_else(|| {
            let argument = PageArgument::First;
            let wrong = InvalidReason::PageSize { argument, most: MOST_SUGGESTIONS, given: first };
            ApiError::from(Reason::from(wrong))
        })?;
        search::suggest(ctx, &prefix, types, size)
    }

    /// What remains of the entry with this code, if it was published and then withdrawn or merged into
    /// another one: code, owner, time, reason and that other entry. Null if it was not.
    async fn tombstone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The printable code, for example `AGR-DONG_NAI-0045`.")] code: String,
    ) -> Result<Option<TombstoneObject>, ApiError> {
        let found = RequestContext::of(ctx).reader.find_tombstone_by_code(&code).await?;
        Ok(found.map(TombstoneObject))
    }

    /// National statistics for a day, under the boundaries of that day or of today. With `knownAt`,
    /// as the register had recorded the world by then.
    async fn statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
        #[graphql(
            desc = "The boundaries that decide under which unit an entry counts. The default is `TODAY`."
        )]
        boundaries: Option<Boundaries>,
        #[graphql(
            desc = "Counts only what the public register had recorded by then: a `cursor` that the API returned, or an instant such as `2026-01-15T00:00:00Z`. Drafts never count, whoever asks. With the same cursor, `asOf` and `countingRules`, the numbers are the same on every server, after years, and after a restore that kept what the cursor names. It applies to the numbers: objects below them, such as provinces, answer from the present. The server reads every public change up to then once, which `@cost` charges. The default is everything recorded until now."
        )]
        known_at: Option<KnownAt>,
    ) -> Result<Statistics, ApiError> {
        Statistics::read(ctx, View::NOW.narrow(as_of, boundaries)?, known_at).await
    }

    /// The proposals of provinces for new localities, the oldest first. A province sees its own,
    /// the ministry sees all, other callers see none.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn locality_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The state of the proposals to return.",
            default_with = "proposal::ProposalState::Open.into()"
        )]
        state: ProposalState,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
    ) -> Result<ProposalConnection, ApiError> {
        ProposalConnection::read(ctx, state, PageArgs { first, after, last, before }).await
    }

    /// The requests that the server refused, counted by hour, caller and reason, the newest hour first:
    /// invalid tokens, missing rights, limits, blocked networks. Requires the role `ANALYST` or
    /// `STEWARD`. Requests that another server of the register refused appear within seconds.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn refusals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "A `cursor` of this list: it continues from there. The default is the start.")]
        after: Option<String>,
        #[graphql(desc = "Returns only refusals for this reason, for example `INVALID_TOKEN`.")]
        reason: Option<RefusalReason>,
        #[graphql(
            desc = "Returns only the hours that end after this time, for example `2026-11-30T08:00:00Z`. The default is everything that is kept."
        )]
        since: Option<DateTime>,
    ) -> Result<RefusalPage, ApiError> {
        RefusalPage::read(ctx, first, after, RefusalConditions { reason, since }).await
    }

    /// The published entries that break rules of published entries: shipped ones, and those
    /// published before the rules. A province sees its own, the ministry sees all, other callers see
    /// none. Each request checks at most 2,000 entries; continue after `cursor` while `hasMore` is true.
    #[graphql(directive = Weight::apply(100), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn rule_violations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "A `cursor` of this check: it continues from there. The default is the start.")]
        after: Option<String>,
    ) -> Result<RuleViolationPage, ApiError> {
        RuleViolationPage::read(ctx, first, after).await
    }

    /// The pairs of published agreements or events of different provinces that may record the same
    /// document or event: with a partner, overlapping dates, and a title or the day and form in common.
    /// The ministry sees all, other callers see none. Each request compares at most 1,000 pairs; continue
    /// after `cursor` while `hasMore` is true.
    #[graphql(directive = Weight::apply(100), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn suspected_doubles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(
            desc = "A `cursor` of this comparison: it continues from there. The default is the start."
        )]
        after: Option<String>,
    ) -> Result<SuspectedDoublePage, ApiError> {
        SuspectedDoublePage::read(ctx, first, after).await
    }

    /// The changes after a cursor that are visible to the caller. The changes of each province are
    /// in the order of their positions; provinces follow one another and are not merged by time.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["messages", "nodes"]))]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The cursor of a change: the result begins after it. The default is the first change."
        )]
        after: Option<Cursor>,
        #[graphql(desc = "The conditions that the changes must meet. The default is no condition.")]
        filter: Option<ChangeFilter>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
    ) -> Result<ChangePage, ApiError> {
        ChangePage::read(ctx, after, filter, first).await
    }

    /// The newest changes of all provinces and the ministry by time, the newest first. Only the
    /// last 2,000 positions of each log are read; with a filter by country, locality or field, only
    /// the newest 2,000 changes among them.
    #[graphql(directive = Weight::apply(20), directive = PageSize::apply(&["first"], &["nodes"]))]
    async fn latest_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conditions that the changes must meet. The default is no condition.")]
        filter: Option<ChangeFilter>,
        #[graphql(desc = "The number of rows to return, 1 to 100. The default is 20.")] first: Option<i32>,
    ) -> Result<LatestChanges, ApiError> {
        LatestChanges::read(ctx, filter, first).await
    }
}
