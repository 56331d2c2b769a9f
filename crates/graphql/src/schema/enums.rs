//! The closed lists of the schema, each the mirror of one in the domain.

use async_graphql::Enum;

/// A language in which texts and names are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::locale::Locale")]
pub(crate) enum Locale {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// The three pillars of diplomacy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Pillar")]
pub(crate) enum Pillar {
    /// Party diplomacy (đối ngoại Đảng).
    Party,
    /// State diplomacy (ngoại giao Nhà nước).
    State,
    /// People-to-people diplomacy (đối ngoại nhân dân).
    People,
}

/// What somebody is to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::policy::Role")]
pub(crate) enum Role {
    /// Nobody in particular: no token.
    Public,
    /// A system abroad or at home that reads what is published.
    Partner,
    /// Drafts for one province.
    Clerk,
    /// Publishes for one province.
    Publisher,
    /// Reads for the ministry.
    Analyst,
    /// Acts for the ministry.
    Steward,
}

/// What a unit of the first administrative tier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::unit::UnitKind")]
pub(crate) enum UnitKind {
    /// A province (tỉnh).
    Province,
    /// A centrally run city (thành phố trực thuộc Trung ương).
    City,
}

/// Under which boundaries a predecessor’s entries count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::Boundaries")]
pub(crate) enum Boundaries {
    /// The units of the day that was asked for; where no day was, the unit that each entry came from.
    AtTheTime,
    /// The units that live today, with all that they inherited.
    Today,
}

/// How far an entry has come on its way to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Publication")]
pub(crate) enum Publication {
    /// Seen by its province alone.
    Draft,
    /// Seen by its province and the ministry.
    Submitted,
    /// Seen by all.
    Published,
    /// Taken back for good.
    Withdrawn,
}

/// What can be done to an entry that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Action {
    /// Change the working version, or open one beside the published version.
    Update,
    /// Record a dated act; of agreements alone.
    RecordAct,
    /// Hand a draft to the publisher.
    Submit,
    /// Hand a submitted version back to its clerk.
    Return,
    /// Show the working version to all.
    Publish,
    /// Take an entry back for good, or discard a version that was never published.
    Withdraw,
}

impl From<Action> for caunoi_domain::policy::Action {
    fn from(action: Action) -> Self {
        match action {
            Action::Update => Self::Update,
            Action::RecordAct => Self::RecordAct,
            Action::Submit => Self::Submit,
            Action::Return => Self::Return,
            Action::Publish => Self::Publish,
            Action::Withdraw => Self::Withdraw,
        }
    }
}

/// Classes of secrecy (độ mật). The register takes public matter alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Secrecy {
    /// No state secret (không mật).
    Public,
    /// Confidential (Mật): refused.
    Confidential,
    /// Secret (Tối mật): refused.
    Secret,
    /// Top secret (Tuyệt mật): refused.
    TopSecret,
}

/// How close a relation is, as its source calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::relation::RelationTier")]
pub(crate) enum RelationTier {
    /// Twinned (kết nghĩa).
    Sister,
    /// Friendly (hữu nghị).
    Friendship,
    /// Cooperation (hợp tác).
    Cooperation,
    /// Twinned across a land border (kết nghĩa hai bên biên giới).
    BorderTwin,
    /// Between Party committees (kênh Đảng).
    PartyToParty,
    /// Between two bodies, such as women’s unions.
    OrganizationTwin,
    /// Around one project.
    Project,
    /// Contacts only.
    Contact,
}

/// The state of a relation on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::status::RelationStatus")]
pub(crate) enum RelationStatus {
    /// Under discussion.
    Proposed,
    /// Standing.
    Active,
    /// Standing, but without linked activity for 24 months.
    Dormant,
    /// Ended.
    Ended,
    /// The sources do not say.
    Unknown,
}

/// The state of an agreement on a day; it follows from dated acts and the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::status::AgreementStatus")]
pub(crate) enum AgreementStatus {
    /// Signed; its effect begins later.
    SignedNotInForce,
    /// In effect (còn hiệu lực).
    InForce,
    /// Its effect is paused.
    Suspended,
    /// Its term ran out (hết hiệu lực).
    Expired,
    /// Ended by an act.
    Terminated,
    /// One side left it.
    Withdrawn,
    /// Another document took its place.
    Superseded,
    /// The sources do not say; never counted as in force.
    Unknown,
}

