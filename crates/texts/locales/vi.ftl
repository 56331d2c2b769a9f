# The texts that people read, in Vietnamese. The ids and variables are those of en.ftl.

### Reasons of validation errors

reason-required = Thông tin này là bắt buộc.
reason-too-long = Nội dung quá dài: tối đa { $most } ký tự, đã nhập { $given } ký tự.
reason-too-many = Danh sách quá dài: tối đa { $most } mục, đã nhập { $given } mục.
reason-unknown =
    Không tìm thấy { $reference } "{ $given }".{ $candidates-count ->
        [0] { "" }
       *[other] { " " }Mã gần giống: { $candidates }.
    }
reason-taken = Mã "{ $given }" đã được sử dụng.
reason-outdated = Dữ liệu đã được người khác cập nhật; đề nghị tải lại trước khi sửa.
reason-transition = Không thể { $action } bản ghi { $from }.
reason-secret-matter = Không được đưa thông tin thuộc danh mục bí mật nhà nước vào hệ thống.
reason-too-large = Bản ghi quá lớn: tối đa { $most } KB, hiện có { $given } KB. Đề nghị rút gọn nội dung hoặc tách thành nhiều bản ghi.
reason-quota-exceeded = Đã hết hạn mức: { $quota }, tối đa { $limit }, đã dùng { $used }. Đề nghị thử lại sau { $minutes } phút.

