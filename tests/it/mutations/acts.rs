//! Acts of agreements are recorded in order, amended and voided; what is derived from them moves.

mod random;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{MutationResult, agreement, read_entry, relation, transition, write};
use crate::harness::{Server, connect, database_location, on_both_databases, on_both_engines};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

/// An entry, and the version that the next write expects.
struct Written {
    entry: Value,
}

impl Written {
    async fn create(server: &Server, mutation: &str, input: Value) -> Self {
        Self { entry: write(server, CLERK, mutation, input).await.expect_entry() }
    }

    async fn act(&self, server: &Server, mutation: &str, fields: Value) -> MutationResult {
        let mut input = json!({"id": self.entry["id"], "expectedVersion": self.entry["version"]});
        for (name, value) in fields.as_object().expect("fields") {
            input[name] = value.clone();
        }
        write(server, CLERK, mutation, input).await
    }

    async fn record(&mut self, server: &Server, kind: &str, on: &str, until: Option<&str>) {
        let act = json!({"act": {"kind": kind, "on": on, "until": until}});
        self.entry = self.act(server, "recordAct", act).await.expect_entry();
    }

    async fn publish(&mut self, server: &Server) {
        self.entry = transition(server, PUBLISHER, "publishEntry", &self.entry).await.expect_entry();
    }

    async fn read(&self, server: &Server, caller: &str, fields: &str) -> Value {
        read_entry(server, caller, &self.entry, fields).await
    }
}

/// Returns the paths and the English messages of the errors.
fn messages(written: &MutationResult) -> Vec<(String, String)> {
    let paths = written.refused().into_iter().map(|(_, path)| path);
    let texts = written.errors.as_array().into_iter().flatten();
    paths.zip(texts.map(|error| error["message"].as_str().unwrap_or_default().to_owned())).collect()
}

async fn count_signed_in(server: &Server, year: &str) -> Value {
    let document = format!(
        "{{ statistics {{ agreements(period: \"{year}\", filter: {{province: {{in: [\"DONG_NAI\"]}}}}) {{ count }} }} }}"
    );
    server.execute(&document, Value::Null).await["data"]["statistics"]["agreements"]["count"].take()
}

#[tokio::test]
async fn wrong_signing_day_of_a_published_agreement_is_mended() {
    on_both_engines(|server| async move {
        let mut twinned = relation();
        twinned["partnerLocality"] = json!("jp-yatsushiro");
        let mut related = Written::create(&server, "createRelation", twinned).await;
        related.publish(&server).await;
        let mut input = agreement("Ký sai ngày");
        input["partnerLocality"] = json!("jp-yatsushiro");
        input["expires"] = json!("2028");
        input["acts"] = json!([{"kind": "SIGN", "on": "2018-05-06"}]);
        let mut signed = Written::create(&server, "createAgreement", input).await;
        signed.publish(&server).await;
        let [before_2018, before_2026] =
            [count_signed_in(&server, "2018").await, count_signed_in(&server, "2026").await];
        let activity = "lastActivityOn";
        assert_eq!(related.read(&server, "public", activity).await, json!({"lastActivityOn": "2018-05-06"}));

        let blank =
            signed.act(&server, "amendAct", json!({"actId": "1", "on": "2026-05-06", "reason": {}})).await;
        assert_eq!(blank.refused(), [("REQUIRED".to_owned(), "reason".to_owned())]);
        let same = json!({"actId": "1", "on": "2018-05-06", "reason": {"vi": "Không sửa gì"}});
        let unchanged = signed.act(&server, "amendAct", same).await;
        assert_eq!(unchanged.refused().len(), 1, "{}", unchanged.answer);
        let change = json!({"actId": "1", "on": "2026-05-06", "reason": {"vi": "Đọc nhầm năm trong bản ký"}});
        signed.entry = signed.act(&server, "amendAct", change).await.expect_entry();
        let fields =
            "signedOn { edtf } acts { actId kind on { edtf } } early: status(asOf: \"2025-01-01\") status";
        let public = signed.read(&server, "public", fields).await;
        assert_eq!(public["signedOn"]["edtf"], "2018-05-06", "the draft is not public");
        signed.publish(&server).await;
        assert_eq!(
            signed.read(&server, "public", fields).await,
            json!({
                "signedOn": {"edtf": "2026-05-06"},
                "acts": [{"actId": "1", "kind": "SIGN", "on": {"edtf": "2026-05-06"}}],
                "early": "UNKNOWN", "status": "IN_FORCE",
            })
        );
        assert_eq!(related.read(&server, "public", activity).await, json!({"lastActivityOn": "2026-05-06"}));
        let number = |count: &Value| count.as_i64().expect("a count");
        assert_eq!(number(&count_signed_in(&server, "2018").await), number(&before_2018) - 1);
        assert_eq!(number(&count_signed_in(&server, "2026").await), number(&before_2026) + 1);

        let history = "history(first: 10) { nodes { operation reason author } }";
        let shown = signed.read(&server, CLERK, history).await;
        let nodes = shown["history"]["nodes"].as_array().expect("a list");
        let amended = nodes.iter().find(|node| node["operation"] == "ACT_AMENDED").expect("it is kept");
        assert_eq!(amended["reason"], "Đọc nhầm năm trong bản ký");
        assert!(amended["author"].as_str().is_some_and(|author| author.starts_with("CLERK:")), "{amended}");
    })
    .await;
}

