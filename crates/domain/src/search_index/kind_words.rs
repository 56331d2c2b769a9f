//! Words of people for kinds of entries, tiers of relations and kinds of instruments, in both
//! languages. They are compared, never displayed.

use super::Attribute;
use crate::entry::EntryKind;
use crate::instrument::InstrumentKind;
use crate::relation::RelationTier;
use strum::VariantArray as _;

/// Returns each kind with its words.
pub(super) fn all() -> impl Iterator<Item = (Attribute, &'static [&'static str])> {
    let kinds = EntryKind::VARIANTS.iter().copied().map(Attribute::Kind);
    let tiers = RelationTier::VARIANTS.iter().copied().map(Attribute::Tier);
    let instruments = InstrumentKind::VARIANTS.iter().copied().map(Attribute::Instrument);
    kinds.chain(tiers).chain(instruments).map(|kind| {
        let words = of(&kind);
        (kind, words)
    })
}

/// Returns the words of a kind; none for other attributes.
pub(super) fn of(attribute: &Attribute) -> &'static [&'static str] {
    match attribute {
        Attribute::Kind(kind) => of_entry(*kind),
        Attribute::Tier(tier) => of_tier(*tier),
        Attribute::Instrument(kind) => of_instrument(*kind),
        Attribute::Log(_)
        | Attribute::Unit(_)
        | Attribute::Country(_)
        | Attribute::Locality(_)
        | Attribute::Term(_)
        | Attribute::Organization(_) => &[],
    }
}

fn of_entry(kind: EntryKind) -> &'static [&'static str] {
    match kind {
        EntryKind::Relation => &["quan hệ", "relation"],
        EntryKind::Agreement => &["thỏa thuận", "văn bản", "agreement"],
        EntryKind::Event => &["sự kiện", "hoạt động", "event"],
        EntryKind::Organization => &["tổ chức", "organization"],
        EntryKind::Programme => &["chương trình", "programme", "program"],
        EntryKind::Figure => &["số liệu", "figure"],
        EntryKind::Instrument => &["văn bản", "instrument", "document"],
    }
}

fn of_tier(tier: RelationTier) -> &'static [&'static str] {
    match tier {
        RelationTier::Sister => &["kết nghĩa", "sister", "twin"],
        RelationTier::Friendship => &["hữu nghị", "friendship"],
        RelationTier::Cooperation => &["hợp tác", "cooperation"],
        RelationTier::BorderTwin => &["kết nghĩa biên giới", "border twinning"],
        RelationTier::PartyToParty => &["kênh Đảng", "party to party"],
        RelationTier::OrganizationTwin => &["kết nghĩa giữa các tổ chức", "twinned organizations"],
        RelationTier::Project => &["dự án", "project"],
        RelationTier::Contact => &["tiếp xúc", "contact"],
    }
}

fn of_instrument(kind: InstrumentKind) -> &'static [&'static str] {
    match kind {
        InstrumentKind::Resolution => &["nghị quyết", "resolution"],
        InstrumentKind::Directive => &["chỉ thị", "directive"],
        InstrumentKind::Document => &["công văn", "official letter"],
        InstrumentKind::ActionPlan => &["chương trình hành động", "kế hoạch", "action plan"],
        InstrumentKind::Strategy => &["chiến lược", "strategy"],
        InstrumentKind::Law => &["luật", "law"],
        InstrumentKind::Decree => &["nghị định", "decree"],
        InstrumentKind::Decision => &["quyết định", "decision"],
    }
}