reason-unknown-word = Giá trị không hợp lệ: "{ $given }" không phải { $list }. Các giá trị được dùng: { $permitted }.
reason-malformed = Giá trị không hợp lệ: "{ $given }"; { $format }.
reason-not-a-whole-number = Giá trị không hợp lệ: "{ $given }"; phải là số nguyên từ { $least } đến { $most }.
reason-out-of-range = Giá trị không hợp lệ: { $given }; phải từ { $least } đến { $most }.
reason-control-characters = Giá trị không hợp lệ: không được chứa ký tự điều khiển hoặc ký tự vô hình.
reason-no-such-year = Giá trị không hợp lệ: không có năm { $given }; năm phải từ 0001 đến 9999.
reason-no-such-month = Giá trị không hợp lệ: tháng không tồn tại ({ $given }).
reason-no-such-day = Giá trị không hợp lệ: ngày không tồn tại ({ $given }).
reason-date-form = Giá trị không hợp lệ: đề nghị nhập { $accepted } thay cho "{ $given }".
reason-ambiguous-date = Giá trị không hợp lệ: đề nghị nhập { $accepted } (theo thứ tự ngày/tháng/năm) hoặc { $other }, vì "{ $given }" có hai cách đọc.
reason-year-out-of-range = Giá trị không hợp lệ: năm phải từ 0001 đến 9999.
reason-interval-reversed = Giá trị không hợp lệ: khoảng thời gian { $given } có ngày kết thúc trước ngày bắt đầu.
reason-interval-unbounded = Giá trị không hợp lệ: khoảng thời gian phải có ngày bắt đầu hoặc ngày kết thúc.
reason-period-reversed = Giá trị không hợp lệ: kỳ báo cáo { $first }/{ $last } có ngày kết thúc trước ngày bắt đầu.
reason-period-not-confirmable = Giá trị không hợp lệ: chỉ xác nhận được một tháng, một quý hoặc một năm.
reason-period-not-begun = Giá trị không hợp lệ: kỳ báo cáo { $period } chưa bắt đầu.
reason-nothing-before = Giá trị không hợp lệ: không có thời gian sớm hơn trong lịch để so sánh.
reason-value-not-allowed = Giá trị không hợp lệ: số lượng loại { $qualifier } không có giá trị riêng, nhưng đã nhập { $value }.
reason-bounds-unfit = Giá trị không hợp lệ: giới hạn (dưới { $lower }, trên { $upper }) không phù hợp với loại số lượng { $qualifier }.
reason-bounds-reversed = Giá trị không hợp lệ: giới hạn dưới { $lower } lớn hơn giới hạn trên { $upper }.
reason-value-below-bound = Giá trị không hợp lệ: { $value } nhỏ hơn giới hạn dưới { $lower }.
reason-value-above-bound = Giá trị không hợp lệ: { $value } lớn hơn giới hạn trên { $upper }.
reason-too-many-digits = Giá trị không hợp lệ: số có tối đa { $whole } chữ số phần nguyên và { $places } chữ số phần thập phân.
reason-total-too-large = Giá trị không hợp lệ: tổng của { $times } hoạt động vượt quá { $whole } chữ số. Đề nghị kiểm tra lại số đại biểu của một hoạt động hoặc số hoạt động.
reason-hours-outside-date = Giá trị không hợp lệ: giờ diễn ra ({ $days }, múi giờ { $zone }) nằm ngoài ngày đã nêu ({ $date }).
reason-end-before-start = Giá trị không hợp lệ: thời điểm kết thúc trước thời điểm bắt đầu.
reason-locality-and-organization = Giá trị không hợp lệ: chỉ nêu địa phương hoặc tổ chức, không nêu cả hai.
reason-party-twice = Giá trị không hợp lệ: bên ký kết "{ $given }" đã có trong danh sách.
reason-no-new-term = Giá trị không hợp lệ: chỉ gia hạn (EXTEND) hoặc ký lại (RENEW) mới có thời hạn mới.
reason-term-before-act = Giá trị không hợp lệ: thời hạn mới kết thúc trước ngày của diễn biến.
reason-units-not-known = Không có dữ liệu về các đơn vị hành chính trước ngày { $since } (đã hỏi ngày { $given }): hãy chọn một ngày từ { $since } trở đi.
reason-act-in-future = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }) sau hôm nay ({ $today }). Chỉ ghi nhận diễn biến đã xảy ra.
reason-act-before-signing = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }) trước ngày ký ({ $signed }). Sửa ngày của diễn biến, hoặc sửa ngày ký bằng amendAct.
reason-signed-already = Giá trị không hợp lệ: diễn biến số { $number } (SIGN, { $on }): thỏa thuận đã được ký trước đó ({ $signed }). Sửa lần ký đầu bằng amendAct; văn bản ký sau là một thỏa thuận riêng, nêu renews hoặc parent.
reason-act-before-entry-into-force = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }) chỉ có khi thỏa thuận đã có hiệu lực. Hãy ghi nhận ENTER_INTO_FORCE trước.
reason-act-repeated = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }): thỏa thuận đã ở tình trạng { $status } từ { $since }. Sửa ngày hoặc loại diễn biến, hoặc sửa hay hủy diễn biến kia.
reason-not-suspended = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }): thỏa thuận không bị tạm đình chỉ. Hãy ghi nhận SUSPEND trước.
reason-act-after-expiry = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }): thỏa thuận đã hết thời hạn (EXPIRED) từ { $since }. Hãy ghi nhận EXTEND hoặc RENEW trước, hoặc sửa thời hạn.
reason-act-after-end = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }): thỏa thuận đã ở tình trạng { $status } từ { $since }; sau đó chỉ còn SUCCEED và CORRECT. Sửa ngày của diễn biến, hoặc sửa hay hủy diễn biến đã kết thúc thỏa thuận.
reason-term-before-signing = Giá trị không hợp lệ: thời hạn kết thúc ({ $expires }) trước ngày ký ({ $signed }). Sửa một trong hai.
reason-unit-ended = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }) không thể của đơn vị { $unit } đã kết thúc hoạt động ngày { $ended }. Nếu đơn vị kế thừa đã tiếp nhận thỏa thuận, hãy ghi nhận SUCCEED trước; văn bản do đơn vị kế thừa ký là thỏa thuận của đơn vị đó.
reason-act-before-unit = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }, { $on }) không thể của đơn vị { $unit }, vì đơn vị này được thành lập từ ngày { $begins }. Đề nghị nêu đơn vị khi đó, hoặc sửa ngày.
reason-no-districts = Giá trị không hợp lệ: diễn biến { $act } ngày { $on } không thể của cấp huyện, do cấp huyện kết thúc hoạt động từ ngày { $since }. Sửa ngày hoặc cấp ký, hoặc ghi nhận SUCCEED trước.
reason-stage-contradicted = Giá trị không hợp lệ: giai đoạn đã nêu khác với giai đoạn có ngày gần nhất ({ $last }).
reason-stages-on-one-day = Giá trị không hợp lệ: hai giai đoạn bắt đầu cùng một ngày.
reason-stage-start-open = Giá trị không hợp lệ: giai đoạn phải có ngày bắt đầu.
reason-not-on-globe = Giá trị không hợp lệ: { $latitude }, { $longitude }; vĩ độ phải từ -90 đến 90, kinh độ từ -180 đến 180.
reason-units-without-indicator = Giá trị không hợp lệ: chỉ chỉ tiêu mới có đơn vị tính.
reason-sum-without-indicator = Giá trị không hợp lệ: chỉ chỉ tiêu mới được cộng dồn.
reason-province-and-organization = Giá trị không hợp lệ: chỉ nêu tỉnh, thành phố hoặc tổ chức, không nêu cả hai.
reason-participant-twice = Giá trị không hợp lệ: "{ $given }" đã có trong danh sách.
reason-source-and-reason = Giá trị không hợp lệ: hồ sơ đã nêu nguồn tài liệu nên không thể ghi lý do không có nguồn. Đề nghị bỏ một trong hai trường.
reason-source-not-findable = Giá trị không hợp lệ: nguồn tài liệu phải có địa chỉ web, đơn vị công bố hoặc tệp đã tải lên để người khác tra cứu được.
reason-source-known = Giá trị không hợp lệ: trang này đã có trong danh mục nguồn với mã { $code }; đề nghị dùng mã đó.
reason-source-in-future = Giá trị không hợp lệ: ngày { $day } ở trong tương lai.
reason-other-relation = Giá trị không hợp lệ: quan hệ { $code } không phải của đơn vị này với đối tác của hồ sơ này. Đề nghị nêu quan hệ khác, hoặc để trống: khi đó quan hệ được xác định theo đơn vị và đối tác.
reason-own-entry = Giá trị không hợp lệ: không thể dẫn chiếu đến chính bản ghi này.
reason-link-cycle = Giá trị không hợp lệ: theo cùng loại liên kết, { $code } dẫn trở lại chính bản ghi này, nên không bản ghi nào là bản ghi trước. Đề nghị nêu bản ghi khác.
reason-no-letters = Giá trị không hợp lệ: nội dung không có chữ cái hay chữ số nào. Nếu chưa biết thì để trống trường này.
reason-nothing-amended = Giá trị không hợp lệ: diễn biến đã có các giá trị này. Đề nghị nêu trường cần sửa.
reason-term-shortened = Giá trị không hợp lệ: diễn biến số { $number } ({ $act }): thời hạn mới kết thúc { $until }, sớm hơn thời hạn trước ({ $before }). Sửa `until`, hoặc ghi nhận TERMINATE hay EXPIRE nếu thỏa thuận kết thúc sớm hơn.
reason-not-mergeable = Giá trị không hợp lệ: chỉ gộp được thỏa thuận và sự kiện, mỗi loại với các bản ghi cùng loại.
reason-has-unpublished-version = Giá trị không hợp lệ: bản ghi có phiên bản chưa công bố; tỉnh, thành phố cần công bố hoặc bỏ phiên bản đó trước.
reason-already-merged = Giá trị không hợp lệ: bản ghi đã được gộp vào { $into }; hãy dùng bản ghi đó hoặc hủy việc gộp trước.
reason-keeps-merged = Giá trị không hợp lệ: các bản ghi khác đã được gộp vào bản ghi này ({ $codes }); hãy hủy việc gộp trước.
reason-ministry-entry-is-kept = Giá trị không hợp lệ: phải giữ lại bản ghi của Bộ.
reason-not-merged = Giá trị không hợp lệ: bản ghi chưa được gộp vào bản ghi nào.
reason-province-changed = Giá trị không hợp lệ: không thể chuyển bản ghi sang tỉnh, thành phố khác.
reason-proposal-settled = Giá trị không hợp lệ: đề nghị này đã được trả lời.
reason-locality-and-reason = Giá trị không hợp lệ: nêu địa phương hoặc lý do từ chối, không nêu cả hai.
reason-foreign-page-cursor = Giá trị không hợp lệ: con trỏ không thuộc danh sách này, đề nghị tải lại danh sách từ đầu.
reason-foreign-cursor = Giá trị không hợp lệ: con trỏ không thuộc hệ thống này.
reason-cursor-lost = Giá trị không hợp lệ: hệ thống đã mất các thay đổi đến con trỏ này, ví dụ do khôi phục. Hãy dùng con trỏ cũ hơn.
reason-not-recorded-yet = Giá trị không hợp lệ: hệ thống chưa ghi nhận đến thời điểm đó. Hãy dùng con trỏ hoặc thời điểm trong quá khứ.
reason-page-directions = Giá trị không hợp lệ: chỉ dùng first/after hoặc last/before, không dùng cả hai.
reason-page-size = "{ $argument }" phải từ 1 đến { $most }, không phải { $given }.
reason-too-many-groups = Giá trị không hợp lệ: nếu điền các khoảng trống sẽ có { $count } nhóm, tối đa { $most }; đề nghị dùng kỳ dài hơn hoặc một khóa nhóm.
reason-actor-name = Giá trị không hợp lệ: tên có từ 1 đến 200 ký tự, không chứa ký tự điều khiển, dấu đổi hướng viết hoặc ký tự ẩn.
reason-role-without-province = Giá trị không hợp lệ: vai trò { $role } phải thuộc một tỉnh, thành phố.
reason-role-with-province = Giá trị không hợp lệ: vai trò { $role } không thuộc tỉnh, thành phố nào.
reason-key-length = Giá trị không hợp lệ: khóa phải có từ 1 đến { $most } ký tự.
reason-key-not-taken = Giá trị không hợp lệ: thao tác này không dùng khóa @idempotent.
reason-time-too-early = Giá trị không hợp lệ: thời điểm phải sau { $after }.
reason-time-too-late = Giá trị không hợp lệ: thời điểm không được muộn hơn { $until }.
reason-subject-is-key = Giá trị không hợp lệ: đây là tên của một khóa API, hãy thu hồi bằng revokeApiKey.
reason-own-access = Giá trị không hợp lệ: thao tác này thu hồi mọi token của chính bạn, kể cả token cấp sau này. Hãy ghi issuedBefore hoặc force: true.
reason-own-network = Giá trị không hợp lệ: địa chỉ của bạn thuộc mạng này, bạn sẽ tự chặn mình. Hãy ghi force: true nếu vẫn muốn chặn.
reason-loopback-network = Giá trị không hợp lệ: mạng này chứa địa chỉ của chính máy chủ nên không chặn được.
reason-rule-ended = Giá trị không hợp lệ: mục này đã kết thúc.
reason-too-many-rules = Giá trị không hợp lệ: đã có { $most } mục; hãy kết thúc bớt trước.
reason-not-one-subscription = Giá trị không hợp lệ: tài liệu GraphQL phải là một subscription chỉ gồm trường `changes`.
reason-after-not-taken = Giá trị không hợp lệ: hệ thống tự ghi nhớ vị trí, đề nghị bỏ đối số `after`.
reason-no-filter-variable = Giá trị không hợp lệ: tài liệu GraphQL không có biến `$filter` để nhận bộ lọc.
reason-document-failed = Giá trị không hợp lệ: tài liệu GraphQL không chạy được với lược đồ hiện hành ({ $error }).
reason-too-many-webhooks = Giá trị không hợp lệ: mỗi đối tác có tối đa { $most } webhook.
reason-too-many-deliveries = Giá trị không hợp lệ: đã có { $most } lần gửi đang chờ, đề nghị thử lại sau.
reason-contains-changes = Cơ sở dữ liệu đã có thay đổi của { $author }; chỉ có thể nạp dữ liệu giả lập khi chưa có thay đổi nào.
reason-sample-missing = Cơ sở dữ liệu thiếu dữ liệu tham chiếu để tạo dữ liệu giả lập.
reason-generated-invalid = Bản ghi giả lập { $code } không hợp lệ tại { $path }.
reason-no-foreign-party = Thỏa thuận chưa có bên ký kết nước ngoài. Đề nghị nêu địa phương đối tác, hoặc tổ chức đối tác và quốc gia của tổ chức đó.
reason-no-form = Thỏa thuận chưa có hình thức văn bản. Đề nghị chọn một mã trong danh mục AGREEMENT_FORM.
reason-no-source = Hồ sơ chưa nêu nguồn tài liệu. Đề nghị ghi nguồn trong "sources" (thêm nguồn mới bằng createSource), hoặc ghi lý do không có nguồn trong "noSourceReason", ví dụ: tỉnh tự ghi nhận.
reason-no-sign-act = Thỏa thuận chưa có diễn biến ký kết (SIGN). Đề nghị bổ sung; nếu nguồn không nêu ngày thì ghi năm, ví dụ 2019, hoặc ../2019 nếu chỉ biết "đến năm 2019".
reason-no-event-day = Hoạt động chưa có thời gian. Đề nghị nêu thời gian bắt đầu, ví dụ 2026-11-20 hoặc 2026-11.
reason-no-event-place = Hoạt động chưa có địa điểm hoặc đối tác. Đề nghị nêu địa điểm, quốc gia nơi diễn ra, địa phương đối tác, hoặc hình thức trực tuyến (ONLINE).
reason-in-future = { $given } chưa đến. Đề nghị nhập ngày sự việc đã diễn ra; việc mới dự kiến thì chưa có ngày này.
reason-ends-before-established = Thời điểm kết thúc trước thời điểm thiết lập ({ $established }). Đề nghị sửa một trong hai ngày.
reason-planned-and-over = { $given } đã qua nên hoạt động không còn là dự kiến. Đề nghị chọn HELD, POSTPONED hoặc CANCELLED, hoặc để trống trạng thái.
reason-unit-not-yet = Đơn vị { $unit } được thành lập từ ngày { $begins }, chưa tồn tại vào thời điểm { $on }. Đề nghị nêu đơn vị khi đó, hoặc sửa ngày.
reason-unit-gone = Đơn vị { $unit } đã kết thúc hoạt động ngày { $ended }, trước thời điểm { $on }. Đề nghị nêu đơn vị kế thừa, hoặc sửa ngày.
reason-locality-gone = Địa phương { $locality } đã không còn từ sau ngày { $ended }, trước thời điểm { $on }. Đề nghị nêu địa phương kế thừa, hoặc sửa ngày.
reason-relation-has-ended = Trạng thái { $status } mâu thuẫn với thời điểm kết thúc quan hệ ({ $ended }). Đề nghị chọn ENDED, hoặc sửa ngày.
reason-counted-before-founding = Thời điểm của số hội viên trước khi thành lập ({ $founded }). Đề nghị sửa một trong hai ngày.
reason-country-is-vietnam = Đề nghị nêu quốc gia đối tác ở nước ngoài, không phải Việt Nam.
reason-locality-in-vietnam = "{ $given }" thuộc Việt Nam. Đề nghị nêu địa phương nước ngoài.
reason-not-a-count = { $number } không phải là số đếm. Đề nghị nhập số nguyên từ 0 trở lên.
reason-other-unit = "{ $given }" không phải đơn vị tính của số liệu này. Các đơn vị được dùng: { $permitted }.
reason-no-currency = Số tiền chưa có loại tiền. Đề nghị nêu mã ISO 4217, ví dụ VND hoặc USD.
reason-negative-amount = { $number } nhỏ hơn 0. Đề nghị nhập số tiền từ 0 trở lên.
reason-currency-of-count = Số đếm không có loại tiền, nhưng đã nhập { $given }. Đề nghị bỏ loại tiền.
reason-url-too-long = Không thể gọi URL này: URL dài tối đa { $most } byte.
reason-not-a-url = Không thể gọi URL này: URL phải theo dạng https://example.vn/hook.
reason-url-not-https = Không thể gọi URL này: chỉ dùng https.
reason-url-with-credentials = Không thể gọi URL này: URL không được chứa tên đăng nhập và mật khẩu.
reason-url-port = Không thể gọi URL này: chỉ dùng cổng 443 và 8443.
reason-url-not-public = Không thể gọi URL này: địa chỉ không thuộc mạng Internet công cộng.
reason-url-host-unknown = Không thể gọi URL này: không phân giải được tên máy chủ.

