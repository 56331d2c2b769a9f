//! Variables that were not sent are absent: neither null nor an error.

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::events::EventStream;
use crate::harness::{ACCEPT, Server, on_both_engines};
use crate::mutations::{agreement, event, write};
use crate::socket::{open, receive_message, send_message};

const CLERK: &str = "clerk:DONG_NAI";

/// Returns the event with this ID, as its clerk sees it.
async fn event_of(server: &Server, id: &Value) -> Value {
    let document = "query($id: ID!) { event(by: {id: $id}) {
        version place edition occurrences titles { locale value } delegates { value unit }
    } }";
    server.execute_as(CLERK, document, json!({"id": id})).await["data"]["event"].take()
}

#[tokio::test]
async fn update_keeps_field_of_absent_variable() {
    on_both_engines(|server| async move {
        let mut input = event("Fair");
        input["title"] = json!({"en": "Fair", "vi": "Hội chợ"});
        input["place"] = json!("Huế");
        input["occurrences"] = json!(3);
        input["delegates"] = json!({"value": "40", "unit": "person"});
        let id = write(&server, CLERK, "createEvent", input).await.expect_entry()["id"].take();
        let before = event_of(&server, &id).await;

        let document = "mutation($id: ID!, $v: Int!, $p: String, $ed: String, $vi: String, $en: String, $n: Int, $d: QuantityInput) {
            updateEvent(input: {
                id: $id, expectedVersion: $v, place: $p, edition: $ed, title: {vi: $vi, en: $en}, occurrences: $n, delegates: $d
            }) { event { version } errors { code path } }
        }";
        let update = async |variables: Value| {
            let answer = server.execute_as(CLERK, document, variables).await;
            assert_eq!(answer["data"]["updateEvent"]["errors"], json!([]), "{answer}");
            event_of(&server, &id).await
        };
        let after = update(json!({"id": id, "v": 1, "ed": "II", "en": "Trade fair"})).await;
        for field in ["place", "occurrences", "delegates"] {
            assert_eq!(after[field], before[field], "{field} is kept");
        }
        assert_eq!((&after["edition"], &after["version"]), (&json!("II"), &json!(2)));
        let titles = after["titles"].to_string();
        assert!(titles.contains("Hội chợ") && titles.contains("Trade fair"), "{titles}");

        let cleared = update(json!({"id": id, "v": 2, "p": null, "n": null, "d": null})).await;
        for field in ["place", "occurrences", "delegates"] {
            assert!(cleared[field].is_null(), "{field} is cleared by null");
        }
        assert_eq!(cleared["edition"], "II");
    })
    .await;
}

#[tokio::test]
async fn update_keeps_term_and_signatures_of_agreement() {
    on_both_engines(|server| async move {
        let mut input = agreement("Biên bản");
        input["expires"] = json!("2031-12-31");
        input["legalBasis"] = json!("Luật 70/2020/QH14");
        input["signingPlace"] = json!("Biên Hòa");
        input["signedBy"] = json!([{"name": "Nguyễn Văn A", "post": "Chủ tịch"}]);
        let id = write(&server, CLERK, "createAgreement", input).await.expect_entry()["id"].take();
        let fields = "expires { edtf } legalBasis signingPlace signedBy { name }";
        let shown = format!("query($id: ID!) {{ agreement(by: {{id: $id}}) {{ {fields} }} }}");
        let before = server.execute_as(CLERK, &shown, json!({"id": id})).await;
        assert_eq!(before["data"]["agreement"]["signingPlace"], "Biên Hòa", "{before}");

        let document = format!(
            "mutation($i: UpdateAgreementInput!, $id: ID!, $e: EDTF, $l: String, $a: String, $s: [SignatoryInput!]) {{
                whole: updateAgreement(input: $i) {{ errors {{ code path }} }}
                parts: updateAgreement(input: {{
                    id: $id, expectedVersion: 2, editionNo: 3, expires: $e, legalBasis: $l, signingPlace: $a, signedBy: $s
                }}) {{ agreement {{ editionNo {fields} }} errors {{ code path }} }}
            }}"
        );
        let whole = json!({"id": id, "expectedVersion": 1, "editionNo": 2});
        let answer = server.execute_as(CLERK, &document, json!({"id": id, "i": whole})).await;
        assert_eq!(answer["data"]["parts"]["agreement"]["editionNo"], 3, "{answer}");
        let after = server.execute_as(CLERK, &shown, json!({"id": id})).await;
        assert_eq!(after, before);
    })
    .await;
}

