//! The messages of errors in Vietnamese and English.

use caunoi_domain::entry::Publication;
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::Action;
use caunoi_domain::validation::Reason;

/// The reason why a mutation wrote nothing.
pub(super) enum Why {
    /// The domain refuses a value.
    Refused(Reason),
    /// The caller sees no such entry.
    NotFound,
    /// The idempotency key was used with another input.
    OtherInput,
    /// The entry is now at this version.
    Stale(i32),
    /// This number of entries look like duplicates of the new one.
    Alike(usize),
}

/// Returns the message for the user.
pub(super) fn message(why: &Why, locale: Locale) -> String {
    match locale {
        Locale::Vi => vietnamese(why),
        Locale::En => english(why),
    }
}

fn english(why: &Why) -> String {
    match why {
        Why::Refused(Reason::Required) => "A value is required here.".to_owned(),
        Why::Refused(Reason::Invalid(reason)) => format!("Not valid: {reason}."),
        Why::Refused(Reason::UrlRefused(reason)) => format!("This URL is not called: {reason}."),
        Why::Refused(Reason::TooLong { most, given }) => {
            format!("Too long: at most {most} characters, {given} given.")
        }
        Why::Refused(Reason::TooMany { most, given }) => {
            format!("Too long: at most {most} members, {given} given.")
        }
        Why::Refused(Reason::Unknown { what, given, candidates }) => {
            let known = listed(" Did you mean ", candidates, "?");
            format!("No {what} is known as \"{given}\".{known}")
        }
        Why::Refused(Reason::Taken(code)) => format!("\"{code}\" is taken already."),
        Why::Refused(Reason::Transition { from, action }) => {
            let (from, action): (&str, &str) = ((*from).into(), (*action).into());
            format!("{action} does not begin from a version that is {from}.")
        }
        Why::Refused(Reason::Outdated) => "Somebody has changed it since. Read it again.".to_owned(),
        Why::Refused(Reason::SecretMatter) => {
            "State secrets may not be entered into this register.".to_owned()
        }
        Why::NotFound => "There is no such entry, or you may not see it.".to_owned(),
        Why::OtherInput => "This key was used for another request; take a new one.".to_owned(),
        Why::Stale(version) => {
            format!("Somebody has changed the entry: it is in version {version} now. Read it again.")
        }
        Why::Alike(1) => {
            "An entry looks like this one already; allowDuplicate enters it all the same.".to_owned()
        }
        Why::Alike(count) => {
            format!("{count} entries look like this one already; allowDuplicate enters it all the same.")
        }
    }
}

fn vietnamese(why: &Why) -> String {
    match why {
        Why::Refused(Reason::Required) => "Thông tin này là bắt buộc.".to_owned(),
        Why::Refused(Reason::Invalid(reason)) => match vietnamese_reason(reason) {
            Some(reason) => format!("Giá trị không hợp lệ: {reason}."),
            None => "Giá trị không hợp lệ, đề nghị kiểm tra lại.".to_owned(),
        },
        Why::Refused(Reason::UrlRefused(reason)) => match vietnamese_reason(reason) {
            Some(reason) => format!("Không thể gọi URL này: {reason}."),
            None => "Không thể gọi URL này, đề nghị kiểm tra lại.".to_owned(),
        },
        Why::Refused(Reason::TooLong { most, given }) => {
            format!("Nội dung quá dài: tối đa {most} ký tự, đã nhập {given} ký tự.")
        }
        Why::Refused(Reason::TooMany { most, given }) => {
            format!("Danh sách quá dài: tối đa {most} mục, đã nhập {given} mục.")
        }
        Why::Refused(Reason::Unknown { what, given, candidates }) => {
            let known = listed(" Mã gần giống: ", candidates, ".");
            format!("Không tìm thấy {} \"{given}\".{known}", vietnamese_thing(what))
        }
        Why::Refused(Reason::Taken(code)) => format!("Mã \"{code}\" đã được sử dụng."),
        Why::Refused(Reason::Transition { from, action }) => {
            format!("Không thể {} bản ghi {}.", vietnamese_action(*action), vietnamese_state(*from))
        }
        Why::Refused(Reason::Outdated) => {
            "Dữ liệu đã được người khác cập nhật; đề nghị tải lại trước khi sửa.".to_owned()
        }
        Why::Refused(Reason::SecretMatter) => {
            "Không được đưa thông tin thuộc danh mục bí mật nhà nước vào hệ thống.".to_owned()
        }
        Why::NotFound => "Không tìm thấy bản ghi, hoặc tài khoản không có quyền xem.".to_owned(),
        Why::OtherInput => "Khóa này đã được dùng cho một yêu cầu khác; đề nghị dùng khóa mới.".to_owned(),
        Why::Stale(version) => {
            format!(
                "Bản ghi đã được người khác cập nhật (phiên bản {version}); đề nghị tải lại trước khi sửa."
            )
        }
        Why::Alike(count) => {
            format!("Có {count} bản ghi tương tự; nếu vẫn muốn nhập, đề nghị gửi lại với allowDuplicate.")
        }
    }
}