### What references, lists and forms are called in reasons

reference-unit = đơn vị hành chính
reference-province = tỉnh, thành phố
reference-country = quốc gia, vùng lãnh thổ
reference-locality = địa phương nước ngoài
reference-source = nguồn tài liệu
reference-file = tệp đã tải lên
reference-occasion = dịp kỷ niệm
reference-time-zone = múi giờ
reference-entry-type = loại bản ghi
reference-entry = bản ghi
reference-relation = quan hệ
reference-agreement = thỏa thuận
reference-act = diễn biến
reference-event = hoạt động đối ngoại
reference-organization = tổ chức
reference-published-organization = tổ chức đã công bố
reference-figure = số liệu
reference-proposal = đề nghị bổ sung địa phương
reference-webhook = webhook
reference-delivery = lần gửi
reference-api-key = khóa API
reference-revocation = lệnh thu hồi
reference-blocked-network = mạng bị chặn
reference-field-word = từ trong field_map.csv
reference-term = mục của danh mục này
reference-field-term = lĩnh vực hợp tác
reference-agreement-form-term = hình thức văn bản
reference-event-kind-term = loại hoạt động đối ngoại
reference-partner-level-term = cấp địa phương nước ngoài
reference-organization-kind-term = loại tổ chức
reference-programme-kind-term = loại chương trình
reference-indicator-term = chỉ tiêu

