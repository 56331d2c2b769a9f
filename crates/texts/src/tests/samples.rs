//! One sample of each variant. The length of each array is the number of variants, so that a new
//! variant does not compile without its sample.

use crate::api::{ApiTextKind, EntryList, KeyUse};
use crate::display_title::{TitleText, TitleTextKind};
use crate::feed::{EntryNoun, FeedTextKind};
use crate::file::FileTextKind;
use crate::http::HttpTextKind;
use crate::mutation::MutationTextKind;
use crate::operator::OperatorTextKind;
use crate::{ApiText, FeedText, FileText, HttpText, MutationText, OperatorText};
use caunoi_domain::entry::Publication;
use caunoi_domain::policy::{Action, RequiredRole};
use caunoi_domain::relation::RelationTier;
use caunoi_domain::validation::{
    Format, InvalidKind, InvalidReason, PageArgument, Reason, ReasonKind, ReferenceKind, RuleKind,
    RuleReason, UrlKind, UrlReason, WordList,
};
use rust_decimal::Decimal;
use std::sync::LazyLock;
use strum::VariantArray;

pub(super) static REASON: LazyLock<[Reason; ReasonKind::VARIANTS.len()]> = LazyLock::new(|| {
    [
        Reason::Required,
        Reason::TooLong { most: 3, given: 3 },
        Reason::TooMany { most: 3, given: 3 },
        Reason::Unknown {
            reference: ReferenceKind::Unit,
            given: text("x"),
            candidates: vec![text("a"), text("b")],
        },
        Reason::Taken { given: text("x") },
        Reason::Outdated,
        Reason::Transition { from: Publication::Draft, action: Action::Create },
        Reason::SecretMatter,
        Reason::Invalid(InvalidReason::ControlCharacters),
        Reason::UrlRefused(UrlReason::NotAUrl),
        Reason::RuleBroken(RuleReason::NoSignAct),
    ]
});

