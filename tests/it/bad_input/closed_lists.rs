//! Unknown slugs, codes and terms, and lists with too many of them.

use serde_json::{Value, json};

use super::{expect_data, expect_rejection};
use crate::harness::on_both_engines;

#[tokio::test]
async fn unknown_slugs_and_codes_are_null() {
    on_both_engines(|server| async move {
        for word in ["NOWHERE", "", "dong_nax", "a\0b", "💥", "' OR 1=1 --", &"x".repeat(10_240)] {
            let data = expect_data(
                &server,
                "query($word: String!, $id: ID!) {
                    province(slug: $word) { slug } locality(slug: $word) { slug }
                    slug: unit(by: {slug: $word}) { slug } code: unit(by: {code: $word}) { slug }
                    relation(by: {code: $word}) { code } agreement(by: {code: $word}) { code }
                    event(by: {code: $word}) { code } organization(by: {code: $word}) { code }
                    instrument(number: $word) { code } tombstone(code: $word) { code } node(id: $id) { id } by_id: agreement(by: {id: $id}) { code }
                }",
                json!({"word": word, "id": word}),
            )
            .await;
            for (field, value) in data.as_object().expect("fields") {
                assert!(value.is_null(), "{field} of {word:?} is {value}");
            }
        }
        let data = expect_data(&server, r#"{ country(code: "ZZ") { code } nodes(ids: ["nope", ""]) { id } }"#, Value::Null).await;
        assert_eq!(data, json!({"country": null, "nodes": [null, null]}));
    })
    .await;
}

#[tokio::test]
async fn empty_list_matches_nothing_and_null_everything() {
    on_both_engines(|server| async move {
        let data = expect_data(
            &server,
            r#"{
                all: relations { totalCount { value } }
                none: relations(filter: {province: {in: []}}) { totalCount { value } nodes { id } }
                contrary: relations(filter: {not: {province: {in: []}}}) { totalCount { value } }
                absent: relations(filter: {province: {in: null}, tier: null, not: null}) { totalCount { value } }
                series: events(filter: {series: {in: ["No such series"]}}) { totalCount { value } }
                statistics {
                    agreements(filter: {form: {in: []}}) {
                        count inForce earliest groups(by: [{key: FORM}]) { nodes { keys { value } } }
                    }
                }
            }"#,
            Value::Null,
        )
        .await;
        assert_eq!(data["none"], json!({"totalCount": {"value": 0}, "nodes": []}));
        assert_eq!(data["contrary"], data["all"]);
        assert_eq!(data["absent"], data["all"]);
        assert_eq!(data["series"]["totalCount"]["value"], 0, "a series is a text, not a word of a list");
        assert_eq!(
            data["statistics"]["agreements"],
            json!({"count": 0, "inForce": 0, "earliest": null, "groups": {"nodes": []}})
        );
    })
    .await;
}

#[tokio::test]
async fn unknown_enum_values_and_filter_fields_are_refused() {
    on_both_engines(|server| async move {
        for (document, saying) in [
            ("{ relations(filter: {tier: {in: [BEST]}}) { totalCount { value } } }", "\"BEST\""),
            ("{ agreements(filter: {status: {in: [VALID]}}) { totalCount { value } } }", "\"VALID\""),
            ("{ relations(filter: {capital: {in: []}}) { totalCount { value } } }", "\"capital\""),
            (
                "{ relations(filter: {province: {in: [null]}}) { totalCount { value } } }",
                "filter.province.in.0",
            ),
            ("{ terms(vocabulary: COLOURS) { code } }", "\"COLOURS\""),
            ("{ province(slug: \"HUE\") { mayor } }", "mayor"),
            ("{ unit(by: {slug: \"HUE\", code: \"46\"}) { slug } }", "exactly one"),
            ("{ unit(by: {}) { slug } }", "exactly one"),
        ] {
            expect_rejection(&server, document, Value::Null, saying).await;
        }
        let document = "query($tiers: [RelationTier!]) {
            relations(filter: {tier: {in: $tiers}}) { totalCount { value } }
        }";
        expect_rejection(&server, document, json!({"tiers": ["BEST"]}), "BEST").await;
    })
    .await;
}

#[tokio::test]
async fn lists_in_filters_have_at_most_250_members() {
    on_both_engines(|server| async move {
        let slugs = vec!["HUE".to_owned(); 250];
        for list in ["relations", "agreements", "events", "organizations", "programmes", "figures"] {
            let document = format!(
                "query($in: [String!]) {{
                    {list}(filter: {{province: {{in: $in}}}}) {{ totalCount {{ value }} nodes {{ id }} }}
                }}"
            );
            expect_data(&server, &document, json!({"in": slugs})).await;
            let more = [slugs.as_slice(), &["HUE".to_owned()]].concat();
            expect_rejection(&server, &document, json!({"in": more}), "at most 250 members").await;
        }
        let document = "query($any: [RelationFilter!]) {
            relations(filter: {anyOf: $any}) { totalCount { value } nodes { id } }
        }";
        let data =
            expect_data(&server, document, json!({"any": vec![json!({"tier": {"in": ["SISTER"]}}); 250]}))
                .await;
        assert_ne!(data["relations"]["totalCount"]["value"], 0);
        expect_rejection(&server, document, json!({"any": vec![json!({}); 251]}), "at most 250 members")
            .await;
        let ids = json!({"ids": vec!["x"; 101]});
        expect_rejection(&server, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids, "at most 100 ids")
            .await;
    })
    .await;
}