/// At which level of government, or by whom else, an agreement was concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::AgreementLevel")]
pub(crate) enum AgreementLevel {
    /// The province (cấp tỉnh).
    Province,
    /// The people’s council (Hội đồng nhân dân).
    Council,
    /// A department of the province (sở, ngành).
    Department,
    /// A district (cấp huyện); there are none since 2025-07-01.
    District,
    /// A commune at a land border (cấp xã ở khu vực biên giới).
    BorderCommune,
    /// A body, such as a union of friendship organizations (tổ chức).
    Organization,
    /// A committee of the Party (cơ quan của Đảng).
    Party,
}

/// How an agreement takes effect (hình thức có hiệu lực).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::EntryIntoForce")]
pub(crate) enum EntryIntoForce {
    /// With its signature.
    OnSignature,
    /// Once the sides have notified each other.
    OnNotification,
    /// Once an authority has approved it.
    OnApproval,
    /// On a day that it names.
    OnDate,
    /// Otherwise.
    Other,
}

/// What can happen to an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::agreement::ActKind")]
pub(crate) enum ActKind {
    /// It was signed.
    Sign,
    /// It took effect.
    EnterIntoForce,
    /// Its text was changed.
    Amend,
    /// Its term was prolonged.
    Extend,
    /// It was concluded anew.
    Renew,
    /// Its effect was paused.
    Suspend,
    /// Its effect goes on after a pause.
    Resume,
    /// One side left it.
    Withdraw,
    /// It was ended.
    Terminate,
    /// Its term ran out.
    Expire,
    /// Another document took its place.
    Supersede,
    /// A successor unit took it over.
    Succeed,
    /// An error of the register was mended.
    Correct,
}

/// Which way something goes, seen from Vietnam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::entry::Direction")]
pub(crate) enum Direction {
    /// Into Vietnam: guests come (đoàn vào), aid is received.
    In,
    /// Out of Vietnam: a delegation leaves (đoàn ra), aid is given.
    Out,
    /// Within Vietnam.
    Domestic,
    /// Held on line.
    Online,
}

/// How people took part in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::event::EventMode")]
pub(crate) enum EventMode {
    /// At the place (trực tiếp).
    InPerson,
    /// On line (trực tuyến).
    Online,
    /// Some at the place, some on line.
    Hybrid,
}

/// The rank of the highest who took part in an event, on either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::event::EventLevel")]
pub(crate) enum EventLevel {
    /// Leaders of Party, State, parliament or government.
    StateLeader,
    /// Ministers and their deputies.
    Minister,
    /// Leaders of a province, or of a locality abroad.
    ProvinceLeader,
    /// Heads of departments and the like.
    Department,
    /// Experts and staff.
    Working,
}

/// How exact a number is, as its source states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::quantity::Qualifier")]
pub(crate) enum Qualifier {
    /// Just so many.
    Exact,
    /// So many or more.
    AtLeast,
    /// More than so many (hơn).
    MoreThan,
    /// Almost so many (gần).
    Nearly,
    /// Around so many (khoảng).
    About,
    /// Between two bounds.
    Range,
    /// A place among the first so many.
    Top,
    /// Some; the source gives no number.
    Unquantified,
}

/// What stands behind a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::figure::Basis")]
pub(crate) enum Basis {
    /// A source reports it as a fact.
    Reported,
    /// A source expects it.
    Estimate,
    /// A plan aims at it.
    Target,
    /// The register counted it.
    Computed,
}

/// How far an organization has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::organization::OrganizationStage")]
pub(crate) enum OrganizationStage {
    /// A committee prepares it (ban vận động).
    Committee,
    /// It exists.
    Established,
    /// It rests.
    Suspended,
    /// It was dissolved.
    Dissolved,
}