#[tokio::test]
async fn argument_of_absent_variable_has_its_default() {
    on_both_engines(|server| async move {
        let count = async |arguments: &str, variables: Value| {
            let document = format!(
                "query($d: Int, $f: Int, $m: Int = 36, $x: Boolean = true) {{ statistics {{
                    expiring({arguments}) {{ nodes {{ code }} totalCount {{ value }} }}
                    dormant(months: $m, first: $f) @include(if: $x) {{ totalCount {{ value }} }}
                    far: expiring(withinDays: $d, first: $f) @skip(if: $x) {{ totalCount {{ value }} }}
                }} }}"
            );
            server.execute_in_english(&document, variables).await
        };
        let absent = count("withinDays: $d, first: $f", json!({})).await;
        assert_eq!(absent["errors"], Value::Null, "{absent}");
        assert_eq!(absent, count("withinDays: 90, first: $f", json!({"m": 36, "x": true})).await);
        assert_eq!(
            absent,
            count("withinDays: $d", json!({"f": null})).await,
            "no page is asked for either way"
        );
        assert!(absent["data"]["statistics"]["dormant"].is_object(), "a default includes it: {absent}");
        assert!(absent["data"]["statistics"].get("far").is_none(), "{absent}");
        assert_ne!(absent, count("withinDays: $d, first: $f", json!({"d": 3})).await);
        let null = count("withinDays: $d", json!({"d": null})).await;
        assert_eq!(
            null["errors"][0]["message"],
            "The variable $d needs a value: `withinDays` does not take null."
        );
        // The responses above may be cached; absent and null still differ.
        assert_eq!(absent, count("withinDays: $d, first: $f", json!({})).await);
    })
    .await;
}