list-act-kind = loại diễn biến
list-agreement-status = tình trạng thỏa thuận
list-alias-kind = loại tên gọi
list-basis = cơ sở số liệu
list-confidence = mức độ tin cậy
list-direction = chiều của hoạt động
list-entry-into-force = cách thức có hiệu lực
list-event-mode = hình thức tổ chức
list-event-rank = cấp của hoạt động đối ngoại
list-event-state = tình trạng hoạt động đối ngoại
list-geography-fact = loại dữ liệu địa lý
list-instrument-kind = loại văn bản
list-organization-stage = giai đoạn của tổ chức
list-pillar = trụ cột đối ngoại
list-qualifier = loại số lượng
list-region = khu vực thế giới theo UN M49
list-relation-status = tình trạng quan hệ
list-relation-tier = mức độ quan hệ
list-signing-level = cấp ký kết
list-socio-economic-region = vùng kinh tế - xã hội
list-source-kind = loại nguồn tài liệu
list-subregion = tiểu khu vực thế giới theo UN M49
list-unit-change = hình thức sắp xếp đơn vị hành chính
list-unit-kind = loại đơn vị hành chính
list-vocabulary = danh mục
list-yes-no = có (yes) hoặc không (no)
quota-drafts = số bản ghi mới và đề xuất của một người trong một giờ
quota-changes = số lần sửa đổi của một người trong một giờ
quota-author-kilobytes = dung lượng (KB) do một người ghi trong một giờ
quota-province-kilobytes = dung lượng (KB) do tỉnh ghi trong một ngày
quota-keys = số khóa chống gửi trùng của một người trong một ngày
quota-upload-kilobytes = dung lượng tệp (KB) do tỉnh tải lên trong một ngày

format-edtf-date = ngày tháng phải theo dạng 2024-05-20, 2024-05 hoặc 2024 (chuẩn EDTF; cũng dùng được 2021-07/.. và 1996~)
format-day = ngày phải theo dạng 2026-05-31
format-month-day = ngày, tháng phải theo dạng 11-17
format-instant = thời điểm phải theo chuẩn RFC 3339, ví dụ 2025-10-30T08:00:00+07:00
format-cursor-or-instant = giá trị phải là con trỏ của hệ thống này hoặc thời điểm như 2026-01-15T00:00:00Z
format-period = kỳ báo cáo phải viết như 2025, 2025-Q4 hoặc 2025-11
format-decimal = phải là số thập phân
format-currency = mã tiền tệ phải theo ISO 4217, ví dụ VND
format-language = mã ngôn ngữ phải theo ISO 639, ví dụ vi hoặc eng
format-media-type = định dạng tệp phải theo dạng application/pdf
format-sha256 = mã SHA-256 phải gồm 64 chữ số thập lục phân
format-web-address = địa chỉ web phải theo dạng https://example.org/trang
format-locality-slug = mã phải bắt đầu bằng mã quốc gia, ví dụ kr-gyeongsangnam
format-subdivision-code = mã phải theo ISO 3166-2 của quốc gia đó, ví dụ KR-48
format-wikidata-item = mã Wikidata phải theo dạng Q41151
format-term-code = mã chỉ gồm chữ in hoa, chữ số và dấu gạch dưới
format-two-capitals = mã phải gồm 2 chữ in hoa
format-three-capitals = mã phải gồm 3 chữ in hoa
format-latitude = vĩ độ phải từ -90 đến 90
format-longitude = kinh độ phải từ -180 đến 180
format-area = phải là diện tích tính bằng ki-lô-mét vuông
format-population = phải là số dân
format-network = phải là một mạng như 203.0.113.0/24, không có bit sau tiền tố
format-machine-name = phải gồm 3 đến 60 ký tự trong a–z, 0–9, - và .

action-create = tạo
action-update = cập nhật
action-record-act = ghi nhận diễn biến của
action-amend-act = sửa diễn biến của
action-void-act = hủy diễn biến của
action-submit = trình duyệt
action-return = trả lại
action-publish = công bố
action-withdraw = thu hồi
action-discard = hủy bản nháp của
action-merge = gộp
action-confirm = xác nhận
action-maintain = cập nhật danh mục cho
action-propose = đề nghị
action-settle = trả lời đề nghị về
action-administer = quản trị quyền truy cập của

publication-draft = đang ở trạng thái dự thảo
publication-submitted = đang chờ duyệt
publication-published = đã công bố
publication-withdrawn = đã thu hồi

### Further errors of mutations

mutation-not-found = Không tìm thấy bản ghi, hoặc tài khoản không có quyền xem.
mutation-other-input = Khóa này đã được dùng cho một yêu cầu khác; đề nghị dùng khóa mới.
mutation-stale = Bản ghi đã được người khác cập nhật (phiên bản { $version }); đề nghị tải lại trước khi sửa.
mutation-alike = Có { $count } bản ghi tương tự; nếu vẫn muốn nhập, đề nghị gửi lại với allowDuplicate.

### Top-level errors of the GraphQL API