/// Joins the words between two texts; returns an empty text if there are none.
fn listed(before: &str, words: &[String], after: &str) -> String {
    if words.is_empty() { String::new() } else { format!("{before}{}{after}", words.join(", ")) }
}

fn vietnamese_thing(what: &str) -> &str {
    match what {
        "unit" => "đơn vị hành chính",
        "province" => "tỉnh, thành phố",
        "entry type" => "loại bản ghi",
        "locality" => "địa phương nước ngoài",
        "country" => "quốc gia, vùng lãnh thổ",
        "source" => "nguồn tài liệu",
        "occasion" => "dịp kỷ niệm",
        "entry" => "bản ghi",
        "proposal" => "đề nghị bổ sung địa phương",
        "webhook" => "webhook",
        "delivery" => "lần gửi",
        "time zone" => "múi giờ",
        "term of FIELD" => "lĩnh vực hợp tác",
        "term of AGREEMENT_FORM" => "hình thức văn bản",
        "term of EVENT_KIND" => "loại hoạt động đối ngoại",
        "term of ORGANIZATION_KIND" => "loại tổ chức",
        "term of PROGRAMME_KIND" => "loại chương trình",
        "term of PARTNER_LEVEL" => "cấp địa phương nước ngoài",
        "term of INDICATOR" => "chỉ tiêu",
        _ => "mục",
    }
}

fn vietnamese_state(publication: Publication) -> &'static str {
    match publication {
        Publication::Draft => "đang ở trạng thái dự thảo",
        Publication::Submitted => "đang chờ duyệt",
        Publication::Published => "đã công bố",
        Publication::Withdrawn => "đã thu hồi",
    }
}

fn vietnamese_action(action: Action) -> &'static str {
    match action {
        Action::Create => "tạo",
        Action::Update => "cập nhật",
        Action::RecordAct => "ghi nhận diễn biến của",
        Action::Submit => "trình duyệt",
        Action::Return => "trả lại",
        Action::Publish => "công bố",
        Action::Withdraw => "thu hồi",
        Action::Confirm => "xác nhận",
        Action::Maintain => "cập nhật danh mục cho",
        Action::Propose => "đề nghị",
        Action::Settle => "trả lời đề nghị về",
    }
}

