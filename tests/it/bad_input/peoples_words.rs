//! Dates and names as people write them: read where they are certain, otherwise refused with the
//! accepted form or with candidates.

use serde_json::{Value, json};

use super::{expect_data, expect_rejection};
use crate::harness::{Server, on_both_engines};
use crate::mutations::{agreement, create_inputs, event, read_entry, relation, write};

const CLERK: &str = "clerk:DONG_NAI";

/// Returns the message of the only error of a payload, and its path.
fn only_error(errors: &Value) -> (String, String) {
    let errors = errors.as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let path = errors[0]["path"].as_array().expect("a path").iter().filter_map(Value::as_str);
    let path: Vec<&str> = path.collect();
    (errors[0]["message"].as_str().unwrap_or_default().to_owned(), path.join("."))
}

async fn held_on(server: &Server, written: &str) -> Result<String, (String, String)> {
    let mut input = event(&format!("Held {written}"));
    input["heldOn"] = json!(written);
    let result = write(server, CLERK, "createEvent", input).await;
    if result.entry.is_null() {
        return Err(only_error(&result.errors));
    }
    let shown = read_entry(server, CLERK, &result.entry, "heldOn { edtf }").await;
    Ok(shown["heldOn"]["edtf"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn dates_of_people_are_read_in_inputs() {
    on_both_engines(|server| async move {
        for (written, expected) in [
            ("20/05/2024", "2024-05-20"),
            ("20-5-2024", "2024-05-20"),
            ("5-2024", "2024-05"),
            ("tháng 5 năm 2024", "2024-05"),
            ("ngày 20 tháng 5 năm 2024", "2024-05-20"),
            ("May 2024", "2024-05"),
            ("2024/05/20", "2024-05-20"),
        ] {
            assert_eq!(held_on(&server, written).await.as_deref(), Ok(expected), "{written}");
        }
        let (message, path) = held_on(&server, "05/06/2024").await.unwrap_err();
        assert_eq!(path, "heldOn");
        assert_eq!(
            message,
            "Giá trị không hợp lệ: đề nghị nhập 2024-06-05 (theo thứ tự ngày/tháng/năm) hoặc 2024-05-06, vì \"05/06/2024\" có hai cách đọc."
        );
        let (message, _) = held_on(&server, "20/5/24").await.unwrap_err();
        assert!(message.contains("phải theo dạng 2024-05-20"), "{message}");
    })
    .await;
}

#[tokio::test]
async fn dates_of_people_in_arguments_are_refused_with_the_accepted_form() {
    on_both_engines(|server| async move {
        let units = "query($day: LocalDate) { units(asOf: $day) { slug } }";
        expect_rejection(&server, units, json!({"day": "20/05/2024"}), "Write 2024-05-20 for").await;
        expect_rejection(&server, units, json!({"day": "05/06/2024"}), "Write 2024-06-05 (day first)").await;
        let agreements = "query($period: Period) { statistics { agreements(period: $period) { count } } }";
        for (period, accepted) in
            [("5-2024", "2024-05"), ("tháng 5 năm 2024", "2024-05"), ("20/5/2024", "2024-05-20")]
        {
            let saying = format!("Write {accepted} for \"{period}\"");
            expect_rejection(&server, agreements, json!({"period": period}), &saying).await;
        }
    })
    .await;
}

#[tokio::test]
async fn certain_names_are_read_in_inputs() {
    on_both_engines(|server| async move {
        let mut input = agreement("Bản ghi nhớ với Gyeongnam");
        input["province"] = json!("Đồng Nai");
        input["form"] = json!("Bản ghi nhớ");
        input["partnerLocality"] = json!("Gyeongnam");
        input["fields"] = json!(["Văn hóa và nghệ thuật"]);
        let entry = write(&server, CLERK, "createAgreement", input).await.expect_entry();
        let fields = "province { slug } form { code } partnerLocality { slug } fields { code }";
        assert_eq!(
            read_entry(&server, CLERK, &entry, fields).await,
            json!({
                "province": {"slug": "DONG_NAI"}, "form": {"code": "MOU"},
                "partnerLocality": {"slug": "kr-gyeongsangnam"}, "fields": [{"code": "CULTURE"}],
            })
        );
        for (index, country) in ["Nhật Bản", "Japan", "JP", "jpn"].into_iter().enumerate() {
            let mut input = event(&format!("For a country {index}"));
            input["audienceCountries"] = json!([country]);
            let entry = write(&server, CLERK, "createEvent", input).await.expect_entry();
            let shown = read_entry(&server, CLERK, &entry, "audienceCountries { code }").await;
            assert_eq!(shown, json!({"audienceCountries": [{"code": "JP"}]}), "{country}");
        }
        let mut input = relation();
        input["province"] = json!("Đồng");
        let refused = write(&server, CLERK, "createRelation", input).await;
        let (message, path) = only_error(&refused.errors);
        assert_eq!(path, "province");
        assert!(message.contains("Mã gần giống: DONG_NAI, DONG_THAP"), "{message}");
    })
    .await;
}

#[tokio::test]
async fn certain_names_are_read_in_filters_and_look_ups() {
    on_both_engines(|server| async move {
        let count = |list: &str, filter: Value| {
            let (server, list) = (&server, format!("{list}s"));
            let kind = format!("{}{}", list[..1].to_uppercase(), &list[1..list.len() - 1]);
            let document =
                format!("query($f: {kind}Filter) {{ {list}(filter: $f) {{ totalCount {{ value }} }} }}");
            async move {
                let mut data = expect_data(server, &document, json!({ "f": filter })).await;
                data[list.as_str()]["totalCount"]["value"].take()
            }
        };
        for (list, by_code, by_name) in [
            (
                "relation",
                json!({"province": {"in": ["DONG_NAI"]}}),
                json!({"province": {"in": ["Đồng Nai"]}}),
            ),
            (
                "relation",
                json!({"unit": {"in": ["BINH_DUONG"]}}),
                json!({"unit": {"in": ["tỉnh Bình Dương"]}}),
            ),
            ("event", json!({"country": {"in": ["JP"]}}), json!({"country": {"in": ["Nhật Bản"]}})),
            (
                "event",
                json!({"locality": {"in": ["kr-gyeongsangnam"]}}),
                json!({"locality": {"in": ["Gyeongnam"]}}),
            ),
            ("agreement", json!({"form": {"in": ["MOU"]}}), json!({"form": {"in": ["bản ghi nhớ"]}})),
        ] {
            let (expected, shown) = (count(list, by_code).await, count(list, by_name.clone()).await);
            assert!(expected.as_i64().is_some_and(|count| count > 0), "{by_name}");
            assert_eq!(expected, shown, "{by_name}");
        }
        let look_ups = "{ province(slug: \"Đồng Nai\") { slug } country(code: \"Nhật Bản\") { code }
            locality(slug: \"Gyeongnam\") { slug } unit(by: {slug: \"tỉnh Bình Dương\"}) { slug }
            changes(filter: {province: {in: [\"Đồng Nai\"]}, country: {in: [\"Nhật Bản\"]}}) { hasMore } }";
        let data = expect_data(&server, look_ups, Value::Null).await;
        assert_eq!(data["province"]["slug"], "DONG_NAI");
        assert_eq!(data["country"]["code"], "JP");
        assert_eq!(data["locality"]["slug"], "kr-gyeongsangnam");
        assert_eq!(data["unit"]["slug"], "BINH_DUONG");
    })
    .await;
}

#[tokio::test]
async fn every_error_of_a_list_names_its_index() {
    on_both_engines(|server| async move {
        let mut inputs: Vec<(&str, Value)> = create_inputs("Lists").into();
        let (_, event) = inputs.remove(2);
        for (field, members) in [
            ("partnerLocalities", json!(["kr-busan", "nope1", "nope2"])),
            ("audienceCountries", json!(["JP", "nope1", "nope2"])),
            ("fields", json!(["EDUCATION", "nope1", "nope2"])),
            ("sources", json!(["seed-000", "nope1", "nope2"])),
            ("occasions", json!(["", "nope1", "nope2"])),
            ("outcomeProjects", json!(["Cầu", "a\u{1}", "b\u{1}"])),
        ] {
            let mut input = event.clone();
            input[field] = members;
            let refused = write(&server, CLERK, "createEvent", input).await.refused();
            let paths: Vec<&str> = refused.iter().map(|(_, path)| path.as_str()).collect();
            let last = [format!("{field}.1"), format!("{field}.2")];
            assert!(paths.ends_with(&[last[0].as_str(), last[1].as_str()]), "{field}: {paths:?}");
        }
    })
    .await;
}