api-unauthenticated = Yêu cầu này phải kèm mã xác thực (token).
api-forbidden = Yêu cầu này dành cho { $required }.
api-register-failed = Hệ thống gặp lỗi; đề nghị cung cấp mã yêu cầu (requestId) khi báo lỗi.
api-internal = Hệ thống gặp lỗi.
api-unreadable = Hiện không đọc được dữ liệu; đề nghị thử lại sau.
api-too-many-writes = Dữ liệu đang được ghi nhanh hơn tốc độ đọc; đề nghị thử lại sau.
api-overloaded = Máy chủ đang quá tải; đề nghị thử lại sau một giây.
api-subscription-ended = Luồng theo dõi đã kết thúc; đề nghị bắt đầu lại sau con trỏ gần nhất.
api-after-foreign = Caunoi-After không phải là con trỏ của hệ thống này.
api-after-old-epoch = Caunoi-After thuộc thời kỳ trước của cơ sở dữ liệu, những thay đổi cuối cùng khi đó có thể đã mất; đề nghị bỏ tiêu đề này và tải lại.
api-after-not-reached = Máy chủ này chưa đọc đến Caunoi-After; đề nghị thử lại.
api-timeout = Yêu cầu mất quá nhiều thời gian; đề nghị giảm khối lượng của mỗi yêu cầu.
api-write-timeout = Yêu cầu mất quá nhiều thời gian; chưa xác định được dữ liệu đã ghi hay chưa. Đề nghị gửi lại với cùng khóa @idempotent, hoặc đọc lại trước khi gửi lại.
api-cost-exceeded = Chi phí của yêu cầu là { $cost }, giới hạn là { $limit }. Đề nghị chọn ít dữ liệu hơn hoặc chia nhỏ yêu cầu.
api-pages-too-large = Chi phí của yêu cầu là { $cost }, giới hạn là { $limit }. Với tối đa { $first } dòng mỗi trang (`first`), yêu cầu sẽ trong giới hạn.
api-too-complex = Chi phí của tài liệu GraphQL vượt giới hạn của một yêu cầu; đề nghị giảm số trang hoặc số dòng mỗi trang.
api-deep-introspection = Truy vấn lược đồ chỉ được lồng `fields`, `inputFields`, `interfaces` và `possibleTypes` tối đa hai cấp.
api-response-too-large = Kết quả lớn hơn { $limit } byte. Đề nghị giảm số dòng bằng `first`, hoặc chọn ít trường hơn.
api-too-many-subscriptions = Địa chỉ hoặc người dùng này đang có { $limit } luồng theo dõi, là mức tối đa; đề nghị kết thúc một luồng trước khi mở luồng mới.
api-subscriptions-cost = Các luồng theo dõi của địa chỉ hoặc người dùng này sẽ có chi phí { $requested } mỗi giây, giới hạn là { $limit }. Đề nghị chọn ít dữ liệu hơn, tăng minIntervalMs, kết thúc luồng khác, hoặc dùng lại nguyên văn một luồng đang chạy: các luồng giống nhau chỉ tính một lần.
api-rate-limited = Chi phí của yêu cầu là { $cost }, hiện chỉ còn { $remaining }. Đề nghị gửi lại sau { $seconds } giây, chọn ít dữ liệu hơn hoặc gửi ít yêu cầu hơn.
api-open-transport = Subscription phải dùng kết nối được giữ mở.
api-other-transport = Cách kết nối này không nhận loại thao tác đó; đề nghị dùng POST.
api-document-unknown = Máy chủ không lưu tài liệu GraphQL nào có documentId này: mã gồm `sha256:` và giá trị SHA-256 của văn bản, 64 chữ số thập lục phân viết thường. Đề nghị gửi văn bản bằng `query`, hoặc nhờ người vận hành thêm tài liệu.
api-document-hash-differs = Giá trị băm trong yêu cầu không phải là SHA-256 của `query`. Đề nghị tính lại trên đúng văn bản được gửi, hoặc bỏ giá trị băm.
api-document-not-trusted = Khi không có mã xác thực, máy chủ chỉ thực hiện các tài liệu GraphQL trong danh sách. Đề nghị nêu `documentId`, hoặc gửi mã xác thực.
api-persisted-query-not-supported = PersistedQueryNotSupported
api-one-field = Mỗi subscription chỉ chọn đúng một trường, và không phải trường bắt đầu bằng hai dấu gạch dưới.
api-several-operations = Tài liệu GraphQL có nhiều thao tác; đề nghị nêu tên một thao tác.
api-no-operation = Tài liệu GraphQL không có thao tác với tên đã nêu.
api-idempotent-place = @idempotent chỉ dùng cho trường gốc của mutation.
api-one-response-name = Hai trường của mutation trùng tên; đề nghị đặt bí danh cho một trường.
api-too-many-values = Các biến có tối đa { $most } giá trị.
api-variables-not-object = Các biến phải là một đối tượng JSON.
api-variable-missing = Biến ${ $name } phải có giá trị.
api-variable-null = Biến ${ $name } phải có giá trị: `{ $place }` không nhận null.
api-variable-nullable = Biến ${ $name } phải có giá trị: `{ $place }` không nhận null, mà { $declared } cho phép null. Hãy khai báo biến là { $required }, hoặc đặt giá trị mặc định.
api-value-missing = { $path } phải có giá trị.
api-value-not-int = { $path } phải là số nguyên từ { $least } đến { $most }.
api-value-not-of-type = { $path } không thuộc kiểu { $type }.
api-value-not-in-enum =
    { $path }: { $type } không có giá trị { $given }.{ $candidates-count ->
        [0] { "" }
       *[other] { " " }Giá trị gần giống: { $candidates }.
    }
api-value-not-one-of = { $path } nhận đúng một trường của { $type }, và không nhận null.
api-field-unknown = { $path } không phải là trường của { $type }.
api-variable-without-value = Một biến của trường này chưa có giá trị.
api-input-not-json = Dữ liệu nhập không phải là JSON.
api-filter-list-too-long = Mỗi danh sách trong bộ lọc có tối đa { $most } mục.
api-group-keys = Chỉ nhóm theo một hoặc hai khóa.
api-not-known-then = Trường này chỉ trả lời theo trạng thái hiện tại. Hãy truy vấn không có knownAt.
api-search-not-known-then = Tìm kiếm chỉ đọc nội dung hiện tại. Hãy bỏ search hoặc knownAt.
api-key-not-offered = { $entries } không có { $key } để { $use }.
api-too-many-ids = Mỗi lần chỉ lấy tối đa { $most } mã.

required-role-clerk-or-publisher = cán bộ nhập liệu hoặc người duyệt công bố của tỉnh, thành phố
required-role-publisher = người duyệt công bố của tỉnh, thành phố
required-role-steward = cán bộ quản trị dữ liệu của Bộ Ngoại giao
required-role-analyst-or-steward = cán bộ phân tích hoặc quản trị dữ liệu của Bộ Ngoại giao
required-role-writing-partner = đối tác có mã xác thực được quyền ghi

entries-relation = Quan hệ
entries-agreement = Thỏa thuận
entries-event = Sự kiện
entries-organization = Tổ chức
entries-programme = Chương trình
entries-figure = Số liệu
entries-instrument = Văn bản

use-group-by = nhóm
use-sum = tính tổng

### Errors of HTTP

