//! Titles composed for entries that have none in a language.

use crate::catalogue;
use crate::feed::FeedText;
use caunoi_domain::display_title::{Namer, TitleParts, TitleSubject, Titled};
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::relation::RelationTier;
use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// A title for readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayTitle {
    /// The text.
    pub text: String,
    /// Whether the register composed it, because the entry has none in the language.
    pub is_composed: bool,
}

/// A composed title, without its year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(TitleTextKind), derive(VariantArray), vis(pub(crate)))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TitleText {
    /// A relation.
    Relation { tier: RelationTier, owner: String, partners: Vec<String> },
    /// An agreement.
    Agreement { subject: String, owner: String, partners: Vec<String> },
    /// An event or a programme.
    Activity { subject: String, owner: String, partners: Vec<String> },
    /// An organization.
    Organization { subject: String, owner: String, partners: Vec<String> },
}

/// Returns the title of an entry in a language: its own one, else one composed from its form,
/// parties and year, else the title in the other language.
#[must_use]
pub fn display_title<C: Titled>(content: &C, log: Log, namer: Namer<'_>) -> DisplayTitle {
    let own = content.title().and_then(|title| title.only_in(namer.locale));
    if let Some(own) = own {
        return DisplayTitle { text: own.to_owned(), is_composed: false };
    }
    if let Some(parts) = content.title_parts(log, namer) {
        return DisplayTitle { text: compose(parts, namer.locale), is_composed: true };
    }
    let other = content.title().map(|title| title.in_locale(namer.locale));
    DisplayTitle { text: other.unwrap_or_default().to_owned(), is_composed: false }
}

fn compose(TitleParts { subject, owner, partners, year }: TitleParts, locale: Locale) -> String {
    let owner = owner.unwrap_or_else(|| FeedText::Ministry.text(locale));
    let text = match subject {
        TitleSubject::Tier(tier) => TitleText::Relation { tier, owner, partners },
        TitleSubject::Form(subject) => TitleText::Agreement { subject, owner, partners },
        TitleSubject::Activity(subject) => TitleText::Activity { subject, owner, partners },
        TitleSubject::Organization(subject) => TitleText::Organization { subject, owner, partners },
    };
    let text = catalogue::text("title", &text, locale);
    match year {
        Some(year) => format!("{text} ({year})"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(subject: &TitleSubject, partners: &[&str], year: Option<i32>) -> [String; 2] {
        Locale::ALL.map(|locale| {
            let partners = partners.iter().map(|name| (*name).to_owned()).collect();
            let owner = Some("Đồng Nai".to_owned());
            compose(TitleParts { subject: subject.clone(), owner, partners, year }, locale)
        })
    }

    #[test]
    fn composed_titles_name_form_parties_and_year() {
        let form = TitleSubject::Form("Bản ghi nhớ".to_owned());
        assert_eq!(
            titles(&form, &["Gyeongnam"], Some(2019)),
            [
                "Bản ghi nhớ giữa Đồng Nai và Gyeongnam (2019)",
                "Bản ghi nhớ between Đồng Nai and Gyeongnam (2019)",
            ]
        );
        assert_eq!(titles(&form, &[], None), ["Bản ghi nhớ của Đồng Nai", "Bản ghi nhớ of Đồng Nai"]);
        assert_eq!(
            titles(&TitleSubject::Tier(RelationTier::Sister), &["Busan"], None)[0],
            "Kết nghĩa giữa Đồng Nai và Busan"
        );
        assert_eq!(
            titles(&TitleSubject::Activity("Hội nghị".to_owned()), &["Busan", "Jeju"], Some(2024)),
            ["Hội nghị: Đồng Nai và Busan, Jeju (2024)", "Hội nghị: Đồng Nai and Busan, Jeju (2024)"]
        );
        let organization = TitleSubject::Organization("Hội hữu nghị".to_owned());
        assert_eq!(titles(&organization, &["Nhật Bản"], None)[0], "Hội hữu nghị của Đồng Nai (Nhật Bản)");
    }
}
