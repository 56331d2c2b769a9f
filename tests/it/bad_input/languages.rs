//! Errors are in the language of the request; without `Accept-Language`, in Vietnamese.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

/// Returns the message of the first error, in Vietnamese and in English; asserts that all but the
/// message is equal.
async fn messages(server: &Server, token: Option<&str>, document: &str) -> [String; 2] {
    let mut messages = [String::new(), String::new()];
    let mut others = Vec::new();
    for (language, message) in ["vi", "en"].into_iter().zip(&mut messages) {
        let answer = server.execute_in(language, token, document, Value::Null).await;
        let mut error = answer["errors"][0].clone();
        *message = error["message"].take().as_str().unwrap_or_default().to_owned();
        error["extensions"]["requestId"].take();
        others.push(error);
    }
    assert_eq!(others[0], others[1], "{document}");
    messages
}

#[tokio::test]
async fn top_level_errors_are_in_the_language_of_the_request() {
    on_both_engines(|server| async move {
        let publisher = server.token("publisher", Some("HUE"));
        let confirm = r#"mutation { confirmPeriod(input: {province: "DONG_NAI", period: "2025"}) { cursor } }"#;
        let unknown = r#"{ events(filter: {province: {in: ["DONG_NAX"]}}) { nodes { id } } }"#;
        for (token, document, expected) in [
            (None, confirm, ["Yêu cầu này phải kèm mã xác thực (token).", "A token is needed."]),
            (
                Some(publisher.as_str()),
                confirm,
                [
                    "Yêu cầu này dành cho người duyệt công bố của tỉnh, thành phố.",
                    "This needs a publisher of the province.",
                ],
            ),
            (
                None,
                unknown,
                [
                    "filter.province.in.0: Không tìm thấy tỉnh, thành phố \"DONG_NAX\". Mã gần giống: DONG_NAI.",
                    "filter.province.in.0: No province is known as \"DONG_NAX\". Did you mean DONG_NAI?",
                ],
            ),
            (
                None,
                "query($a: String!) { province(slug: $a) { slug } }",
                ["Biến $a phải có giá trị.", "The variable $a needs a value."],
            ),
            (
                None,
                "{ statistics { expiring(withinDays: -1) { nodes { code } } } }",
                ["Giá trị không hợp lệ: -1; phải từ 0 đến 36525.", "-1 is not from 0 to 36525."],
            ),
        ] {
            assert_eq!(messages(&server, token, document).await, expected, "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn errors_of_the_document_stay_english() {
    on_both_engines(|server| async move {
        for document in ["{", "{ nothing }"] {
            let [vi, en] = messages(&server, None, document).await;
            assert_eq!(vi, en, "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn errors_of_http_are_in_the_language_of_the_request() {
    on_both_engines(|server| async move {
        for (language, message) in
            [(None, "Không có nội dung tại địa chỉ này."), (Some("en"), "There is nothing at this address.")]
        {
            let request = server.http(Method::GET, "/nowhere");
            let request = match language {
                Some(language) => request.header("accept-language", language),
                None => request,
            };
            let response = request.send().await.expect("the server answers");
            assert_eq!(response.status(), 404);
            let body: Value = response.json().await.expect("JSON");
            assert_eq!(body["errors"][0]["message"], message);
        }
    })
    .await;
}

#[tokio::test]
async fn reversed_bounds_are_named_in_both_languages() {
    on_both_engines(|server| async move {
        let document = r#"mutation { createEvent(input: {
            province: "HUE", title: {en: "Festival"}, kind: "FESTIVAL", pillar: STATE, heldOn: "2026-12",
            delegates: {lower: "5", upper: "3", qualifier: RANGE, unit: "person"}
        }) { errors { code path vi: message(locale: VI) en: message(locale: EN) } } }"#;
        let answer = server.execute_as("clerk:HUE", document, Value::Null).await;
        assert_eq!(
            answer["data"]["createEvent"]["errors"],
            json!([{
                "code": "INVALID",
                "path": ["delegates"],
                "vi": "Giá trị không hợp lệ: giới hạn dưới 5 lớn hơn giới hạn trên 3.",
                "en": "The lower bound 5 is above the upper bound 3.",
            }]),
            "{answer}"
        );
    })
    .await;
}