pub(super) static INVALID_REASON: LazyLock<[InvalidReason; InvalidKind::VARIANTS.len()]> =
    LazyLock::new(|| {
        [
            InvalidReason::UnknownWord {
                list: WordList::Pillar,
                given: text("x"),
                permitted: vec!["A", "B"],
            },
            InvalidReason::Malformed { format: Format::Day, given: text("x") },
            InvalidReason::NotAWholeNumber { least: 6, most: 6, given: text("x") },
            InvalidReason::OutOfRange { least: 6, most: 6, given: 6 },
            InvalidReason::ControlCharacters,
            InvalidReason::NoSuchYear { given: 5 },
            InvalidReason::NoSuchMonth { given: text("x") },
            InvalidReason::NoSuchDay { given: text("x") },
            InvalidReason::DateForm { given: text("x"), accepted: text("x") },
            InvalidReason::AmbiguousDate { given: text("x"), accepted: text("x"), other: text("x") },
            InvalidReason::YearOutOfRange,
            InvalidReason::IntervalReversed { given: text("x") },
            InvalidReason::IntervalUnbounded,
            InvalidReason::PeriodReversed { first: text("x"), last: text("x") },
            InvalidReason::PeriodNotConfirmable,
            InvalidReason::PeriodNotBegun { period: text("x") },
            InvalidReason::NothingBefore,
            InvalidReason::ValueNotAllowed { qualifier: "RANGE", value: Decimal::TEN },
            InvalidReason::BoundsUnfit {
                qualifier: "RANGE",
                lower: Some(Decimal::ONE),
                upper: Some(Decimal::ONE),
            },
            InvalidReason::BoundsReversed { lower: Decimal::TEN, upper: Decimal::TEN },
            InvalidReason::ValueBelowBound { value: Decimal::TEN, lower: Decimal::TEN },
            InvalidReason::ValueAboveBound { value: Decimal::TEN, upper: Decimal::TEN },
            InvalidReason::TooManyDigits { whole: 5, places: 5 },
            InvalidReason::HoursOutsideDate { days: text("x"), zone: text("x"), date: text("x") },
            InvalidReason::EndBeforeStart,
            InvalidReason::LocalityAndOrganization,
            InvalidReason::PartyTwice { given: text("x") },
            InvalidReason::NoNewTerm,
            InvalidReason::TermBeforeAct,
            InvalidReason::ActInFuture { number: 2, act: "SIGN", on: text("x"), today: text("x") },
            InvalidReason::ActBeforeSigning { number: 2, act: "AMEND", on: text("x"), signed: text("x") },
            InvalidReason::SignedAlready { number: 2, on: text("x"), signed: text("x") },
            InvalidReason::ActBeforeEntryIntoForce { number: 2, act: "EXTEND", on: text("x") },
            InvalidReason::ActRepeated {
                number: 2,
                act: "SUSPEND",
                on: text("x"),
                status: "SUSPENDED",
                since: text("x"),
            },
            InvalidReason::NotSuspended { number: 2, act: "RESUME", on: text("x") },
            InvalidReason::ActAfterExpiry { number: 2, act: "AMEND", on: text("x"), since: text("x") },
            InvalidReason::ActAfterEnd {
                number: 2,
                act: "EXTEND",
                on: text("x"),
                status: "TERMINATED",
                since: text("x"),
            },
            InvalidReason::TermBeforeSigning { expires: text("x"), signed: text("x") },
            InvalidReason::UnitEnded {
                number: 2,
                act: "AMEND",
                on: text("x"),
                unit: text("x"),
                ended: text("x"),
            },
            InvalidReason::NoDistricts { act: "SIGN", on: text("x"), since: text("x") },
            InvalidReason::UnitsNotKnown { given: text("x"), since: text("x") },
            InvalidReason::StageContradicted { last: "COMMITTEE" },
            InvalidReason::StagesOnOneDay,
            InvalidReason::StageStartOpen,
            InvalidReason::NotOnGlobe { latitude: text("x"), longitude: text("x") },
            InvalidReason::UnitsWithoutIndicator,
            InvalidReason::SourceNotFindable,
            InvalidReason::SourceKnown { code: text("x") },
            InvalidReason::SourceInFuture { day: text("x") },
            InvalidReason::SumWithoutIndicator,
            InvalidReason::ProvinceAndOrganization,
            InvalidReason::ParticipantTwice { given: text("x") },
            InvalidReason::OwnEntry,
            InvalidReason::ProvinceChanged,
            InvalidReason::ProposalSettled,
            InvalidReason::LocalityAndReason,
            InvalidReason::ForeignPageCursor,
            InvalidReason::ForeignCursor,
            InvalidReason::CursorLost,
            InvalidReason::NotRecordedYet,
            InvalidReason::PageDirections,
            InvalidReason::PageSize { argument: PageArgument::First, most: 8, given: 7 },
            InvalidReason::TooManyGroups { count: 3, most: 3 },
            InvalidReason::ActorName,
            InvalidReason::RoleWithoutProvince { role: "CLERK" },
            InvalidReason::RoleWithProvince { role: "CLERK" },
            InvalidReason::KeyLength { most: 3 },
            InvalidReason::KeyNotTaken,
            InvalidReason::NotOneSubscription,
            InvalidReason::AfterNotTaken,
            InvalidReason::NoFilterVariable,
            InvalidReason::DocumentFailed { error: text("x") },
            InvalidReason::TooManyWebhooks { most: 3 },
            InvalidReason::TooManyDeliveries { most: 4 },
            InvalidReason::ContainsChanges { author: text("x") },
            InvalidReason::SampleMissing,
            InvalidReason::GeneratedInvalid { code: text("x"), path: text("x") },
        ]
    });

pub(super) static RULE_REASON: LazyLock<[RuleReason; RuleKind::VARIANTS.len()]> = LazyLock::new(|| {
    [
        RuleReason::NoForeignParty,
        RuleReason::NoForm,
        RuleReason::NoSignAct,
        RuleReason::NoEventDay,
        RuleReason::NoEventPlace,
        RuleReason::LocalityInVietnam { given: text("x") },
        RuleReason::NotACount { number: Decimal::TEN },
        RuleReason::OtherUnit { given: text("x"), permitted: vec![text("a"), text("b")] },
        RuleReason::NoCurrency,
        RuleReason::CurrencyOfCount { given: text("x") },
    ]
});

