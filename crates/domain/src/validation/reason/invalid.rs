//! The reasons of values that have the wrong form or contradict other values.

use crate::validation::word::{Format, PageArgument, WordList};
use rust_decimal::Decimal;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// How a value is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(InvalidKind), derive(VariantArray), doc = "The variants of [`InvalidReason`].")]
#[serde(rename_all = "kebab-case")]
pub enum InvalidReason {
    /// A word is not in its closed list.
    UnknownWord {
        /// The list.
        list: WordList,
        /// The given word.
        given: String,
        /// The words of the list.
        permitted: Vec<&'static str>,
    },
    /// A text does not have the expected form.
    Malformed {
        /// The expected form.
        format: Format,
        /// The given text.
        given: String,
    },
    /// A text is not a whole number within bounds.
    NotAWholeNumber {
        /// The least number.
        least: i64,
        /// The greatest number.
        most: i64,
        /// The given text.
        given: String,
    },
    /// A number is out of bounds.
    OutOfRange {
        /// The least number.
        least: i64,
        /// The greatest number.
        most: i64,
        /// The given number.
        given: i64,
    },
    /// A text contains control characters.
    ControlCharacters,
    /// A date has a year outside the calendar of the register.
    NoSuchYear {
        /// The given year.
        given: u32,
    },
    /// A date has a month that does not exist.
    NoSuchMonth {
        /// Year and month.
        given: String,
    },
    /// A date has a day that does not exist.
    NoSuchDay {
        /// The given day.
        given: String,
    },
    /// A date has a form that people read and this place does not take.
    DateForm {
        /// The given text.
        given: String,
        /// The same date in the accepted form.
        accepted: String,
    },
    /// A date has two readings.
    AmbiguousDate {
        /// The given text.
        given: String,
        /// The reading in the Vietnamese order: day, month, year.
        accepted: String,
        /// The reading in the order month, day, year.
        other: String,
    },
    /// A time is outside the years 0001 to 9999.
    YearOutOfRange,
    /// A date interval ends before it begins.
    IntervalReversed {
        /// The interval.
        given: String,
    },
    /// A date interval has neither a start nor an end.
    IntervalUnbounded,
    /// A calendar period ends before it begins.
    PeriodReversed {
        /// The first day.
        first: String,
        /// The last day.
        last: String,
    },
    /// Periods of this length are not confirmed.
    PeriodNotConfirmable,
    /// A period has not begun yet.
    PeriodNotBegun {
        /// The name of the period.
        period: String,
    },
    /// The calendar has no earlier time to compare with.
    NothingBefore,
    /// A quantity with this qualifier has no value of its own.
    ValueNotAllowed {
        /// The qualifier.
        qualifier: &'static str,
        /// The given value.
        value: Decimal,
    },
    /// The bounds of a quantity are not those that follow from its qualifier.
    BoundsUnfit {
        /// The qualifier.
        qualifier: &'static str,
        /// The given lower bound.
        lower: Option<Decimal>,
        /// The given upper bound.
        upper: Option<Decimal>,
    },
    /// The lower bound of a quantity is above its upper bound.
    BoundsReversed {
        /// The lower bound.
        lower: Decimal,
        /// The upper bound.
        upper: Decimal,
    },
    /// The value of a quantity is below its lower bound.
    ValueBelowBound {
        /// The value.
        value: Decimal,
        /// The lower bound.
        lower: Decimal,
    },
    /// The value of a quantity is above its upper bound.
    ValueAboveBound {
        /// The value.
        value: Decimal,
        /// The upper bound.
        upper: Decimal,
    },
    /// A number has too many digits.
    TooManyDigits {
        /// The digits before the point, at most.
        whole: u32,
        /// The digits after the point, at most.
        places: u32,
    },
    /// The total of several events has too many digits.
    TotalTooLarge {
        /// The number of events.
        times: u64,
        /// The digits before the point, at most.
        whole: u32,
    },
    /// The hours of an event are outside its date.
    HoursOutsideDate {
        /// The days of the hours.
        days: String,
        /// The time zone.
        zone: String,
        /// The stated date.
        date: String,
    },
    /// An end is before its start.
    EndBeforeStart,
    /// A party names both a locality and an organization.
    LocalityAndOrganization,
    /// A party is in the list already.
    PartyTwice {
        /// The slug of the locality.
        given: String,
    },
    /// An act of this kind begins no new term.
    NoNewTerm,
    /// A new term ends before its act.
    TermBeforeAct,
    /// An act is dated in the future.
    ActInFuture {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The day of the check.
        today: String,
    },
    /// An act is dated before the signing.
    ActBeforeSigning {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The date of the signing.
        signed: String,
    },
    /// An agreement is signed a second time.
    SignedAlready {
        /// The number of the act.
        number: i32,
        /// The date of the act.
        on: String,
        /// The date of the first signing, or of the act that implies it.
        signed: String,
    },
    /// An act needs an agreement that is in force, and it has not entered into force.
    ActBeforeEntryIntoForce {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
    },
    /// The agreement has the status that the act brings already.
    ActRepeated {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The status.
        status: &'static str,
        /// The date since which it applies.
        since: String,
    },
    /// An agreement that is not suspended is resumed.
    NotSuspended {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
    },
    /// An act needs a term that has not ended.
    ActAfterExpiry {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The date since which the agreement is expired.
        since: String,
    },
    /// An act follows the end of the agreement.
    ActAfterEnd {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The final status.
        status: &'static str,
        /// The date since which it applies.
        since: String,
    },
    /// The term ends before the signing.
    TermBeforeSigning {
        /// The last day of the term.
        expires: String,
        /// The date of the signing.
        signed: String,
    },
    /// A unit acts after its end, and no successor has taken the agreement over.
    UnitEnded {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The slug of the unit.
        unit: String,
        /// The last day of the unit.
        ended: String,
    },
    /// A unit acts before its first day.
    ActBeforeUnit {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The slug of the unit.
        unit: String,
        /// The first day of the unit.
        begins: String,
    },
    /// An act of a district is dated after the abolition of districts.
    NoDistricts {
        /// The kind of act.
        act: &'static str,
        /// The date of the act.
        on: String,
        /// The first day without districts.
        since: String,
    },
    /// The units of the first tier are not known for a day.
    UnitsNotKnown {
        /// The given day.
        given: String,
        /// The first day for which they are known.
        since: String,
    },
    /// The stated stage is not that of the newest dated one.
    StageContradicted {
        /// The newest dated stage.
        last: &'static str,
    },
    /// Two stages begin on one day.
    StagesOnOneDay,
    /// A stage has no first day.
    StageStartOpen,
    /// A point is not on the globe.
    NotOnGlobe {
        /// The latitude in degrees.
        latitude: String,
        /// The longitude in degrees.
        longitude: String,
    },
    /// A term other than an indicator has units.
    UnitsWithoutIndicator,
    /// A term other than an indicator is summed.
    SumWithoutIndicator,
    /// A participant has both a province and an organization.
    ProvinceAndOrganization,
    /// A participant occurs twice.
    ParticipantTwice {
        /// The slug, code or name.
        given: String,
    },
    /// A source states neither a web address nor a publisher nor a file.
    SourceNotFindable,
    /// An entry names a source and states why there is none.
    SourceAndReason,
    /// Another source has the same web address.
    SourceKnown {
        /// The code of that source.
        code: String,
    },
    /// A source is dated in the future.
    SourceInFuture {
        /// The earliest day that its date means.
        day: String,
    },
    /// An entry names a relation that is not of its unit and with its partner.
    OtherRelation {
        /// The code of the relation.
        code: String,
    },
    /// An entry refers to itself.
    OwnEntry,
    /// The links of entries lead back to the entry.
    LinkCycle {
        /// The code of the named entry.
        code: String,
    },
    /// A text has neither a letter nor a digit.
    NoLetters,
    /// A correction of an act changes nothing.
    NothingAmended,
    /// An extension ends the term earlier than before.
    TermShortened {
        /// The number of the act.
        number: i32,
        /// The kind of act.
        act: &'static str,
        /// The new last day.
        until: String,
        /// The last day before.
        before: String,
    },
    /// An entry to merge is of another kind than the kept one, or of a kind that is not merged.
    NotMergeable,
    /// An entry to merge, or one that keeps merged ones, has an unpublished version.
    HasUnpublishedVersion,
    /// An entry was merged into another one.
    AlreadyMerged {
        /// The code of that one.
        into: String,
    },
    /// An entry keeps merged ones, so it must stay.
    KeepsMerged {
        /// Their codes.
        codes: String,
    },
    /// An entry of the ministry would be merged into one of a province.
    MinistryEntryIsKept,
    /// An entry whose merge should be undone is not merged.
    NotMerged,
    /// An update would move an entry to another province.
    ProvinceChanged,
    /// The proposal is settled already.
    ProposalSettled,
    /// A settlement has both a locality and a reason.
    LocalityAndReason,
    /// The cursor is not one of this list.
    ForeignPageCursor,
    /// The cursor is not one of this register.
    ForeignCursor,
    /// The register has lost changes up to the cursor.
    CursorLost,
    /// The register has not recorded anything as late as that.
    NotRecordedYet,
    /// A page has two directions.
    PageDirections,
    /// The size of a page is out of bounds.
    PageSize {
        /// The argument.
        argument: PageArgument,
        /// The greatest size; the least is 1.
        most: u16,
        /// The given size.
        given: i32,
    },
    /// Filling the gaps would make too many groups.
    TooManyGroups {
        /// The number of groups.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// The name of an actor has a forbidden length or character.
    ActorName,
    /// A provincial role has no province.
    RoleWithoutProvince {
        /// The role.
        role: &'static str,
    },
    /// A role that belongs to no province has one.
    RoleWithProvince {
        /// The role.
        role: &'static str,
    },
    /// An idempotency key is empty or too long.
    KeyLength {
        /// The limit in characters.
        most: usize,
    },
    /// The mutation takes no idempotency key.
    KeyNotTaken,
    /// A time is too early.
    TimeTooEarly {
        /// The time that it must be after.
        after: String,
    },
    /// A time is too late.
    TimeTooLate {
        /// The last possible time.
        until: String,
    },
    /// A revocation names the actor of an API key.
    SubjectIsKey,
    /// A revocation would refuse every token of the caller.
    OwnAccess,
    /// A network contains the address of the caller.
    OwnNetwork,
    /// A network contains addresses of this machine.
    LoopbackNetwork,
    /// The access rule has ended already.
    RuleEnded,
    /// There are as many access rules of this kind as may be.
    TooManyRules {
        /// The limit.
        most: usize,
    },
    /// A webhook document is not one subscription to `changes` alone.
    NotOneSubscription,
    /// A webhook document states the position, which the register keeps.
    AfterNotTaken,
    /// A webhook document has no variable for the filter.
    NoFilterVariable,
    /// A webhook document cannot be executed.
    DocumentFailed {
        /// The first error of the GraphQL engine, in English.
        error: String,
    },
    /// The partner has its maximum of webhooks.
    TooManyWebhooks {
        /// The limit.
        most: i16,
    },
    /// The webhook has its maximum of waiting deliveries.
    TooManyDeliveries {
        /// The limit.
        most: u64,
    },
    /// The register has changes by others, so it cannot be filled.
    ContainsChanges {
        /// The author of one of them.
        author: String,
    },
    /// The register lacks the reference data that synthetic entries are made of.
    SampleMissing,
    /// A generated entry is not valid, which is a defect of the generator.
    GeneratedInvalid {
        /// The code of the entry.
        code: String,
        /// The path of its first error.
        path: String,
    },
}