/// A list of terms that policy owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::reference::Vocabulary")]
pub(crate) enum Vocabulary {
    /// Fields of cooperation.
    Field,
    /// Forms of agreements.
    AgreementForm,
    /// Kinds of events.
    EventKind,
    /// Levels of partner localities.
    PartnerLevel,
    /// Kinds of organizations.
    OrganizationKind,
    /// Kinds of programmes.
    ProgrammeKind,
    /// Indicators of reported figures.
    Indicator,
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::page::Sorting")]
pub(crate) enum SortDirection {
    /// From the least.
    #[graphql(name = "ASC")]
    Ascending,
    /// From the greatest.
    #[graphql(name = "DESC")]
    Descending,
}

/// What was done to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::change::ChangeOperation")]
pub(crate) enum ChangeOperation {
    /// Drafted for the first time.
    Created,
    /// Its content was changed.
    Updated,
    /// An act was recorded.
    ActRecorded,
    /// Handed to a publisher.
    Submitted,
    /// Handed back to its clerk.
    Returned,
    /// Shown to all.
    Published,
    /// A published content was mended.
    Corrected,
    /// Taken back for good.
    Withdrawn,
}

/// How a change moves an entry in the caller’s sight, under the filter that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::feed::Movement")]
pub(crate) enum Movement {
    /// It matches now and did not before.
    Entered,
    /// It matched before and still does.
    Stayed,
    /// It matched before and does no more: it was taken back, or has other marks now.
    Left,
}

/// The width of a date bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::date::DateUnit")]
pub(crate) enum DateUnit {
    /// Calendar months.
    Month,
    /// Quarters of a calendar year.
    Quarter,
    /// Calendar years.
    Year,
    /// Decades: 2020 to 2029.
    Decade,
}

/// What entries are grouped or told apart by. An entry without a value is in no group; one with several values is in each of their groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::GroupKey")]
pub(crate) enum GroupKey {
    /// The province that owns the entry today; under `AT_THE_TIME` the unit that it counted under then. The ministry’s own entries are left out.
    Province,
    /// The unit of administration, under the boundaries that were asked for.
    Unit,
    /// The partner’s country, or that of the place of an event.
    Country,
    /// The region of the world of that country (UN M49).
    Region,
    /// The partner locality.
    Locality,
    /// The pillar.
    Pillar,
    /// A field of cooperation.
    Field,
    /// The form of an agreement.
    Form,
    /// The kind of an event, organization or programme.
    Kind,
    /// The tier of a relation.
    Tier,
    /// The level of an agreement; `LEVEL` is that of the partner.
    AgreementLevel,
    /// The status on the day that was asked for.
    Status,
    /// The level of the partner locality.
    Level,
    /// The stage of an organization on the day that was asked for.
    Stage,
    /// Which way an event went.
    Direction,
}

/// A quantity that can be summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::QuantityKey")]
pub(crate) enum QuantityKey {
    /// Delegates at events; an entry that stands for several counts as many times.
    Delegates,
    /// Direct connections made at events.
    Connections,
}

/// Which date makes the buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::statistics::BucketField")]
pub(crate) enum DateField {
    /// When agreements were signed.
    Signed,
    /// The last day of the term of agreements.
    Expires,
    /// When relations were established.
    Established,
    /// When events were held.
    Starts,
    /// When entries were published.
    Published,
}

/// How far a proposed locality has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::proposal::ProposalState")]
pub(crate) enum ProposalState {
    /// It waits for the ministry.
    Open,
    /// There is a locality for it.
    Accepted,
    /// There will be none.
    Declined,
}

/// Whether a webhook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::WebhookState")]
pub(crate) enum WebhookState {
    /// It is.
    Active,
    /// Its partner wants it to wait.
    Paused,
    /// The register has given it up.
    Disabled,
}

/// Why the register has given a webhook up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DisabledReason")]
pub(crate) enum WebhookDisabledReason {
    /// The endpoint answered 410.
    Gone,
    /// Ten attempts in a row failed, over some three days.
    Exhausted,
    /// The schema does not know its document any more.
    Document,
}

/// Why a delivery is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DeliveryKind")]
pub(crate) enum WebhookDeliveryKind {
    /// Something changed.
    Change,
    /// `pingWebhook` asked for it.
    Ping,
    /// `redeliverWebhook` asked for it.
    Redelivery,
}

/// Why an attempt to deliver failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caunoi_domain::webhook::DeliveryError")]
pub(crate) enum WebhookDeliveryError {
    /// The name of the host cannot be resolved.
    UnknownHost,
    /// The address, or one that its name resolves to, is not one of the public internet.
    UrlRefused,
    /// No connection, or it broke off; a certificate that does not hold counts here.
    Connection,
    /// No whole answer within 15 seconds.
    Timeout,
    /// A redirect; none is followed.
    Redirect,
    /// An answer that is no 2xx.
    Status,
    /// The document gave no payload.
    Document,
    /// The message is not found any more: filter or document are others by now.
    NoMessage,
}