pub(super) static TITLE_TEXT: LazyLock<[TitleText; TitleTextKind::VARIANTS.len()]> = LazyLock::new(|| {
    let (subject, owner, partners) = (text("x"), text("y"), vec![text("z")]);
    [
        TitleText::Relation { tier: RelationTier::Sister, owner: owner.clone(), partners: partners.clone() },
        TitleText::Agreement { subject: subject.clone(), owner: owner.clone(), partners: partners.clone() },
        TitleText::Activity { subject: subject.clone(), owner: owner.clone(), partners: partners.clone() },
        TitleText::Organization { subject, owner, partners },
    ]
});

pub(super) static URL_REASON: LazyLock<[UrlReason; UrlKind::VARIANTS.len()]> = LazyLock::new(|| {
    [
        UrlReason::UrlTooLong { most: 3 },
        UrlReason::NotAUrl,
        UrlReason::UrlNotHttps,
        UrlReason::UrlWithCredentials,
        UrlReason::UrlPort,
        UrlReason::UrlNotPublic,
        UrlReason::UrlHostUnknown,
    ]
});

pub(super) static MUTATION_TEXT: LazyLock<[MutationText; MutationTextKind::VARIANTS.len()]> =
    LazyLock::new(|| {
        [
            MutationText::NotFound,
            MutationText::OtherInput,
            MutationText::Stale { version: 7 },
            MutationText::Alike { count: 3 },
        ]
    });

