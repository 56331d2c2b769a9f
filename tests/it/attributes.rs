//! Attributes of the model that no shipped row has, loaded as a newer data set and read over HTTP.

use std::error::Error;

use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Reference;
use caunoi_domain::event::{EventMode, EventRank, Hours, Leader};
use caunoi_domain::figure::FigureDimension;
use caunoi_domain::organization::{DatedStage, OrganizationStage};
use caunoi_register::{Register, ShippedDataSet};
use caunoi_transfer::shipped;
use serde_json::{Value, json};

use crate::harness::{Server, database_location, on_both_databases};

/// Later than the shipped data set, so that the server does not replace it.
const VERSION: &str = "9999-12-31.attributes";

fn content_of<'d, C>(entries: &'d mut [Coded<C>], code: &str) -> &'d mut C {
    let entry = entries.iter_mut().find(|entry| entry.code == code).expect("a shipped entry");
    &mut entry.parsed.content
}

/// Adds attributes to a visit, an association and a figure.
fn enrich(data_set: &mut DataSet) {
    let visit = content_of(&mut data_set.events, "EVT-0001");
    visit.level = Some(EventRank::ProvinceLeader);
    visit.mode = Some(EventMode::Hybrid);
    visit.hours = Some(Hours {
        starts_at_us: 1_150_444_800_000_000,
        ends_at_us: None,
        zone: "Europe/Moscow".parse().expect("a zone"),
    });
    visit.leaders = vec![Leader { name: "A".to_owned(), post: "Chairman".to_owned() }];
    visit.outcomes = ["AGR-0002", "AGR-NONE", "AGR-0001"].map(str::to_owned).to_vec();
    visit.outcome_projects = vec!["A house of culture".to_owned()];
    visit.relation = Some("REL-0001".to_owned());
    let from = |text| FuzzyDate::parse(text).expect("a date");
    content_of(&mut data_set.organizations, "ORG-0001").stages = vec![
        DatedStage { stage: OrganizationStage::Committee, from: from("2012") },
        DatedStage { stage: OrganizationStage::Established, from: from("2014-05") },
    ];
    content_of(&mut data_set.figures, "FIG-0034").dimensions =
        vec![FigureDimension { name: "sector".to_owned(), value: "manufacturing".to_owned() }];
}

/// Starts a server with these entries.
async fn server(settings: caunoi_server::Settings) -> Server {
    let read = |known: &Reference| -> Result<DataSet, Box<dyn Error + Send + Sync>> {
        let mut data_set = shipped::data_set(known)?;
        enrich(&mut data_set);
        Ok(data_set)
    };
    let shipment = ShippedDataSet { version: VERSION, read };
    let opened = Register::open(&database_location(&settings), settings.clock.clone(), shipment).await;
    let (register, opening) = opened.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(opening.loaded.map(|loaded| loaded.updated), Some(3));
    register.close().await;
    Server::start(settings).await
}

async fn check_attributes(document: &'static str, check: fn(&Value)) {
    on_both_databases(move |settings| async move {
        let server = server(settings).await;
        let answer = server.execute(document, json!({})).await;
        server.stop().await;
        assert_eq!(answer["errors"], Value::Null);
        check(&answer["data"]);
    })
    .await;
}

#[tokio::test]
async fn event_has_hours_rank_leaders_and_outcomes() {
    check_attributes(
        r#"{
            event(by: {code: "EVT-0001"}) {
                mode rank startsAt endsAt timeZone leaders { name post } outcomes { code } outcomeProjects
                relation { code }
            }
            events(filter: {rank: {in: [PROVINCE_LEADER]}, mode: {in: [HYBRID]}}) {
                totalCount { value } nodes { code }
            }
            others: events(filter: {not: {rank: {in: [PROVINCE_LEADER]}}}) { totalCount { value } }
        }"#,
        |data| {
            assert_eq!(
                data["event"],
                json!({
                    "mode": "HYBRID", "rank": "PROVINCE_LEADER", "startsAt": "2006-06-16T08:00:00Z",
                    "endsAt": null, "timeZone": "Europe/Moscow", "leaders": [{"name": "A", "post": "Chairman"}],
                    "outcomes": [{"code": "AGR-0002"}, {"code": "AGR-0001"}],
                    "outcomeProjects": ["A house of culture"], "relation": {"code": "REL-0001"},
                })
            );
            assert_eq!(data["events"], json!({"totalCount": {"value": 1}, "nodes": [{"code": "EVT-0001"}]}));
            assert_eq!(data["others"]["totalCount"]["value"], 177);
        },
    )
    .await;
}

#[tokio::test]
async fn organization_stage_depends_on_the_day() {
    check_attributes(
        r#"fragment Stages on OrganizationConnection { groups(by: [{key: STAGE}]) { nodes { keys { value } } } }
        {
            organizations(filter: {search: "Dong Nai Union of Friendship"}) {
                nodes { early: stage(asOf: "2014-05-30") late: stage(asOf: "2014-05-31") stage stages { stage from {
                    edtf } } }
            }
            before: organizations(asOf: "2014-12-31", filter: {search: "Dong Nai Union of Friendship"}) { ...Stages }
        }"#,
        |data| {
            assert_eq!(
                data["organizations"]["nodes"],
                json!([{
                    "early": "COMMITTEE", "late": "ESTABLISHED", "stage": "ESTABLISHED",
                    "stages": [
                        {"stage": "COMMITTEE", "from": {"edtf": "2012"}},
                        {"stage": "ESTABLISHED", "from": {"edtf": "2014-05"}},
                    ],
                }])
            );
            let groups = json!([{"keys": [{"value": "ESTABLISHED"}]}]);
            assert_eq!(data["before"]["groups"]["nodes"], groups);
        },
    )
    .await;
}

#[tokio::test]
async fn figure_has_its_dimensions() {
    check_attributes(
        r#"{ figures(filter: {indicator: {in: ["fdi_manufacturing_capital"]}}) { nodes { dimensions { name value } } } }"#,
        |data| {
            let dimensions = json!([{"dimensions": [{"name": "sector", "value": "manufacturing"}]}]);
            assert_eq!(data["figures"]["nodes"], dimensions);
        },
    )
    .await;
}