/// Parts of the English reasons of the domain and their Vietnamese translations.
const REASONS: [(&str, &str); 57] = [
    ("is not an EDTF date", "ngày tháng phải theo chuẩn EDTF, ví dụ 1996, 1996-05, 1996~ hoặc 2021-07/.."),
    ("there is no month", "tháng không tồn tại"),
    ("there is no day", "ngày không tồn tại"),
    ("there is no year", "năm phải từ 0001 đến 9999"),
    ("years run from", "năm phải từ 0001 đến 9999"),
    ("runs backwards", "khoảng thời gian có ngày kết thúc trước ngày bắt đầu"),
    ("an interval needs", "khoảng thời gian phải có ngày bắt đầu hoặc ngày kết thúc"),
    ("is not a whole number from", "phải là số nguyên trong giới hạn cho phép"),
    ("is not a decimal number", "phải là số thập phân"),
    ("is not an instant", "thời điểm phải theo chuẩn RFC 3339, ví dụ 2025-10-30T08:00:00+07:00"),
    ("the hours lie on", "giờ diễn ra nằm ngoài ngày đã nêu"),
    ("is before the beginning", "thời điểm kết thúc trước thời điểm bắt đầu"),
    ("control characters are not allowed", "không được chứa ký tự điều khiển"),
    ("is not a language", "mã ngôn ngữ phải theo ISO 639, ví dụ vi hoặc eng"),
    ("is not a media type", "định dạng tệp phải theo dạng application/pdf"),
    ("is not a SHA-256", "mã SHA-256 phải gồm 64 chữ số thập lục phân"),
    ("is not a currency", "mã tiền tệ phải theo ISO 4217, ví dụ VND"),
    ("give a locality or a body", "chỉ nêu địa phương hoặc tổ chức, không nêu cả hai"),
    ("is a party already", "bên ký kết đã có trong danh sách"),
    ("only EXTEND and RENEW", "chỉ gia hạn hoặc ký lại mới có thời hạn mới"),
    ("lies before the act", "thời hạn mới kết thúc trước ngày của diễn biến"),
    ("cannot be a district's", "cấp huyện kết thúc hoạt động từ ngày 01/7/2025"),
    ("the last of the dated stages is", "giai đoạn đã nêu khác với giai đoạn có ngày gần nhất"),
    ("two stages begin on one day", "hai giai đoạn bắt đầu cùng một ngày"),
    ("the beginning is open", "giai đoạn phải có ngày bắt đầu"),
    ("is not a slug of that country", "mã phải bắt đầu bằng mã quốc gia, ví dụ kr-gyeongsangnam"),
    ("is not a code of ISO 3166-2", "mã phải theo ISO 3166-2 của quốc gia đó, ví dụ KR-48"),
    ("is not an item of Wikidata", "mã Wikidata phải theo dạng Q41151"),
    ("is no point of the globe", "vĩ độ phải từ -90 đến 90, kinh độ từ -180 đến 180"),
    ("is not a kind of names", "loại tên gọi không có trong danh sách"),
    ("is not a code, such as", "mã chỉ gồm chữ in hoa, chữ số và dấu gạch dưới"),
    ("only indicators have units", "chỉ chỉ tiêu mới có đơn vị tính"),
    ("only indicators are summed", "chỉ chỉ tiêu mới được cộng dồn"),
    ("is not a day", "ngày phải theo dạng 2026-05-31"),
    ("is this entry itself", "không thể dẫn chiếu đến chính bản ghi này"),
    ("is not a period", "kỳ báo cáo phải viết như 2025, 2025-Q4 hoặc 2025-11"),
    ("ends before it begins", "kỳ báo cáo có ngày kết thúc trước ngày bắt đầu"),
    ("can be confirmed", "chỉ xác nhận được một tháng, một quý hoặc một năm"),
    ("has not begun", "kỳ báo cáo chưa bắt đầu"),
    ("is settled already", "đề nghị này đã được trả lời"),
    ("name a locality or a reason", "nêu địa phương hoặc lý do từ chối, không nêu cả hai"),
    ("is not a URL like", "URL phải theo dạng https://example.vn/hook"),
    ("a URL has at most", "URL dài tối đa 2.000 byte"),
    ("only https is called", "chỉ dùng https"),
    ("a URL carries no user", "URL không được chứa tên đăng nhập và mật khẩu"),
    ("only the ports", "chỉ dùng cổng 443 và 8443"),
    ("is not one of the public internet", "địa chỉ không thuộc mạng Internet công cộng"),
    ("the host cannot be resolved", "không phân giải được tên máy chủ"),
    (
        "the document is one subscription",
        "tài liệu GraphQL phải là một subscription chỉ gồm trường `changes`",
    ),
    ("the register keeps the position", "hệ thống tự ghi nhớ vị trí, đề nghị bỏ đối số `after`"),
    ("has no variable `$filter`", "tài liệu GraphQL không có biến `$filter` để nhận bộ lọc"),
    ("the document cannot be run", "tài liệu GraphQL không chạy được với lược đồ hiện hành"),
    ("a partner has at most", "mỗi đối tác có tối đa 20 webhook"),
    ("deliveries wait already", "đã có nhiều lần gửi đang chờ, đề nghị thử lại sau"),
    ("webhooks take no @idempotent key", "thao tác với webhook không dùng khóa @idempotent"),
    ("the cursor is not one of this register", "con trỏ không thuộc hệ thống này"),
    ("a key has 1 to 255 characters", "khóa phải có từ 1 đến 255 ký tự"),
];

fn vietnamese_reason(reason: &str) -> Option<&'static str> {
    REASONS.iter().find(|(part, _)| reason.contains(part)).map(|(_, vietnamese)| *vietnamese)
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::date::FuzzyDate;

    fn both(refusal: Reason) -> (String, String) {
        let why = Why::Refused(refusal);
        (message(&why, Locale::En), message(&why, Locale::Vi))
    }

    #[test]
    fn a_reason_is_told_in_both_languages() {
        let (en, vi) = both(FuzzyDate::parse("2026-13").unwrap_err());
        assert!(en.starts_with("Not valid: "), "{en}");
        assert!(vi.contains("tháng không tồn tại"), "{vi}");
        let (_, vi) = both(FuzzyDate::parse("someday").unwrap_err());
        assert!(vi.contains("EDTF"), "{vi}");
        let (_, vi) = both(Reason::Invalid("of a new kind".to_owned()));
        assert_eq!(vi, "Giá trị không hợp lệ, đề nghị kiểm tra lại.");
    }

    #[test]
    fn a_move_names_state_and_act() {
        let refusal = Reason::Transition { from: Publication::Withdrawn, action: Action::Publish };
        let (en, vi) = both(refusal);
        assert_eq!(en, "PUBLISH does not begin from a version that is WITHDRAWN.");
        assert_eq!(vi, "Không thể công bố bản ghi đã thu hồi.");
    }
}