pub(super) static API_TEXT: LazyLock<[ApiText; ApiTextKind::VARIANTS.len()]> = LazyLock::new(|| {
    [
        ApiText::Unauthenticated,
        ApiText::Forbidden { required: RequiredRole::Steward },
        ApiText::RegisterFailed,
        ApiText::Internal,
        ApiText::Unreadable,
        ApiText::TooManyWrites,
        ApiText::SubscriptionEnded,
        ApiText::AfterForeign,
        ApiText::AfterOldEpoch,
        ApiText::AfterNotReached,
        ApiText::Timeout,
        ApiText::WriteTimeout,
        ApiText::CostExceeded { cost: 4, limit: 4 },
        ApiText::PagesTooLarge { cost: 4, limit: 4, first: 4 },
        ApiText::TooComplex,
        ApiText::DeepIntrospection,
        ApiText::ResponseTooLarge { limit: 3 },
        ApiText::TooManySubscriptions { limit: 3 },
        ApiText::SubscriptionsCost { requested: 4, limit: 4 },
        ApiText::OpenTransport,
        ApiText::OtherTransport,
        ApiText::DocumentUnknown,
        ApiText::DocumentHashDiffers,
        ApiText::DocumentNotTrusted,
        ApiText::PersistedQueryNotSupported,
        ApiText::OneField,
        ApiText::SeveralOperations,
        ApiText::NoOperation,
        ApiText::IdempotentPlace,
        ApiText::OneResponseName,
        ApiText::TooManyValues { most: 3 },
        ApiText::VariablesNotObject,
        ApiText::VariableMissing { name: text("x") },
        ApiText::VariableNull { name: text("x"), place: text("x") },
        ApiText::ValueMissing { path: text("x") },
        ApiText::ValueNotInt { path: text("x"), least: 7, most: 7 },
        ApiText::ValueNotOfType { path: text("x"), r#type: text("x") },
        ApiText::ValueNotInEnum {
            path: text("x"),
            r#type: text("x"),
            given: text("x"),
            candidates: vec![text("a"), text("b")],
        },
        ApiText::FieldUnknown { path: text("x"), r#type: text("x") },
        ApiText::VariableWithoutValue,
        ApiText::InputNotJson,
        ApiText::FilterListTooLong { most: 3 },
        ApiText::GroupKeys,
        ApiText::NotKnownThen,
        ApiText::SearchNotKnownThen,
        ApiText::KeyNotOffered { entries: EntryList::Event, key: text("x"), r#use: KeyUse::Sum },
        ApiText::TooManyIds { most: 3 },
    ]
});

pub(super) static HTTP_TEXT: LazyLock<[HttpText; HttpTextKind::VARIANTS.len()]> = LazyLock::new(|| {
    [
        HttpText::TokenNotBearer,
        HttpText::TokenExpired,
        HttpText::TokenEarly,
        HttpText::TokenForeign,
        HttpText::TokenRequired,
        HttpText::Unavailable,
        HttpText::UploadHeader,
        HttpText::UploadForbidden,
        HttpText::UploadName { most: 3 },
        HttpText::UploadType,
        HttpText::Internal,
        HttpText::NotFound,
        HttpText::MethodNotAllowed,
        HttpText::NotAcceptable,
        HttpText::BodyTooLarge,
        HttpText::BodyIncomplete,
        HttpText::BodySlow,
        HttpText::BodyCompressed,
        HttpText::BodyNotJson,
        HttpText::BodyNotObject,
        HttpText::NoBatches,
        HttpText::TooManyConnections,
        HttpText::TooManyUnread,
        HttpText::AddressTooLong,
        HttpText::HeadersTooLarge,
        HttpText::NotAHandshake,
        HttpText::SubProtocol,
        HttpText::OriginNotAllowed,
        HttpText::UriInvalid,
        HttpText::ParameterTwice,
        HttpText::ParametersNotJson,
        HttpText::QueryNotText,
        HttpText::DocumentIdNotText,
        HttpText::PersistedQueryInvalid,
        HttpText::OperationNameNotText,
        HttpText::ParametersNotObjects,
        HttpText::FeedValueEmpty { name: text("x") },
        HttpText::FeedParameterTwice { name: text("x") },
        HttpText::FeedLocale,
        HttpText::FeedSize,
        HttpText::FeedParameterUnknown { name: text("x"), known: text("x") },
    ]
});

pub(super) static FEED_TEXT: LazyLock<[FeedText; FeedTextKind::VARIANTS.len()]> = LazyLock::new(|| {
    [
        FeedText::Title,
        FeedText::Ministry,
        FeedText::Gap,
        FeedText::Entered { entry: EntryNoun::Event },
        FeedText::Stayed { entry: EntryNoun::Event },
        FeedText::Left { entry: EntryNoun::Event },
    ]
});

pub(super) static FILE_TEXT: LazyLock<[FileText; FileTextKind::VARIANTS.len()]> = LazyLock::new(|| {
    [
        FileText::Empty,
        FileText::UnknownColumn,
        FileText::DuplicateColumn,
        FileText::MissingColumn,
        FileText::FieldCount { expected: 3, found: 3 },
        FileText::NotUtf8,
        FileText::NotCsv { error: text("x") },
        FileText::SourceDiffers { original: text("x") },
        FileText::LineageDiffers { expected: text("x") },
        FileText::PrecisionDiffers { column: text("x"), precision: text("x") },
        FileText::UnitDiffers { term: text("x"), units: vec![text("a"), text("b")] },
        FileText::CountryDiffers { locality: text("x"), country: text("x") },
        FileText::StatedTwice { other: text("x") },
        FileText::RangeRequired,
        FileText::NothingPrecedes,
        FileText::PresentHasNoEnd,
        FileText::KindDayRequired,
        FileText::CodeDiffers { slug: text("x"), code: text("x") },
        FileText::SlugKept,
        FileText::NoLetter,
        FileText::Flaws { count: 3 },
        FileText::MoreFlaws { count: 3 },
    ]
});

pub(super) static OPERATOR_TEXT: LazyLock<[OperatorText; OperatorTextKind::VARIANTS.len()]> =
    LazyLock::new(|| {
        [
            OperatorText::CannotListen { address: text("x"), why: Box::new(OperatorText::AddressInUse) },
            OperatorText::AddressInUse,
            OperatorText::AddressNotLocal,
            OperatorText::ListenFailed { error: text("x") },
            OperatorText::FolderUnusable { path: text("x"), error: text("x") },
            OperatorText::FolderInUse { path: text("x") },
            OperatorText::KeysUnusable { path: text("x"), why: Box::new(OperatorText::AddressInUse) },
            OperatorText::TrustedDocumentUnusable { path: text("x"), error: text("x") },
            OperatorText::SystemError { error: text("x") },
            OperatorText::KeyOpenToOthers,
            OperatorText::NotAnEd25519Pem,
            OperatorText::NotAKeySet { line: 3 },
            OperatorText::KeyWithoutId,
            OperatorText::KeyIdTwice { id: text("x") },
            OperatorText::KeyInvalid { id: text("x"), why: Box::new(OperatorText::AddressInUse) },
            OperatorText::KeyIsSecret,
            OperatorText::KeyIsPrivate,
            OperatorText::KeyTypeUnknown,
            OperatorText::KeyAlgorithmDiffers { stated: text("x"), used: text("x") },
            OperatorText::KeyNotEd25519,
            OperatorText::KeyPartMissing { part: text("x") },
            OperatorText::KeyNotBase64,
            OperatorText::KeyBits { bits: 3, least: 3, most: 3 },
            OperatorText::KeyUnusable,
            OperatorText::DatabaseUnusable {
                place: text("x"),
                why: Box::new(OperatorText::AddressInUse),
                hint: Box::new(OperatorText::AddressInUse),
            },
            OperatorText::RoleBypassesSecurity { role: text("x") },
            OperatorText::RoleOwnsTables { role: text("x") },
            OperatorText::CommitsNotSynchronous,
            OperatorText::RevokeRights,
            OperatorText::SetSynchronousCommit,
            OperatorText::CheckServer,
            OperatorText::CheckFile,
            OperatorText::RedisUnusable { place: text("x") },
            OperatorText::DatabaseNewer { place: text("x"), program: text("x"), step: text("x") },
            OperatorText::DataSetUnfit { place: text("x"), flaws: text("x") },
            OperatorText::DatabaseDamaged { place: text("x"), error: text("x") },
            OperatorText::FileUnreadable { path: text("x"), origin: text("x"), error: text("x") },
            OperatorText::NotToml { path: text("x"), line: 3, error: text("x") },
            OperatorText::UnknownKey { name: text("x"), origin: text("x"), candidates: vec![text("a")] },
            OperatorText::NotQuoted { key: text("x"), origin: text("x") },
            OperatorText::SetTwice { one: text("x"), other: text("x") },
            OperatorText::NotUnicode { name: text("x") },
            OperatorText::ValueEmpty { key: text("x"), origin: text("x") },
            OperatorText::ValueInvalid {
                key: text("x"),
                origin: text("x"),
                why: Box::new(OperatorText::AddressInUse),
            },
            OperatorText::HalfSet { given: text("x"), origin: text("x"), missing: text("x") },
            OperatorText::NotAWholeNumber { given: text("x") },
            OperatorText::NotUpTo65535 { given: text("x") },
            OperatorText::NotBoolean { given: text("x") },
            OperatorText::NotAnAddress { given: text("x") },
            OperatorText::NotAWebSite { given: text("x") },
            OperatorText::NotALogLevel { given: text("x") },
            OperatorText::NotALogFormat { given: text("x") },
            OperatorText::NotAConnectionUrl { example: text("x"), error: text("x") },
            OperatorText::WrongScheme { example: text("x") },
            OperatorText::SlashesMissing { example: text("x") },
            OperatorText::TokensOfIssuer,
            OperatorText::NoKey { path: text("x") },
            OperatorText::UnknownRole { given: text("x") },
            OperatorText::RoleNeedsProvince { role: text("x") },
            OperatorText::RoleHasNoProvince { role: text("x") },
            OperatorText::NotAnActorName,
            OperatorText::LifetimeOutOfRange,
            OperatorText::NotALifetime { given: text("x") },
            OperatorText::NotAProvince { given: text("x") },
            OperatorText::NoDatabase { place: text("x") },
            OperatorText::NotIntact { place: text("x"), violation: text("x") },
            OperatorText::RulesBroken { entries: 3, violations: 4 },
            OperatorText::NotAUrl { given: text("x"), error: text("x") },
            OperatorText::UrlReturned { url: text("x"), status: text("x") },
            OperatorText::NoAnswer { url: text("x"), error: text("x") },
            OperatorText::NoAnswerWithin { url: text("x"), seconds: 4 },
            OperatorText::NotFilled { place: text("x"), reason: text("x") },
            OperatorText::AlreadyExists { place: text("x") },
            OperatorText::OutputFailed { error: text("x") },
            OperatorText::ThreadsFailed { error: text("x") },
            OperatorText::SpansFailed { error: text("x") },
            OperatorText::SignalsFailed { error: text("x") },
        ]
    });

fn text(text: &str) -> String {
    text.to_owned()
}