#[tokio::test]
async fn voided_act_leaves_the_acts_and_its_number_is_not_used_again() {
    on_both_engines(|server| async move {
        let mut signed = Written::create(&server, "createAgreement", agreement("Nhầm")).await;
        signed.record(&server, "ENTER_INTO_FORCE", "2024-06", None).await;
        signed.record(&server, "TERMINATE", "2025-03-04", None).await;
        let late = signed.act(&server, "recordAct", json!({"act": {"kind": "AMEND", "on": "2025-06"}})).await;
        assert_eq!(late.refused(), [("INVALID".to_owned(), "act.on".to_owned())]);
        let needed = signed.act(&server, "voidAct", json!({"actId": "7", "reason": {"vi": "x"}})).await;
        assert_eq!(needed.refused(), [("NOT_FOUND".to_owned(), "actId".to_owned())]);
        let gone = json!({"actId": "3", "reason": {"en": "Another agreement ended"}});
        signed.entry = signed.act(&server, "voidAct", gone).await.expect_entry();
        signed.record(&server, "AMEND", "2025-05", None).await;
        let shown = signed.read(&server, CLERK, "status acts { actId kind }").await;
        assert_eq!(
            shown,
            json!({"status": "IN_FORCE", "acts": [
                {"actId": "1", "kind": "SIGN"}, {"actId": "2", "kind": "ENTER_INTO_FORCE"}, {"actId": "4", "kind": "AMEND"},
            ]})
        );
        let history = signed.read(&server, CLERK, "history(first: 10) { nodes { operation reason(locale: EN) } }").await;
        let voided = json!({"operation": "ACT_VOIDED", "reason": "Another agreement ended"});
        assert!(history["history"]["nodes"].as_array().is_some_and(|nodes| nodes.contains(&voided)), "{history}");
    })
    .await;
}

#[tokio::test]
async fn acts_out_of_order_are_refused_with_what_to_do() {
    on_both_engines(|server| async move {
        let mut signed = Written::create(&server, "createAgreement", agreement("Thứ tự")).await;
        signed.record(&server, "ENTER_INTO_FORCE", "2024-06", None).await;
        let refusals = [
            ("EXTEND", "2024-05-05", "act.on", "trước ngày ký (2024-05-06)"),
            ("SIGN", "2025", "act.kind", "đã được ký trước đó (2024-05-06)"),
            ("RESUME", "2025", "act.kind", "Hãy ghi nhận SUSPEND trước"),
            ("CORRECT", "2099-12", "act.on", "sau hôm nay"),
        ];
        for (kind, on, path, part) in refusals {
            let written = signed.act(&server, "recordAct", json!({"act": {"kind": kind, "on": on}})).await;
            let received = messages(&written);
            assert_eq!(received.len(), 1, "{kind}: {received:?}");
            assert!(received[0].0 == path && received[0].1.contains(part), "{kind}: {received:?}");
        }
        signed.record(&server, "SUSPEND", "2025-01", None).await;
        signed.record(&server, "RESUME", "2025-02", None).await;
        let void = json!({"actId": "3", "reason": {"vi": "x"}});
        assert_eq!(
            signed.act(&server, "voidAct", void).await.refused(),
            [("INVALID".to_owned(), "actId".to_owned())],
            "the resumption needs the suspension"
        );
        let amend = json!({"actId": "1", "on": "2025-01-15", "reason": {"vi": "x"}});
        let moved = signed.act(&server, "amendAct", amend).await;
        assert_eq!(moved.refused()[0], ("INVALID".to_owned(), "on".to_owned()));
        let mut early = agreement("Hết hạn trước khi ký");
        early["expires"] = json!("2023");
        let written = write(&server, CLERK, "createAgreement", early).await;
        assert_eq!(written.refused(), [("INVALID".to_owned(), "expires".to_owned())]);
        let mut former = agreement("Của tỉnh cũ");
        former["province"] = json!("BINH_PHUOC");
        former["acts"] = json!([{"kind": "AMEND", "on": "2025-07-01"}, {"kind": "SIGN", "on": "2020"}]);
        let written = write(&server, CLERK, "createAgreement", former).await;
        assert_eq!(written.refused(), [("INVALID".to_owned(), "acts.0.on".to_owned())]);
        assert!(messages(&written)[0].1.contains("BINH_PHUOC"), "{:?}", written.errors);
    })
    .await;
}