http-token-not-bearer = Authorization phải là đúng một mã xác thực Bearer.
http-token-expired = Mã xác thực đã hết hạn.
http-token-early = Mã xác thực chưa có hiệu lực.
http-token-foreign = Mã xác thực không được chấp nhận tại đây.
http-token-revoked = Mã xác thực đã bị thu hồi. Hãy đăng nhập lại; nếu vẫn không được, hãy liên hệ Bộ Ngoại giao.
http-token-wrong-network = Khóa API này không được dùng từ địa chỉ của bạn.
http-token-keys-unavailable = Hiện chưa đọc được khóa của nơi cấp mã xác thực này. Hãy thử lại sau giây lát.
http-token-required = Cần có mã xác thực trong tiêu đề Authorization.
http-unavailable = Hệ thống tạm thời chưa trả lời được; đề nghị thử lại sau.
http-overloaded = Máy chủ đang quá tải; đề nghị thử lại sau một giây.
http-upload-header = Yêu cầu tải tệp lên phải có tiêu đề Caunoi-Upload: 1.
http-upload-forbidden = Chỉ cán bộ nhập liệu và người công bố của tỉnh, thành phố, hoặc người quản lý dữ liệu của Bộ, được tải tệp lên.
http-upload-name = Tham số `name` phải là tên tệp, tối đa { $most } ký tự.
http-upload-type = Tệp phải là tài liệu PDF, PNG, JPEG, TIFF, ODT hoặc DOCX; nội dung tệp không thuộc các loại này.
http-internal = Hệ thống gặp lỗi.
http-not-found = Không có nội dung tại địa chỉ này.
http-method-not-allowed = Địa chỉ này không nhận phương thức đó.
http-not-acceptable = Kết quả chỉ có dạng application/graphql-response+json hoặc application/json.
http-body-too-large = Nội dung yêu cầu quá lớn.
http-body-incomplete = Nội dung yêu cầu chưa đầy đủ.
http-body-slow = Nội dung yêu cầu được gửi quá chậm.
http-body-compressed = Không nhận nội dung nén.
http-body-not-json = Nội dung phải là application/json theo UTF-8.
http-body-not-object = Nội dung phải là một đối tượng JSON với văn bản Unicode hợp lệ.
http-no-batches = Mỗi yêu cầu chỉ gồm một thao tác.
http-address-blocked = Yêu cầu từ mạng này không được chấp nhận. Nếu có nhầm lẫn, đề nghị liên hệ đơn vị vận hành hệ thống.
http-host-ambiguous = Yêu cầu phải nêu đúng một máy chủ: một tiêu đề Host trong HTTP/1.1, hoặc :authority trong HTTP/2.
http-too-many-connections = Địa chỉ này có quá nhiều kết nối và luồng; đề nghị đóng bớt trước.
http-rate-limited = Số yêu cầu trong thời gian ngắn vượt mức cho phép. Đề nghị gửi lại sau { $seconds } giây.
http-too-many-unread = Kết nối này có quá nhiều kết quả chưa đọc; đề nghị đọc trước.
http-address-too-long = Địa chỉ quá dài.
http-headers-too-large = Các tiêu đề của yêu cầu quá lớn.
http-not-a-handshake = Yêu cầu này không phải là bắt tay WebSocket.
http-sub-protocol = Giao thức con phải là graphql-transport-ws.
http-origin-not-allowed = Trang web này không được mở WebSocket.
http-uri-invalid = URI không hợp lệ.
http-parameter-twice = Một tham số xuất hiện hai lần trong URI.
http-parameters-not-json = `variables` và `extensions` phải là JSON.
http-query-not-text = `query` phải là một chuỗi, trừ khi `documentId` nêu một tài liệu.
http-document-id-not-text = `documentId` phải là một chuỗi.
http-persisted-query-invalid = `extensions.persistedQuery` phải là đối tượng có `version` bằng 1 và chuỗi `sha256Hash`.
http-operation-name-not-text = `operationName` phải là một chuỗi.
http-parameters-not-objects = `variables` và `extensions` phải là đối tượng.
http-feed-value-empty = { $name }: có giá trị trống.
http-feed-parameter-twice = { $name }: xuất hiện hai lần trong URI.
http-feed-locale = locale: phải là `vi` hoặc `en`.
http-feed-size = first: phải là số nguyên từ 1 đến 100.
http-feed-parameter-unknown = { $name }: không phải là tham số. Các tham số được dùng: { $known }.

### The Atom feed

feed-title = Thay đổi trong sổ đăng ký ngoại giao địa phương
feed-ministry = Bộ Ngoại giao
feed-gap = Có thể đã bỏ sót thay đổi
feed-entered = { $entry } mới
feed-stayed = { $entry } được cập nhật
feed-left = { $entry } không còn hiển thị

entry-relation = Quan hệ
entry-agreement = Thỏa thuận
entry-event = Sự kiện
entry-organization = Tổ chức
entry-programme = Chương trình
entry-figure = Số liệu
entry-instrument = Văn bản

### Labels

region-africa = Châu Phi
region-americas = Châu Mỹ
region-asia = Châu Á
region-europe = Châu Âu
region-oceania = Châu Đại Dương

pillar-party = Đối ngoại Đảng
pillar-state = Ngoại giao Nhà nước
pillar-people = Đối ngoại nhân dân

stage-committee = Ban vận động
stage-established = Đã thành lập
stage-suspended = Tạm ngừng hoạt động
stage-dissolved = Đã giải thể

tier-sister = Kết nghĩa
tier-friendship = Hữu nghị
tier-cooperation = Hợp tác
tier-border-twin = Kết nghĩa biên giới
tier-party-to-party = Quan hệ kênh Đảng
tier-organization-twin = Kết nghĩa giữa các tổ chức
tier-project = Hợp tác theo dự án
tier-contact = Tiếp xúc, trao đổi

level-province = Cấp tỉnh
level-council = Hội đồng nhân dân
level-department = Cấp sở, ngành
level-district = Cấp huyện
level-border-commune = Cấp xã ở khu vực biên giới
level-organization = Tổ chức
level-party = Cơ quan của Đảng

relation-status-proposed = Đang đề xuất
relation-status-active = Đang duy trì
relation-status-dormant = Lâu không có hoạt động
relation-status-ended = Đã chấm dứt
relation-status-unknown = Chưa rõ

agreement-status-signed-not-in-force = Đã ký, chưa có hiệu lực
agreement-status-in-force = Đang có hiệu lực
agreement-status-suspended = Tạm đình chỉ thực hiện
agreement-status-expired = Đã hết thời hạn
agreement-status-terminated = Đã chấm dứt hiệu lực
agreement-status-withdrawn = Đã rút khỏi
agreement-status-superseded = Đã được thay thế
agreement-status-unknown = Chưa rõ

direction-in = Đoàn vào
direction-out = Đoàn ra
direction-domestic = Trong nước
direction-online = Trực tuyến

