//! The texts of the Atom feed in both languages.

use caunoi_domain::locale::Locale;

use super::headline::{EntryType, HeadlineMovement};

/// Returns the title of the feed.
pub(super) fn feed(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "Thay đổi trong sổ đăng ký ngoại giao địa phương",
        Locale::En => "Changes in the register of local diplomacy",
    }
}

/// Returns the author of entries that belong to no province.
pub(super) fn ministry(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "Bộ Ngoại giao",
        Locale::En => "Ministry of Foreign Affairs",
    }
}

/// Returns the title of a gap.
pub(super) fn gap(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "Có thể đã bỏ sót thay đổi",
        Locale::En => "Changes may have been missed",
    }
}

/// Returns the beginning of an entry's title: the type and how it changed.
pub(super) fn happened(movement: HeadlineMovement, kind: EntryType, locale: Locale) -> String {
    let kind = noun(kind, locale);
    match (movement, locale) {
        (HeadlineMovement::Entered, Locale::Vi) => format!("{kind} mới"),
        (HeadlineMovement::Stayed, Locale::Vi) => format!("{kind} được cập nhật"),
        (HeadlineMovement::Left, Locale::Vi) => format!("{kind} không còn hiển thị"),
        (HeadlineMovement::Entered, Locale::En) => format!("New: {kind}"),
        (HeadlineMovement::Stayed, Locale::En) => format!("Updated: {kind}"),
        (HeadlineMovement::Left, Locale::En) => format!("No longer shown: {kind}"),
    }
}

fn noun(kind: EntryType, locale: Locale) -> &'static str {
    let (vi, en) = match kind {
        EntryType::Relation => ("Quan hệ", "relation"),
        EntryType::Agreement => ("Thỏa thuận", "agreement"),
        EntryType::Event => ("Sự kiện", "event"),
        EntryType::Organization => ("Tổ chức", "organization"),
        EntryType::Programme => ("Chương trình", "programme"),
        EntryType::Figure => ("Số liệu", "figure"),
        EntryType::Instrument => ("Văn bản", "instrument"),
    };
    match locale {
        Locale::Vi => vi,
        Locale::En => en,
    }
}
