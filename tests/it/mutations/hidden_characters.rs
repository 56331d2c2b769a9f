//! Titles and names with invisible characters, and with letters that look like others.

use serde_json::{Value, json};

use super::{agreement, create_inputs, event, organization, programme, read_entry, transition, write};
use crate::harness::on_both_engines;

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

/// Returns the input of an entry with a title or name.
type MakeInput = fn(&str) -> Value;

#[tokio::test]
async fn titles_of_nothing_visible_are_required() {
    on_both_engines(|server| async move {
        for blank in [
            "\u{202E}\u{202C}",
            "\u{2066} \u{2069}",
            "\u{200B}\u{200C}\u{200D}\u{FEFF}",
            "\u{E0041}\u{E007F}",
            "\u{E000}\u{F8FF}",
            "\u{3164}",
            "\u{301}",
        ] {
            for (mutation, input) in create_inputs(blank).into_iter().skip(1) {
                let refused = write(&server, CLERK, mutation, input).await.refused();
                assert_eq!(refused.len(), 1, "{mutation} {blank:?}: {refused:?}");
                assert_eq!(refused[0].0, "REQUIRED", "{mutation} {blank:?}");
                assert!(
                    refused[0].1.starts_with("title.") || refused[0].1.starts_with("name."),
                    "{refused:?}"
                );
            }
        }
        let mut control = event("Bell");
        control["title"] = json!({"vi": "Chuông\u{7}"});
        let refused = write(&server, CLERK, "createEvent", control).await.refused();
        assert_eq!(refused, [("INVALID".to_owned(), "title.vi".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn hidden_characters_are_removed_from_titles() {
    on_both_engines(|server| async move {
        let title = "\u{FEFF}Hội\u{202E} ng\u{200B}hị\u{2069} c\u{AD}ấp cao\u{E000}";
        let written = write(&server, CLERK, "createAgreement", agreement(title)).await.expect_entry();
        let read = read_entry(&server, CLERK, &written, "title(locale: VI)").await;
        assert_eq!(read, json!({"title": "Hội nghị cấp cao"}));
    })
    .await;
}

#[tokio::test]
async fn look_alike_letters_are_duplicates_and_found() {
    on_both_engines(|server| async move {
        // Eth, and Cyrillic letters, for Latin ones.
        let pairs = [
            ("Đoàn công tác quokka", "\u{D0}oàn công tác qu\u{43E}kk\u{430}"),
            ("COP quokka", "\u{421}\u{41E}\u{420} quokka"),
        ];
        let kinds: [(&str, MakeInput, &str); 4] = [
            ("createEvent", event, "events"),
            ("createAgreement", agreement, "agreements"),
            ("createOrganization", organization, "organizations"),
            ("createProgramme", programme, "programmes"),
        ];
        for (mutation, make, list) in kinds {
            for (title, double) in pairs {
                let draft = write(&server, CLERK, mutation, make(double)).await.expect_entry();
                transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
                let refused = write(&server, CLERK, mutation, make(title)).await.refused();
                assert_eq!(refused[0].0, "DUPLICATE_SUSPECTED", "{mutation} {title}");
                let document = format!(
                    "query($text: String!) {{ {list}(filter: {{search: $text}}) {{ nodes {{ code }} }} }}"
                );
                let found = server.execute(&document, json!({ "text": title })).await;
                assert_eq!(
                    found["data"][list]["nodes"],
                    json!([{"code": draft["code"]}]),
                    "{title}: {found}"
                );
            }
        }
    })
    .await;
}