inconsistency-in-force-above-signed = Số thỏa thuận còn hiệu lực lớn hơn tổng số thỏa thuận đã ký.
inconsistency-whole-below-part = Số lũy kế nhỏ hơn số của một phần trong kỳ.
inconsistency-persons-below-delegations = Số lượt người nhỏ hơn số đoàn.
inconsistency-countries-unlike-computed = Số quốc gia, vùng lãnh thổ báo cáo khác với số mà hệ thống đếm được.

bucket-month = tháng { $month }/{ $year }
bucket-quarter =
    quý { $quarter ->
        [1] I
        [2] II
        [3] III
       *[4] IV
    }/{ $year }
bucket-year = năm { $year }
bucket-decade = thập niên { $year }

### Flaws of CSV files

file-empty = Tệp trống.
file-unknown-column = Cột này không có trong danh sách cột.
file-duplicate-column = Cột này bị trùng.
file-missing-column = Thiếu cột này.
file-field-count = Dòng phải có { $expected } ô, nhưng có { $found } ô.
file-not-utf8 = Nội dung không theo UTF-8.
file-not-csv = Nội dung không theo CSV: { $error }.
file-source-differs = Không khớp với { $original } của nguồn trong sources.csv.
file-lineage-differs = Theo quá trình sắp xếp đơn vị hành chính, giá trị phải là { $expected }.
file-precision-differs = Ngày ở cột { $column } có độ chính xác { $precision }.
file-unit-differs = { $term } có đơn vị tính là { $units }.
file-country-differs = { $locality } thuộc { $country }.
file-stated-twice = Đã được nêu trong { $other }.
file-range-required = Hai con số phải đi với loại số lượng RANGE.
file-nothing-precedes = Không có đơn vị hành chính nào trước đơn vị này.
file-present-has-no-end = Tỉnh, thành phố hiện hành không có ngày kết thúc.
file-kind-day-required = Loại đơn vị đã thay đổi nên phải có ngày thay đổi.
file-code-differs = Theo provinces.csv, mã của { $slug } là { $code }.
file-slug-kept = Đơn vị không thay đổi phải giữ nguyên mã.
file-no-letter = Không có chữ cái hoặc chữ số nào để tạo mã.
file-flaws = { $count } lỗi
file-more-flaws = và { $count } lỗi khác

### The command line

