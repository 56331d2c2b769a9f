//! Random mutations of acts: what is accepted keeps final statuses, and statistics agree with lists.

use serde_json::{Value, json};

use super::{CLERK, Written};
use crate::harness::{Server, on_both_engines};
use crate::mutations::agreement;

/// Pseudo-random numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.roll(words.len() as u64)).expect("a few")]
    }

    fn date(&mut self) -> String {
        let (year, month) = (2019 + self.roll(6), 1 + self.roll(12));
        let day = 1 + self.roll(28);
        match self.roll(3) {
            0 => format!("{year}"),
            1 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        }
    }
}

const KINDS: [&str; 10] = [
    "ENTER_INTO_FORCE",
    "AMEND",
    "EXTEND",
    "RENEW",
    "SUSPEND",
    "RESUME",
    "TERMINATE",
    "EXPIRE",
    "SUCCEED",
    "SIGN",
];

const FINAL: [&str; 3] = ["TERMINATED", "WITHDRAWN", "SUPERSEDED"];

/// Executes a random mutation on the acts and returns whether it was accepted.
async fn change_acts(server: &Server, written: &mut Written, dice: &mut Dice) -> bool {
    let id = (1 + dice.roll(5)).to_string();
    let reason = json!({"vi": "Đối chiếu"});
    let result = match dice.roll(4) {
        0 | 1 => {
            let act = json!({"act": {"kind": dice.pick(&KINDS), "on": dice.date()}});
            written.act(server, "recordAct", act).await
        }
        2 => {
            let change = json!({"actId": id, "on": dice.date(), "reason": reason});
            written.act(server, "amendAct", change).await
        }
        _ => written.act(server, "voidAct", json!({"actId": id, "reason": reason})).await,
    };
    if result.entry.is_null() {
        assert!(!result.refused().is_empty(), "{}", result.answer);
        return false;
    }
    written.entry = result.expect_entry();
    true
}

/// Checks that the status on each quarter follows from the acts and that a final one stays.
async fn assert_final_status_stays(server: &Server, written: &Written) {
    let days: Vec<String> =
        (2018..2028).flat_map(|year| ["01-01", "07-01"].map(|day| format!("{year}-{day}"))).collect();
    let fields = days.iter().enumerate().fold(String::from("acts { kind }"), |fields, (index, day)| {
        format!("{fields} s{index}: status(asOf: \"{day}\")")
    });
    let shown = written.read(server, CLERK, &fields).await;
    let statuses: Vec<&str> =
        (0..days.len()).filter_map(|index| shown[format!("s{index}")].as_str()).collect();
    assert_eq!(statuses.len(), days.len(), "a status on every day");
    for pair in statuses.windows(2) {
        assert!(!FINAL.contains(&pair[0]) || pair[0] == pair[1], "{statuses:?} of {shown}");
    }
    let is_ended = shown["acts"].as_array().is_some_and(|acts| acts.contains(&json!({"kind": "TERMINATE"})));
    assert_eq!(statuses.last() == Some(&"TERMINATED"), is_ended, "{shown}");
}

/// Returns how many published agreements of the province are in force on a day, by the statistics
/// and by the statuses of the list.
async fn in_force(server: &Server, day: &str) -> (Value, usize) {
    let document = format!(
        "{{ statistics(asOf: \"{day}\") {{ agreements(filter: {{province: {{in: [\"DONG_NAI\"]}}}}) {{ inForce }} }}
            agreements(asOf: \"{day}\", first: 100, filter: {{province: {{in: [\"DONG_NAI\"]}}}}) {{ nodes {{ status(asOf: \"{day}\") }} }} }}"
    );
    let data = server.execute(&document, Value::Null).await["data"].take();
    let nodes = data["agreements"]["nodes"].as_array().expect("a list");
    let count = nodes.iter().filter(|node| node["status"] == "IN_FORCE").count();
    (data["statistics"]["agreements"]["inForce"].clone(), count)
}

#[tokio::test]
async fn random_acts_that_are_accepted_keep_final_statuses_and_counts() {
    on_both_engines(|server| async move {
        let mut dice = Dice(7);
        let (mut accepted, mut refused) = (0, 0);
        for number in 0..4 {
            let mut input = agreement(&format!("Ngẫu nhiên {number}"));
            input["acts"] = json!([{"kind": "SIGN", "on": "2019-05-06"}]);
            if number > 1 {
                input["expires"] = json!("2023");
            }
            let mut written = Written::create(&server, "createAgreement", input).await;
            for _ in 0..20 {
                if change_acts(&server, &mut written, &mut dice).await {
                    accepted += 1;
                    assert_final_status_stays(&server, &written).await;
                } else {
                    refused += 1;
                }
            }
            let signed = written.read(&server, CLERK, "signedOn { edtf }").await;
            if !signed["signedOn"].is_null() {
                written.publish(&server).await;
            }
            for day in ["2020-01-01", "2022-06-01", "2025-01-01"] {
                let (counted, listed) = in_force(&server, day).await;
                assert_eq!(counted, json!(listed), "{day}");
            }
        }
        assert!(accepted > 15 && refused > 15, "{accepted} accepted, {refused} refused");
    })
    .await;
}
