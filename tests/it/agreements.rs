//! Agreements and relations with data that the shipped data set lacks: levels, files, signatories
//! and linked entries.

use std::error::Error;
use std::sync::Arc;

use caunoi_domain::agreement::{Agreement, DocumentFile, Signatory, SigningLevel};
use caunoi_domain::clock::Clock;
use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::directory::Reference;
use caunoi_register::{Register, ShippedDataSet};
use caunoi_server::Settings;
use caunoi_transfer::shipped;
use serde_json::{Value, json};

use crate::harness::{Server, database_location, on_both_databases};

/// Later than the shipped data set, so that a start does not replace it.
const VERSION: &str = "9998-01-01.known";

/// A relation whose province and partner differ from those of the agreements that name it.
const RELATION: &str = "REL-0061";

struct DayAfterClock;

impl Clock for DayAfterClock {
    fn now_us(&self) -> i64 {
        4_000_000_000_000_000
    }
}

fn agreement<'a>(data: &'a mut DataSet, code: &str) -> &'a mut Agreement {
    let found = data.agreements.iter_mut().find(|coded: &&mut Coded<Agreement>| coded.code == code);
    &mut found.expect("it is shipped").parsed.content
}

/// Adds two subsidiary documents of `AGR-0001`, one of a department and one of a province.
fn with_what_is_known(mut data: DataSet) -> DataSet {
    data.version = VERSION.to_owned();
    let of_department = agreement(&mut data, "AGR-0002");
    of_department.level = Some(SigningLevel::Department);
    of_department.parent = Some("AGR-0001".to_owned());
    of_department.relation = Some(RELATION.to_owned());
    of_department.languages = vec!["vi".to_owned(), "km".to_owned()];
    of_department.signed_by =
        vec![Signatory { name: "Nguyễn Văn An".to_owned(), post: Some("Giám đốc Sở".to_owned()) }];
    of_department.files = vec![DocumentFile {
        is_stored: false,
        name: "bản ký.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        sha256: "ab".repeat(32),
        size_bytes: 1_048_576,
        language: None,
    }];
    let of_province = agreement(&mut data, "AGR-0003");
    of_province.level = Some(SigningLevel::Province);
    of_province.parent = Some("AGR-0001".to_owned());
    let relation = data.relations.iter_mut().find(|coded| coded.code == RELATION);
    let relation = &mut relation.expect("it is shipped").parsed.content;
    relation.founding_agreement = Some("AGR-0001".to_owned());
    data
}

/// Starts a server with the shipped data and these additions.
async fn server(settings: Settings) -> Server {
    let read = |known: &Reference| -> Result<DataSet, Box<dyn Error + Send + Sync>> {
        Ok(with_what_is_known(shipped::data_set(known)?))
    };
    let opened = Register::open(
        &database_location(&settings),
        Arc::new(DayAfterClock),
        ShippedDataSet { version: VERSION, read },
    )
    .await;
    let (register, _) = opened.unwrap_or_else(|error| panic!("{error}"));
    register.close().await;
    Server::start(settings).await
}

async fn data(server: &Server, document: &str) -> Value {
    let mut answer = server.execute(document, Value::Null).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].take()
}

#[tokio::test]
async fn signing_level_is_equal_in_sql_and_in_memory() {
    on_both_databases(|settings| async move {
        let server = server(settings).await;
        let received = data(
            &server,
            "{
                all: agreements { totalCount { value } }
                of: agreements(filter: {signingLevel: {in: [DEPARTMENT, PARTY]}}) { totalCount { value } nodes { code signingLevel } }
                others: agreements(filter: {not: {signingLevel: {in: [DEPARTMENT]}}}) { totalCount { value } }
                groups: agreements { groups(by: [{key: SIGNING_LEVEL}], orderBy: {by: KEY, direction: ASC}) {
                    nodes { keys { value label(locale: EN) } aggregate { count } }
                } }
            }",
        )
        .await;
        assert_eq!(received["of"]["totalCount"]["value"], 1);
        assert_eq!(received["of"]["nodes"], json!([{"code": "AGR-0002", "signingLevel": "DEPARTMENT"}]));
        let count = |list: &Value| list["totalCount"]["value"].as_i64().expect("a count");
        assert_eq!(count(&received["others"]) + 1, count(&received["all"]));
        let group = |value, label| json!({"keys": [{"value": value, "label": label}], "aggregate": {"count": 1}});
        let groups = [group("DEPARTMENT", "Department"), group("PROVINCE", "Province")];
        assert_eq!(received["groups"]["groups"]["nodes"], json!(groups));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn agreements_and_relations_link_to_each_other() {
    on_both_databases(|settings| async move {
        let server = server(settings).await;
        let before = server.statements();
        let received = data(
            &server,
            "{ agreement(by: {code: \"AGR-0001\"}) { parent { code } subsidiaries { code parent { code } } } }",
        )
        .await;
        // The newest first.
        let subsidiary = |code| json!({"code": code, "parent": {"code": "AGR-0001"}});
        let subsidiaries = [subsidiary("AGR-0002"), subsidiary("AGR-0003")];
        assert_eq!(received["agreement"], json!({"parent": null, "subsidiaries": subsidiaries}));
        // The agreement, its subsidiaries, their parents.
        assert_eq!(server.statements() - before, 3);

        let relation = format!(
            "{{ relation(by: {{code: \"{RELATION}\"}}) {{ foundingAgreement {{ code }} linkedAgreements {{
                code languages signedBy {{ name post }} files {{ name mediaType sha256 sizeBytes language }}
            }} }} }}"
        );
        let received = data(&server, &relation).await;
        assert_eq!(
            received["relation"],
            json!({"foundingAgreement": {"code": "AGR-0001"}, "linkedAgreements": [{
                "code": "AGR-0002",
                "languages": ["vi", "km"],
                "signedBy": [{"name": "Nguyễn Văn An", "post": "Giám đốc Sở"}],
                "files": [{
                    "name": "bản ký.pdf",
                    "mediaType": "application/pdf",
                    "sha256": "ab".repeat(32),
                    "sizeBytes": 1_048_576,
                    "language": null,
                }],
            }]})
        );
        server.stop().await;
    })
    .await;
}