operator-cannot-listen = không thể mở cổng nghe tại { $address }: { $why }
operator-address-in-use = một chương trình khác đang dùng địa chỉ này; hãy dừng chương trình đó, hoặc chọn địa chỉ khác bằng --listen
operator-address-not-local = máy này không có địa chỉ đó; hãy chọn một địa chỉ của máy bằng --listen, hoặc 0.0.0.0 cho tất cả
operator-listen-failed = { $error }; hãy chọn địa chỉ khác bằng --listen
operator-folder-unusable = không dùng được thư mục { $path }: { $error }; hãy cấp quyền đọc và ghi cho người dùng này, hoặc chọn thư mục khác bằng --data-dir
operator-folder-in-use = thư mục { $path } đang được một tiến trình caunoi khác sử dụng; hãy dừng tiến trình đó, hoặc chọn thư mục khác bằng --data-dir
operator-keys-unusable = không dùng được khóa trong { $path }: { $why }
operator-tls-unusable = không dùng được chứng thư TLS hoặc khóa của nó: { $error }; tls_certificate và tls_key phải là các tệp PEM khớp nhau
operator-trusted-document-unusable = không dùng được tài liệu GraphQL tin cậy { $path }: { $error }; hãy sửa hoặc xóa tệp, hoặc chọn thư mục khác bằng trusted_documents
operator-system-error = { $error }
operator-key-open-to-others = người dùng khác đọc được tệp này; hãy giới hạn quyền đọc (chmod 600), hoặc xóa tệp để tạo khóa mới
operator-not-an-ed25519-pem = tệp này không phải là khóa Ed25519 theo PEM (PKCS#8)
operator-not-a-key-set = dòng { $line } không thuộc định dạng JSON Web Key Set
operator-key-without-id = một khóa không có kid
operator-key-id-twice = hai khóa trùng kid "{ $id }"
operator-key-invalid = khóa "{ $id }" { $why }
operator-key-is-secret = là khóa bí mật (oct); chỉ nhận khóa công khai
operator-key-is-private = chứa phần riêng tư; chỉ để lại phần công khai
operator-key-type-unknown = không thuộc các loại OKP Ed25519, EC P-256 và RSA
operator-key-algorithm-differs = nêu alg "{ $stated }", nhưng được dùng với { $used }
operator-key-not-ed25519 = không phải là khóa Ed25519
operator-key-part-missing = không có { $part }
operator-key-not-base64 = không theo base64url
operator-key-bits = có { $bits } bit; RSA nhận từ { $least } đến { $most } bit
operator-key-unusable = không dùng được: các số không phải của một khóa
operator-keys-not-https = "{ $given }" không phải là URL https hoặc URL của máy này; khóa phải được tải qua TLS
operator-not-a-discovery-document = dòng { $line } không thuộc một tài liệu OpenID Connect Discovery có issuer và jwks_uri
operator-discovery-of-another = tài liệu discovery là của nơi cấp "{ $stated }"; hãy dùng tên này nếu đúng
operator-document-too-large = { $url } trả về hơn { $most } byte
operator-issuer-invalid = nơi cấp { $name }: { $why }
operator-issuer-twice = nơi cấp { $name } được liệt kê hai lần; hãy bỏ một
operator-author-prefix-twice = nơi cấp { $name } có author_prefix trùng với nơi khác; hãy đặt một tiền tố riêng để phân biệt tác giả
operator-issuer-lifetime = max_lifetime "{ $given }" không nằm trong khoảng 1s đến 24h
operator-database-unusable = không dùng được cơ sở dữ liệu { $place }: { $why }; { $hint }
operator-role-bypasses-security = vai trò { $role } dùng cho các yêu cầu bỏ qua bảo mật theo hàng: vai trò này là superuser hoặc có BYPASSRLS
operator-role-owns-tables = vai trò { $role } dùng cho các yêu cầu bỏ qua bảo mật theo hàng: vai trò này sở hữu bảng
operator-commits-not-synchronous = synchronous_commit đang tắt: dữ liệu đã xác nhận ghi có thể bị mất
operator-revoke-rights = hãy thu hồi các quyền không do caunoi cấp (ALTER ROLE, REVOKE, ALTER TABLE ... OWNER TO); bộ gộp kết nối phải chuyển tham số khởi động options
operator-set-synchronous-commit = hãy bật cho máy chủ, hoặc cho cơ sở dữ liệu này bằng ALTER DATABASE
operator-check-server = hãy kiểm tra PostgreSQL có đang chạy tại đó không, và CAUNOI_DATABASE_URL có nêu đúng cơ sở dữ liệu, người dùng, mật khẩu không
operator-check-file = hãy cấp quyền đọc và ghi tệp cho người dùng này, kiểm tra dung lượng đĩa, hoặc chọn thư mục khác bằng --data-dir
operator-redis-unusable = không dùng được Redis tại { $place }; hãy viết CAUNOI_REDIS_URL theo dạng redis://host:6379
operator-database-newer = cơ sở dữ liệu { $place } mới hơn chương trình này ({ $program }): có bước { $step }; hãy chạy chương trình mới hơn, hoặc chọn cơ sở dữ liệu khác
operator-data-set-unfit = dữ liệu kèm theo chương trình không khớp với cơ sở dữ liệu { $place }, chưa ghi dữ liệu nào: { $flaws }
operator-database-damaged = cơ sở dữ liệu { $place } bị hỏng: { $error }; hãy khôi phục bản sao trước đó
operator-file-unreadable = không đọc được tệp { $path } (theo { $origin }): { $error }
operator-not-toml = { $path }:{ $line }: không theo TOML: { $error }
operator-unknown-key =
    không có thiết lập { $name } ({ $origin }){ $candidates-count ->
        [0] { "; `caunoi --help` liệt kê tất cả" }
       *[other] { "; " }tên gần giống: { $candidates }
    }
operator-not-quoted = { $key } ({ $origin }) phải là chuỗi trong dấu nháy, số nguyên, true hoặc false
operator-set-twice = { $one } và { $other } đều được đặt; hãy bỏ một trong hai
operator-not-unicode = { $name } không theo UTF-8
operator-value-empty = { $key } ({ $origin }) trống; hãy bỏ hoặc đặt giá trị
operator-value-invalid = { $key } ({ $origin }): { $why }
operator-half-set = { $given } ({ $origin }) cần có { $missing }
operator-not-a-whole-number = "{ $given }" không phải là số nguyên
operator-not-up-to65535 = "{ $given }" không phải là số nguyên từ 1 đến 65535
operator-not-boolean = "{ $given }" không phải là true hoặc false
operator-not-an-address = "{ $given }" không phải là địa chỉ và cổng như 127.0.0.1:8080 hoặc [::]:8080
operator-not-a-web-site = "{ $given }" không phải là trang web như https://example.vn, không kèm đường dẫn
operator-not-an-address-log = "{ $given }" không phải là hashed, full hoặc none
operator-not-a-network = "{ $given }" không phải là địa chỉ hoặc mạng như 192.0.2.0/24 hoặc 2001:db8::/32, không có bit sau tiền tố
operator-not-a-forwarded-header = "{ $given }" không phải là x-forwarded-for hoặc forwarded
operator-not-a-log-level = "{ $given }" không phải là off, error, warn, info, debug, trace hoặc mức theo mô-đun như info,caunoi_store=debug
operator-not-a-log-format = "{ $given }" không phải là auto, text hoặc json
operator-not-a-connection-url = không phải là URL như { $example }://user:password@host/name ({ $error }; trong mật khẩu, `@`, `:`, `/`, `#` và `?` viết là %40, %3A, %2F, %23 và %3F)
operator-wrong-scheme = phải bắt đầu bằng { $example }://
operator-slashes-missing = thiếu hai dấu gạch chéo sau { $example }:
operator-tokens-of-issuer = auth_issuer đã được đặt nên chỉ mã xác thực của nơi đó được chấp nhận; hãy xin mã tại đó
operator-no-key = chưa có khóa { $path } nên không máy chủ nào chấp nhận mã xác thực; hãy khởi động máy chủ trước để tạo khóa, hoặc nêu thư mục của máy chủ bằng --data-dir
operator-unknown-role = "{ $given }" không thuộc partner, clerk, publisher, analyst, steward
operator-role-needs-province = vai trò { $role } thuộc một tỉnh, thành phố: hãy thêm --province
operator-role-has-no-province = vai trò { $role } không thuộc tỉnh, thành phố nào: hãy bỏ --province
operator-not-an-actor-name = tên có từ 1 đến 200 ký tự, không chứa ký tự điều khiển, dấu đổi hướng viết hoặc ký tự ẩn
operator-lifetime-out-of-range = mã xác thực có thời hạn từ 1s đến 7d
operator-not-a-lifetime = "{ $given }" không phải là thời hạn như 30m, 24h hoặc 7d
operator-not-a-province =
    "{ $given }" không phải là mã của tỉnh, thành phố hiện hành; { $candidates-count ->
        [0] { "mã có dạng DONG_NAI" }
       *[other] mã gần giống: { $candidates }
    }
operator-secret-key-missing = các bí mật trong cơ sở dữ liệu { $place } được mã hóa bằng khóa { $key } hiện không có: thêm khóa này vào CAUNOI_SECRET_KEY_FILE, hoặc khôi phục tệp secret-key của thư mục dữ liệu đã mã hóa; mọi nút của một cơ sở dữ liệu phải dùng cùng khóa
operator-not-a-secret-key = một khóa gồm 32 byte ngẫu nhiên viết bằng Base64 (openssl rand -base64 32); nhiều khóa cách nhau bằng khoảng trắng, khóa hiện hành đứng đầu
operator-no-database = không có cơ sở dữ liệu { $place }; hãy nêu thư mục bằng --data-dir
operator-not-intact = cơ sở dữ liệu { $place } không toàn vẹn: { $violation }
operator-rules-broken = { $entries } bản ghi đã công bố vi phạm quy tắc, tại { $violations } chỗ; danh sách ở trên, xem docs/reference/rules.md
operator-not-a-url = "{ $given }" không phải là URL: { $error }
operator-url-returned = { $url } trả về { $status }
operator-no-answer = { $url } không trả lời: { $error }
operator-no-answer-within = { $url } không trả lời trong { $seconds } giây
operator-not-filled = không nạp dữ liệu vào cơ sở dữ liệu { $place }: { $reason }
operator-already-exists = không nạp dữ liệu vào cơ sở dữ liệu { $place }: cơ sở dữ liệu đã có; hãy nêu cơ sở dữ liệu khác, hoặc dùng --into-existing
operator-output-failed = không ghi được kết quả: { $error }
operator-threads-failed = không khởi tạo được luồng xử lý: { $error }
operator-spans-failed = không gửi được dữ liệu theo dõi: { $error }
operator-signals-failed = không nhận được tín hiệu hệ thống: { $error }

### Titles composed for entries that have none

title-relation =
    { $partners-count ->
        [0] { $tier } của { $owner }{ $partners }
       *[other] { $tier } giữa { $owner } và { $partners }
    }
title-agreement =
    { $partners-count ->
        [0] { $subject } của { $owner }{ $partners }
       *[other] { $subject } giữa { $owner } và { $partners }
    }
title-activity =
    { $partners-count ->
        [0] { $subject }: { $owner }{ $partners }
       *[other] { $subject }: { $owner } và { $partners }
    }
title-organization =
    { $partners-count ->
        [0] { $subject } của { $owner }{ $partners }
       *[other] { $subject } của { $owner } ({ $partners })
    }
