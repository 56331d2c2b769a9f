//! What feeds for readers say in words of their own, in both languages.

use caunoi_domain::locale::Locale;

use super::headline::{EntryType, Movement};

/// The name of the whole feed.
pub(super) fn feed(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "Thay đổi trong sổ đăng ký ngoại giao địa phương",
        Locale::En => "Changes in the register of local diplomacy",
    }
}

/// Who writes what no province owns.
pub(super) fn ministry(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "Bộ Ngoại giao",
        Locale::En => "Ministry of Foreign Affairs",
    }
}

/// What is said in the place of changes that may have been missed.
pub(super) fn gap(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "Có thể đã bỏ sót thay đổi",
        Locale::En => "Changes may have been missed",
    }
}

/// What happened to an entry of this type, before its name.
pub(super) fn happened(movement: Movement, kind: EntryType, locale: Locale) -> String {
    let kind = noun(kind, locale);
    match (movement, locale) {
        (Movement::Entered, Locale::Vi) => format!("{kind} mới"),
        (Movement::Stayed, Locale::Vi) => format!("{kind} được cập nhật"),
        (Movement::Left, Locale::Vi) => format!("{kind} không còn hiển thị"),
        (Movement::Entered, Locale::En) => format!("New: {kind}"),
        (Movement::Stayed, Locale::En) => format!("Updated: {kind}"),
        (Movement::Left, Locale::En) => format!("No longer shown: {kind}"),
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