#[tokio::test]
async fn term_follows_extensions_in_fields_filters_and_orders() {
    on_both_engines(|server| async move {
        let mut input = agreement("Gia hạn");
        input["expires"] = json!("2025-05-05");
        input["noticeDays"] = json!(90);
        let mut signed = Written::create(&server, "createAgreement", input).await;
        signed.record(&server, "EXTEND", "2025-04-01", Some("2031-05-05")).await;
        signed.publish(&server).await;
        let fields = "code expires { edtf } then: expires(asOf: \"2025-03-31\") { edtf } firstTermExpires { edtf }
            lapsesAfter lapsedThen: lapsesAfter(asOf: \"2025-03-31\") renewBy { on lapsesAfter noticeDays }";
        let shown = signed.read(&server, "public", fields).await;
        assert_eq!(
            shown,
            json!({
                "code": signed.entry["code"],
                "expires": {"edtf": "2031-05-05"},
                "then": {"edtf": "2025-05-05"},
                "firstTermExpires": {"edtf": "2025-05-05"},
                "lapsesAfter": "2031-05-05",
                "lapsedThen": "2025-05-05",
                "renewBy": {"on": "2031-02-04", "lapsesAfter": "2031-05-05", "noticeDays": 90},
            })
        );
        let document = "{
            extended: agreements(filter: {expires: {gte: \"2031-05-05\", lte: \"2031-05-05\"}}) { nodes { code } totalCount { value } }
            first: agreements(filter: {expires: {gte: \"2025-05-05\", lte: \"2025-05-05\"}}) { totalCount { value } }
            latest: agreements(first: 3, orderBy: [{by: EXPIRES, direction: DESC}], filter: {expires: {isNull: false}, province: {in: [\"DONG_NAI\"]}}) { nodes { code } }
            statistics { expiring(withinDays: 2000, first: 100) { nodes { code } } }
        }";
        let data = server.execute(document, Value::Null).await["data"].take();
        let this = json!({"code": signed.entry["code"]});
        assert_eq!(data["extended"], json!({"nodes": [this], "totalCount": {"value": 1}}));
        assert_eq!(data["first"]["totalCount"]["value"], 0);
        assert_eq!(data["latest"]["nodes"][0], this, "{data}");
        let expiring = data["statistics"]["expiring"]["nodes"].as_array().expect("a list");
        assert!(expiring.contains(&this), "{expiring:?}");
    })
    .await;
}

#[tokio::test]
async fn terms_written_by_an_older_release_are_refreshed() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let mut input = agreement("Gia hạn từ trước");
        input["expires"] = json!("2025-05-05");
        let mut signed = Written::create(&server, "createAgreement", input).await;
        signed.record(&server, "RENEW", "2025-04-01", Some("2031-05-05")).await;
        signed.publish(&server).await;
        server.stop().await;
        let database = connect(&settings).await;
        let first_term = "UPDATE agreement SET expires_text = '2025-05-05', expires_earliest = '2025-05-05', expires_latest = '2025-05-05' WHERE expires_text = '2031-05-05'";
        for sql in [first_term, "UPDATE installation SET value = '1' WHERE name = 'facts'"] {
            database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        database.close().await.expect("it closes");
        let server = Server::start(settings.clone()).await;
        let document = "{ agreements(filter: {expires: {gte: \"2031-05-05\", lte: \"2031-05-05\"}}) { nodes { code } } }";
        let found = server.execute(document, Value::Null).await;
        assert_eq!(found["data"]["agreements"]["nodes"], json!([{"code": signed.entry["code"]}]));
        server.stop().await;
        let verified = caunoi_register::verify(&database_location(&settings)).await;
        assert!(verified.is_ok_and(|verified| verified.is_ok()), "rows and facts follow from the contents");
    })
    .await;
}