#[tokio::test]
async fn absent_required_variable_is_named_in_the_error() {
    on_both_engines(|server| async move {
        for (document, name) in [
            ("query($x: Boolean) { provinces @include(if: $x) { slug } }", "x"),
            ("query($x: Boolean) { ...F } fragment F on Query { provinces @skip(if: $x) { slug } }", "x"),
            ("query($s: String) { province(slug: $s) { slug } }", "s"),
            ("query($c: CountryCode) { agreements(filter: {country: {in: [$c]}}) { nodes { id } } }", "c"),
            ("query($c: String) { agreement(by: {code: $c}) { id } }", "c"),
            ("mutation($p: Period) { confirmPeriod(input: {province: \"HUE\", period: $p}) { cursor } }", "p"),
            ("mutation($k: String) { confirmPeriod(input: {province: \"HUE\", period: \"2026\"}) @idempotent(key: $k) { cursor } }", "k"),
        ] {
            for variables in [json!({}), Value::Null, json!({name: null})] {
                let token = server.token("publisher", Some("HUE"));
                let vi = server.execute_with_token(Some(&token), document, variables.clone()).await;
                let vi = vi["errors"][0]["message"].as_str().unwrap_or_default();
                assert!(vi.starts_with(&format!("Biến ${name} phải có giá trị")), "{document}: {vi}");
                let answer = server.execute_in("en", Some(&token), document, variables).await;
                let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
                assert!(message.starts_with(&format!("The variable ${name} needs a value")), "{document}: {answer}");
                assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT");
                assert!(answer.get("data").is_none(), "nothing was executed: {answer}");
            }
        }
        for (document, saying) in [
            ("query($a: Int) { provinces(unknown: $a) { slug } }", "Unknown argument"),
            ("query($a: Int) { provinces { slug } }", "is not used"),
            ("query($a: Int) { agreements(first: $a, first: 1) { nodes { id } } }", "only be one argument"),
            ("query($a: Int) { agreements(filter: {unknown: $a}) { nodes { id } } }", "unknown"),
        ] {
            let answer = server.execute(document, json!({})).await;
            assert!(answer["errors"][0]["message"].as_str().is_some_and(|all| all.contains(saying)), "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn fragment_works_in_two_operations() {
    on_both_engines(|server| async move {
        let document = "query A($d: Int) { statistics { ...F } } query B($d: Int) { statistics { ...F } }
            fragment F on Statistics { expiring(withinDays: $d) { totalCount { value } } }";
        let execute = async |operation: &str, variables: Value| {
            let body = json!({"query": document, "operationName": operation, "variables": variables});
            let request = server.http(Method::POST, "/graphql").header("accept", ACCEPT).json(&body);
            request.send().await.expect("an answer").json::<Value>().await.expect("JSON")
        };
        let literal = server
            .execute("{ statistics { expiring(withinDays: 90) { totalCount { value } } } }", Value::Null)
            .await;
        assert_eq!(execute("A", json!({})).await, literal);
        assert_eq!(execute("B", json!({"d": 90})).await, literal);
        assert_eq!(execute("B", json!({})).await, literal);
    })
    .await;
}

#[tokio::test]
async fn idempotency_key_ignores_absent_variables() {
    on_both_engines(|server| async move {
        let id = write(&server, CLERK, "createEvent", event("Once")).await.expect_entry()["id"].take();
        let document = "mutation($id: ID!, $p: String, $n: Int) {
            updateEvent(input: {id: $id, expectedVersion: 1, place: $p, occurrences: $n}) @idempotent(key: \"a\") {
                event { version place } errors { code path } cursor
            }
        }";
        let bare = document.replace(", occurrences: $n", "").replace(", $n: Int", "");
        let execute = async |document: &str, variables: Value| {
            server.execute_as(CLERK, document, variables).await["data"]["updateEvent"].take()
        };
        let first = execute(document, json!({"id": id, "p": "Huế"})).await;
        assert_eq!(first["event"], json!({"version": 2, "place": "Huế"}), "{first}");
        assert_eq!(execute(document, json!({"id": id, "p": "Huế"})).await, first);
        assert_eq!(execute(&bare, json!({"id": id, "p": "Huế"})).await, first, "absent is as if never written");
        for other in [json!({"id": id, "p": "Huế", "n": null}), json!({"id": id}), json!({"id": id, "p": null})] {
            let conflict = json!([{"code": "IDEMPOTENCY_CONFLICT", "path": ["key"]}]);
            assert_eq!(execute(document, other).await["errors"], conflict);
        }
    })
    .await;
}

#[tokio::test]
async fn every_transport_treats_unsent_variables_as_absent() {
    on_both_engines(|server| async move {
        let document = "query($d: Int) { statistics { expiring(withinDays: $d) { totalCount { value } } } }";
        let expected = server
            .execute("{ statistics { expiring(withinDays: 90) { totalCount { value } } } }", Value::Null)
            .await;
        assert!(expected["data"]["statistics"]["expiring"].is_object(), "{expected}");
        assert_eq!(server.execute(document, json!({})).await, expected);
        for parameters in [&[("query", document)][..], &[("query", document), ("variables", "{}")]] {
            let request = server.http(Method::GET, "/graphql").header("accept", ACCEPT).query(parameters);
            let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
            assert_eq!(answer, expected);
        }

        let received =
            "subscription($m: Int) { statistics(minIntervalMs: $m) { expiring { totalCount { value } } } }";
        let feed =
            "subscription($f: ChangeFilter, $a: Cursor) { changes(filter: $f, after: $a) { __typename } }";
        let heartbeat = json!({"data": {"changes": {"__typename": "ChangeHeartbeat"}}});
        let cases = [(document, expected.clone()), (received, expected.clone()), (feed, heartbeat)];
        let client = Client::builder().no_proxy().build().expect("a client");
        for (document, answer) in &cases {
            let request = EventStream::request(&client, &server.url("/graphql"), document, &json!({}));
            let mut events = EventStream::from_response(request.send().await.expect("an answer"));
            assert_eq!(events.next().await.expect("an event").answer(), *answer);
        }
        let address = server.url("/graphql").replace("http://", "").replace("/graphql", "");
        let mut socket = open(address.parse().expect("an address")).await.expect("a socket");
        send_message(&mut socket, &json!({"type": "connection_init"})).await;
        assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
        for (number, (document, answer)) in cases.iter().enumerate() {
            let id = number.to_string();
            send_message(
                &mut socket,
                &json!({"id": id, "type": "subscribe", "payload": {"query": document}}),
            )
            .await;
            let next = loop {
                let message = receive_message(&mut socket).await;
                if message["id"] == id && message["type"] == "next" {
                    break message;
                }
            };
            assert_eq!(next["payload"], *answer);
            send_message(&mut socket, &json!({"id": id, "type": "complete"})).await;
        }
    })
    .await;
}
