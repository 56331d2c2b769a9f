//! What agreements and relations tell where somebody knows more than the shipped data: levels, files, signatories, and
//! the entries that they name.

use std::error::Error;
use std::sync::Arc;

use caunoi_domain::agreement::{Agreement, AgreementLevel, DocumentFile, Signatory};
use caunoi_domain::clock::Clock;
use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::directory::Reference;
use caunoi_register::{Register, Shipment};
use caunoi_server::Settings;
use caunoi_transfer::shipped;
use serde_json::{Value, json};

use crate::harness::{Server, on_both_databases, place};

/// Of a later day than what the program ships, so that its start leaves it alone.
const VERSION: &str = "9998-01-01.known";

/// A relation of another province with another partner than the agreements that name it.
const RELATION: &str = "REL-0061";

struct Later;

impl Clock for Later {
    fn now_us(&self) -> i64 {
        4_000_000_000_000_000
    }
}

fn agreement<'a>(data: &'a mut DataSet, code: &str) -> &'a mut Agreement {
    let found = data.agreements.iter_mut().find(|coded: &&mut Coded<Agreement>| coded.code == code);
    &mut found.expect("it is shipped").placed.content
}

/// Two subsidiary documents of `AGR-0001`, one of a department and one of a province.
fn with_what_is_known(mut data: DataSet) -> DataSet {
    data.version = VERSION.to_owned();
    let of_department = agreement(&mut data, "AGR-0002");
    of_department.level = Some(AgreementLevel::Department);
    of_department.parent = Some("AGR-0001".to_owned());
    of_department.relation = Some(RELATION.to_owned());
    of_department.languages = vec!["vi".to_owned(), "km".to_owned()];
    of_department.signed_by =
        vec![Signatory { name: "Nguyễn Văn An".to_owned(), post: Some("Giám đốc Sở".to_owned()) }];
    of_department.files = vec![DocumentFile {
        name: "bản ký.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        sha256: "ab".repeat(32),
        size_bytes: 1_048_576,
        language: None,
    }];
    let of_province = agreement(&mut data, "AGR-0003");
    of_province.level = Some(AgreementLevel::Province);
    of_province.parent = Some("AGR-0001".to_owned());
    let relation = data.relations.iter_mut().find(|coded| coded.code == RELATION);
    let relation = &mut relation.expect("it is shipped").placed.content;
    relation.founding_agreement = Some("AGR-0001".to_owned());
    data
}

/// A server on the shipped data with what is known beside it.
async fn server(settings: Settings) -> Server {
    let read = |known: &Reference| -> Result<DataSet, Box<dyn Error + Send + Sync>> {
        Ok(with_what_is_known(shipped::data_set(known)?))
    };
    let opened =
        Register::open(&place(&settings), Arc::new(Later), Shipment { version: VERSION, read }).await;
    let (register, _) = opened.unwrap_or_else(|error| panic!("{error}"));
    register.close().await;
    Server::start(settings).await
}

async fn data(server: &Server, document: &str) -> Value {
    let mut answer = server.ask(document, Value::Null).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].take()
}

#[tokio::test]
async fn levels_filter_and_group_alike_in_sql_and_in_memory() {
    on_both_databases(|settings| async move {
        let server = server(settings).await;
        let told = data(
            &server,
            "{
                all: agreements { totalCount { value } }
                of: agreements(filter: {level: {in: [DEPARTMENT, PARTY]}}) { totalCount { value } nodes { code level } }
                others: agreements(filter: {not: {level: {in: [DEPARTMENT]}}}) { totalCount { value } }
                groups: agreements { groups(by: [{key: AGREEMENT_LEVEL}], orderBy: {by: KEY, direction: ASC}) {
                    nodes { keys { value label(locale: EN) } aggregate { count } }
                } }
            }",
        )
        .await;
        assert_eq!(told["of"]["totalCount"]["value"], 1);
        assert_eq!(told["of"]["nodes"], json!([{"code": "AGR-0002", "level": "DEPARTMENT"}]));
        let count = |list: &Value| list["totalCount"]["value"].as_i64().expect("a count");
        assert_eq!(count(&told["others"]) + 1, count(&told["all"]));
        let group = |value, label| json!({"keys": [{"value": value, "label": label}], "aggregate": {"count": 1}});
        let groups = [group("DEPARTMENT", "Department"), group("PROVINCE", "Province")];
        assert_eq!(told["groups"]["groups"]["nodes"], json!(groups));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn documents_and_relations_tell_of_each_other() {
    on_both_databases(|settings| async move {
        let server = server(settings).await;
        let before = server.statements();
        let told = data(
            &server,
            "{ agreement(by: {code: \"AGR-0001\"}) { parent { code } subsidiaries { code parent { code } } } }",
        )
        .await;
        // The newest first.
        let subsidiary = |code| json!({"code": code, "parent": {"code": "AGR-0001"}});
        let subsidiaries = [subsidiary("AGR-0002"), subsidiary("AGR-0003")];
        assert_eq!(told["agreement"], json!({"parent": null, "subsidiaries": subsidiaries}));
        // The agreement, its subsidiaries, their parents.
        assert_eq!(server.statements() - before, 3);

        let relation = format!(
            "{{ relation(by: {{code: \"{RELATION}\"}}) {{ foundingAgreement {{ code }} linkedAgreements {{
                code languages signedBy {{ name post }} files {{ name mediaType sha256 sizeBytes language }}
            }} }} }}"
        );
        let told = data(&server, &relation).await;
        assert_eq!(
            told["relation"],
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
