# The texts that people read, in English. The ids and variables are those of vi.ftl.

### Reasons of validation errors

reason-required = A value is required here.
reason-too-long = Too long: at most { $most } characters, { $given } given.
reason-too-many = Too long: at most { $most } members, { $given } given.
reason-unknown =
    No { $reference } is known as "{ $given }".{ $candidates-count ->
        [0] { "" }
       *[other] { " " }Did you mean { $candidates }?
    }
reason-taken = "{ $given }" is taken already.
reason-outdated = It was changed since it was read. Read it again.
reason-transition = { $action } does not begin from a version that is { $from }.
reason-secret-matter = State secrets may not be entered into this register.
reason-too-large = The entry is too large: at most { $most } KB, it has { $given } KB. Shorten its texts or split it.
reason-quota-exceeded = The quota is used up: { $quota }, at most { $limit }, { $used } used. There is room again in { $minutes } min.

reason-unknown-word = "{ $given }" is not { $list }. Permitted are { $permitted }.
reason-malformed = "{ $given }" is not { $format }.
reason-not-a-whole-number = "{ $given }" is not a whole number from { $least } to { $most }.
reason-out-of-range = { $given } is not from { $least } to { $most }.
reason-control-characters = Control characters and invisible characters are not allowed.
reason-no-such-year = There is no year { $given }: years run from 0001 to 9999.
reason-no-such-month = There is no month { $given }.
reason-no-such-day = There is no day { $given }.
reason-date-form = Write { $accepted } for "{ $given }".
reason-ambiguous-date = Write { $accepted } (day first) or { $other } (month first): "{ $given }" can be read as either.
reason-year-out-of-range = The time is outside the years 0001 to 9999.
reason-interval-reversed = The interval { $given } ends before it begins.
reason-interval-unbounded = An interval needs a start or an end.
reason-period-reversed = The period { $first }/{ $last } ends before it begins.
reason-period-not-confirmable = Only a month, a quarter or a year can be confirmed.
reason-period-not-begun = The period { $period } has not begun.
reason-nothing-before = The calendar has nothing before that to compare with.
reason-value-not-allowed = A quantity with the qualifier { $qualifier } has no value of its own, but { $value } is given.
reason-bounds-unfit = The bounds (lower { $lower }, upper { $upper }) do not fit the qualifier { $qualifier }.
reason-bounds-reversed = The lower bound { $lower } is above the upper bound { $upper }.
reason-value-below-bound = The value { $value } is below the lower bound { $lower }.
reason-value-above-bound = The value { $value } is above the upper bound { $upper }.
reason-too-many-digits = Numbers have at most { $whole } digits before and { $places } after the point.
reason-total-too-large = { $times } events with that many each are more than a number of { $whole } digits. Correct the number of delegates at one event, or the number of events.
reason-hours-outside-date = The hours lie on { $days } in { $zone }, outside { $date }.
reason-end-before-start = The end is before the start.
reason-locality-and-organization = Give a locality or an organization, not both.
reason-party-twice = "{ $given }" is a party already.
reason-no-new-term = Only EXTEND and RENEW begin a new term.
reason-term-before-act = The new term ends before the act.
reason-units-not-known = The units of { $given } are not known before { $since }: ask for a day from { $since } on.
reason-act-in-future = Act { $number } ({ $act }, { $on }) is after today ({ $today }). Record an act once it has happened.
reason-act-before-signing = Act { $number } ({ $act }, { $on }) is before the signing ({ $signed }). Correct its day, or the day of the signing with amendAct.
reason-signed-already = Act { $number } (SIGN, { $on }): the agreement was signed before ({ $signed }). Correct the first signing with amendAct; a further document is an agreement of its own, with renews or parent.
reason-act-before-entry-into-force = Act { $number } ({ $act }, { $on }) needs an agreement in force. Record ENTER_INTO_FORCE first.
reason-act-repeated = Act { $number } ({ $act }, { $on }): the agreement is { $status } already, since { $since }. Correct its day or kind, or amend or void the other act.
reason-not-suspended = Act { $number } ({ $act }, { $on }): the agreement is not suspended. Record SUSPEND first.
reason-act-after-expiry = Act { $number } ({ $act }, { $on }): the agreement is EXPIRED since { $since }. Record EXTEND or RENEW first, or correct the term.
reason-act-after-end = Act { $number } ({ $act }, { $on }): the agreement is { $status } since { $since }; only SUCCEED and CORRECT may follow. Correct its day, or amend or void the act that ended the agreement.
reason-term-before-signing = The term ends ({ $expires }) before the signing ({ $signed }). Correct one of them.
reason-unit-ended = Act { $number } ({ $act }, { $on }) cannot be of the unit { $unit } that ended on { $ended }. Record SUCCEED first if its successor took the agreement over; what the successor signs is its own agreement.
reason-act-before-unit = Act { $number } ({ $act }, { $on }) cannot be of the unit { $unit }, which exists from { $begins } on. Name the unit that existed then, or correct the date.
reason-no-districts = { $act } on { $on } cannot be a district's: there are none since { $since }. Correct the day or the level, or record SUCCEED first.
reason-stage-contradicted = The last of the dated stages is { $last }.
reason-stages-on-one-day = Two stages begin on one day.
reason-stage-start-open = The first day of the stage is open.
reason-not-on-globe = { $latitude }, { $longitude } is no point of the globe: a latitude is from -90 to 90, a longitude from -180 to 180.
reason-units-without-indicator = Only indicators have units.
reason-sum-without-indicator = Only indicators are summed.
reason-province-and-organization = Give a province or an organization, not both.
reason-participant-twice = "{ $given }" is in the list already.
reason-source-and-reason = The entry names sources, so there is no reason why it has none. Clear one of the two fields.
reason-source-not-findable = A source needs a web address, a publisher or an uploaded file, so that others can find it.
reason-source-known = This page is the source { $code } already; name that code.
reason-source-in-future = { $day } is in the future.
reason-other-relation = The relation { $code } is not one of this unit with a partner of this entry. Name another one, or leave the field out: the relation then follows from unit and partner.
reason-own-entry = This is the entry itself.
reason-link-cycle = { $code } leads back to this entry by the same links, so neither would be the earlier one. Name another entry.
reason-no-letters = This text has neither a letter nor a digit. Leave the field out where nothing is known.
reason-nothing-amended = The act has these values already. Give the field that is to change.
reason-term-shortened = Act { $number } ({ $act }): the term would end on { $until }, earlier than before ({ $before }). Correct `until`, or record TERMINATE or EXPIRE where the agreement ended earlier.
reason-not-mergeable = Only agreements and events are merged, each with entries of its own type.
reason-has-unpublished-version = This entry has an unpublished version: its province must publish or discard that first.
reason-already-merged = This entry was merged into { $into }: use that one, or undo the merge first.
reason-keeps-merged = Other entries were merged into this one ({ $codes }): undo these merges first.
reason-ministry-entry-is-kept = The entry of the ministry must be the one that is kept.
reason-not-merged = This entry is not merged into another one.
reason-province-changed = An entry never leaves its province.
reason-proposal-settled = The proposal is settled already.
reason-locality-and-reason = A reason is for what is declined: give a locality or a reason, not both.
reason-foreign-page-cursor = The cursor is not one of this list: request the list from the start.
reason-foreign-cursor = The cursor is not one of this register.
reason-cursor-lost = The register has lost changes up to this cursor, for example by a restore. Use a cursor from before.
reason-not-recorded-yet = The register has not recorded anything as late as that. Give a cursor or an instant of the past.
reason-page-directions = Use first/after or last/before, not both.
reason-page-size = "{ $argument }" must be from 1 to { $most }, not { $given }.
reason-too-many-groups = Filling the gaps would make { $count } groups, at most { $most }: use a wider unit or one key.
reason-actor-name = A name has 1 to 200 characters, none of them a control character, a direction mark or an invisible one.
reason-role-without-province = A { $role } belongs to a province.
reason-role-with-province = A { $role } belongs to no province.
reason-key-length = A key has 1 to { $most } characters.
reason-key-not-taken = This mutation takes no @idempotent key.
reason-time-too-early = The time must be after { $after }.
reason-time-too-late = The time must be { $until } or earlier.
reason-subject-is-key = This is the name of an API key: revoke it with revokeApiKey.
reason-own-access = This would revoke all your own tokens, those of the future included. Give issuedBefore, or force: true.
reason-own-network = Your own address is in this network, so you would lock yourself out. Give force: true to block it all the same.
reason-loopback-network = This network contains addresses of the server itself, so it cannot be blocked.
reason-rule-ended = It has ended already.
reason-too-many-rules = There are { $most } of them already; end some first.
reason-not-one-subscription = The document must be one subscription of `changes` alone.
reason-after-not-taken = The register keeps the position: leave `after` out.
reason-no-filter-variable = The document has no variable `$filter` that would take it.
reason-document-failed = The document cannot be run: { $error }.
reason-too-many-webhooks = A partner has at most { $most } webhooks.
reason-too-many-deliveries = { $most } deliveries wait already: ask again when they were made.
reason-contains-changes = It contains changes by { $author }; only a register without changes can be filled.
reason-sample-missing = The register lacks the reference data that synthetic entries are made of.
reason-generated-invalid = The generated entry { $code } is not valid at { $path }.
reason-no-foreign-party = The agreement has no party abroad. Name the partner locality, or the partner organization and its country.
reason-no-form = The agreement has no form. Choose a code of the vocabulary AGREEMENT_FORM.
reason-no-source = The entry names no source. Name one in "sources" (createSource adds a new one), or state in "noSourceReason" why there is none, for example: recorded by the province itself.
reason-no-sign-act = The agreement has no act SIGN. Record it; if the source states no day, give a year such as 2019, or ../2019 for "by 2019".
reason-no-event-day = The event has no date. State when it began, for example 2026-11-20 or 2026-11.
reason-no-event-place = The event has neither a place nor a partner. Name the place, its country or a partner locality, or give the mode ONLINE.
reason-in-future = { $given } has not come yet. Give the day on which it happened; what is only planned has no such date.
reason-ends-before-established = It ends before it was established ({ $established }). Correct one of the two dates.
reason-planned-and-over = { $given } is over, so the event is not planned any more. State HELD, POSTPONED or CANCELLED, or leave the state out.
reason-unit-not-yet = The unit { $unit } exists from { $begins } on, not yet in { $on }. Name the unit that existed then, or correct the date.
reason-unit-gone = The unit { $unit } ended on { $ended }, before { $on }. Name its successor, or correct the date.
reason-locality-gone = The locality { $locality } ended on { $ended }, before { $on }. Name its successor, or correct the date.
reason-relation-has-ended = The status { $status } contradicts the end of the relation ({ $ended }). State ENDED, or correct the date.
reason-counted-before-founding = The date of the members is before the founding ({ $founded }). Correct one of the two dates.
reason-country-is-vietnam = Name the country abroad that it is for, not Vietnam.
reason-locality-in-vietnam = "{ $given }" is in Vietnam. Name a locality abroad.
reason-not-a-count = { $number } is not a count. Give a whole number, at least 0.
reason-other-unit = "{ $given }" is not a unit of this quantity. Permitted are { $permitted }.
reason-no-currency = The amount has no currency. Give its ISO 4217 code, for example VND or USD.
reason-negative-amount = { $number } is below zero. Give an amount of at least 0.
reason-currency-of-count = The currency { $given } is given for a count. Leave the currency out.
reason-url-too-long = This URL is not called: a URL has at most { $most } bytes.
reason-not-a-url = This URL is not called: it is not a URL like https://example.vn/hook.
reason-url-not-https = This URL is not called: only https is called.
reason-url-with-credentials = This URL is not called: a URL carries no user and no password.
reason-url-port = This URL is not called: only the ports 443 and 8443 are called.
reason-url-not-public = This URL is not called: the address is not one of the public internet.
reason-url-host-unknown = This URL is not called: the name of the host cannot be resolved.

### What references, lists and forms are called in reasons

reference-unit = unit
reference-province = province
reference-country = country
reference-locality = locality
reference-source = source
reference-file = uploaded file
reference-occasion = occasion
reference-time-zone = time zone
reference-entry-type = entry type
reference-entry = entry
reference-relation = relation
reference-agreement = agreement
reference-act = act
reference-event = event
reference-organization = organization
reference-published-organization = published organization
reference-figure = figure
reference-proposal = proposal
reference-webhook = webhook
reference-delivery = delivery
reference-api-key = API key
reference-revocation = revocation
reference-blocked-network = blocked network
reference-field-word = word of field_map.csv
reference-term = term of that vocabulary
reference-field-term = term of FIELD
reference-agreement-form-term = term of AGREEMENT_FORM
reference-event-kind-term = term of EVENT_KIND
reference-partner-level-term = term of PARTNER_LEVEL
reference-organization-kind-term = term of ORGANIZATION_KIND
reference-programme-kind-term = term of PROGRAMME_KIND
reference-indicator-term = term of INDICATOR

list-act-kind = a kind of act
list-agreement-status = a status of agreements
list-alias-kind = a kind of names
list-basis = a basis
list-confidence = a degree of confidence
list-direction = a direction
list-entry-into-force = a way of entering into force
list-event-mode = a mode of events
list-event-rank = a rank of events
list-event-state = a state of events
list-geography-fact = a fact of geography
list-instrument-kind = a kind of instruments
list-organization-stage = a stage of organizations
list-pillar = a pillar
list-qualifier = a qualifier
list-region = a region of the world by UN M49
list-relation-status = a status of relations
list-relation-tier = a tier of relations
list-signing-level = a level of agreements
list-socio-economic-region = a socio-economic region
list-source-kind = a kind of sources
list-subregion = a sub-region of the world by UN M49
list-unit-change = a change of units
list-unit-kind = a kind of units
list-vocabulary = a vocabulary
list-yes-no = yes or no
quota-drafts = new entries and proposals of a person in an hour
quota-changes = changes by a person in an hour
quota-author-kilobytes = KB written by a person in an hour
quota-province-kilobytes = KB written by the province in a day
quota-keys = idempotency keys of a person in a day
quota-upload-kilobytes = KB of files uploaded by the province in a day

format-edtf-date = a date such as 2024-05-20, 2024-05 or 2024 (EDTF; also 1996~, 2021-07/.. and 199X)
format-day = a day such as 2025-07-01
format-month-day = a month and day such as 11-17
format-instant = an instant such as 2025-10-30T08:00:00+07:00
format-cursor-or-instant = a cursor of this register or an instant such as 2026-01-15T00:00:00Z
format-period = a period such as 2025, 2025-Q4, 2025-11 or 2025-01-01/2025-06-30
format-decimal = a decimal number
format-currency = a currency of ISO 4217 such as VND
format-language = a language in ISO 639, such as vi or eng
format-media-type = a media type such as application/pdf
format-sha256 = a SHA-256 of 64 hexadecimal digits
format-web-address = a web address such as https://example.org/page
format-locality-slug = a slug of that country, such as kr-gyeongsangnam
format-subdivision-code = a code of ISO 3166-2 of that country, such as KR-48
format-wikidata-item = an item of Wikidata, such as Q41151
format-term-code = a code, such as HIGHER_EDUCATION
format-two-capitals = a code of 2 capital letters
format-three-capitals = a code of 3 capital letters
format-latitude = a number from -90 to 90
format-longitude = a number from -180 to 180
format-area = an area in square kilometres
format-population = a number of people
format-network = a network such as 203.0.113.0/24, without bits after the prefix
format-machine-name = a name of 3 to 60 of the characters a–z, 0–9, - and .

action-create = CREATE
action-update = UPDATE
action-record-act = RECORD_ACT
action-amend-act = AMEND_ACT
action-void-act = VOID_ACT
action-submit = SUBMIT
action-return = RETURN
action-publish = PUBLISH
action-withdraw = WITHDRAW
action-discard = DISCARD
action-merge = MERGE
action-confirm = CONFIRM
action-maintain = MAINTAIN
action-propose = PROPOSE
action-settle = SETTLE
action-administer = ADMINISTER

publication-draft = DRAFT
publication-submitted = SUBMITTED
publication-published = PUBLISHED
publication-withdrawn = WITHDRAWN

### Further errors of mutations

mutation-not-found = There is no such entry, or you may not see it.
mutation-other-input = This key was used for another request; take a new one.
mutation-stale = The entry was changed since it was read: it is in version { $version } now. Read it again.
mutation-alike =
    { $count ->
        [1] An entry looks like this one already; allowDuplicate enters it all the same.
       *[other] { $count } entries look like this one already; allowDuplicate enters it all the same.
    }

### Top-level errors of the GraphQL API

api-unauthenticated = A token is needed.
api-forbidden = This needs a { $required }.
api-register-failed = The register failed; the request id names the case.
api-internal = Something went wrong on our side.
api-unreadable = The register cannot be read now; try again.
api-too-many-writes = The register is written to faster than it can be read; try again.
api-overloaded = The server has more work than it can do now; try again in a second.
api-subscription-ended = The subscription has ended; begin it again after the last cursor.
api-after-foreign = Caunoi-After is not a cursor of this register.
api-after-old-epoch = Caunoi-After is of an earlier epoch of the database, whose last changes may be lost: leave it out and read again.
api-after-not-reached = This node has not read as far as Caunoi-After yet; try again.
api-timeout = The operation took too long; request less at once.
api-write-timeout = The operation took too long; the write may have been committed or not. Retry it with the same @idempotent key, or read before you retry.
api-cost-exceeded = The request costs { $cost }; one request may cost { $limit }. Select less, or split the request.
api-pages-too-large = The request costs { $cost }; one request may cost { $limit }. With at most { $first } rows in every page (`first`) it fits.
api-too-complex = The document costs more than one request may; request fewer or smaller pages.
api-deep-introspection = Introspection nests `fields`, `inputFields`, `interfaces` and `possibleTypes` at most two deep.
api-response-too-large = The response takes more than { $limit } bytes. Request fewer rows with `first`, or fewer fields.
api-too-many-subscriptions = { $limit } subscriptions run for this address or person, the most allowed; end one before you start another.
api-subscriptions-cost = The subscriptions of this address or person would cost { $requested } per second; { $limit } are allowed. Select less, raise minIntervalMs, end others, or repeat one word for word: equal ones count once.
api-rate-limited = The request costs { $cost } and { $remaining } can be spent now. Repeat it in { $seconds } s, select less, or send fewer requests.
api-open-transport = Subscriptions need a transport that stays open.
api-other-transport = This transport does not allow this kind of operation; use POST.
api-document-unknown = No document with this documentId is stored here: an id is `sha256:` and the SHA-256 of the text in 64 lower-case hexadecimal digits. Send the text as `query`, or ask the operator to add the document.
api-document-hash-differs = The hash of the request is not the SHA-256 of `query`. Compute it over the text as it is sent, or leave it out.
api-document-not-trusted = Without a token this server executes only documents of its list. Name one by `documentId`, or send a token.
api-persisted-query-not-supported = PersistedQueryNotSupported
api-one-field = A subscription selects exactly one field, and none that begins with two underscores.
api-several-operations = The document has several operations: name one.
api-no-operation = The document has no operation of that name.
api-idempotent-place = @idempotent is allowed on the root fields of a mutation only.
api-one-response-name = Two fields of a mutation have one name: give one of them an alias.
api-too-many-values = Variables contain at most { $most } values.
api-variables-not-object = Variables are a JSON object.
api-variable-missing = The variable ${ $name } needs a value.
api-variable-null = The variable ${ $name } needs a value: `{ $place }` does not take null.
api-variable-nullable = The variable ${ $name } needs a value: `{ $place }` does not take null, and { $declared } allows it. Declare the variable as { $required }, or give it a default.
api-value-missing = { $path } needs a value.
api-value-not-int = { $path } is not a whole number from { $least } to { $most }.
api-value-not-of-type = { $path } is not of the type { $type }.
api-value-not-in-enum =
    { $path }: { $type } has no { $given }.{ $candidates-count ->
        [0] { "" }
       *[other] { " " }Did you mean { $candidates }?
    }
api-value-not-one-of = { $path } takes exactly one field of { $type }, and not null.
api-field-unknown = { $path } is no field of { $type }.
api-variable-without-value = A variable of this field has no value.
api-input-not-json = The input is no JSON.
api-filter-list-too-long = A list in a filter has at most { $most } members.
api-group-keys = Group by one or two keys.
api-not-known-then = This field answers from the present state only. Ask for it without knownAt.
api-search-not-known-then = A search reads the present texts only. Leave out search or knownAt.
api-key-not-offered = { $entries } have no { $key } to { $use }.
api-too-many-ids = Ask for at most { $most } ids at once.

required-role-clerk-or-publisher = clerk or publisher of the province
required-role-publisher = publisher of the province
required-role-steward = steward
required-role-analyst-or-steward = analyst or steward
required-role-writing-partner = partner with a token that may write

entries-relation = relations
entries-agreement = agreements
entries-event = events
entries-organization = organizations
entries-programme = programmes
entries-figure = figures
entries-instrument = instruments

use-group-by = group by
use-sum = sum

### Errors of HTTP

http-token-not-bearer = Authorization must be one bearer token.
http-token-expired = The token has expired.
http-token-early = The token is not valid yet.
http-token-foreign = The token is not accepted here.
http-token-revoked = The token was revoked. Sign in again; if that does not help, ask the ministry.
http-token-wrong-network = This API key may not be used from your address.
http-token-keys-unavailable = The keys of the issuer of this token cannot be read now. Try again in a moment.
http-token-required = This needs a token in the header Authorization.
http-unavailable = The register cannot answer now; try again later.
http-overloaded = The server has more work than it can do now; try again in a second.
http-upload-header = An upload needs the header Caunoi-Upload: 1.
http-upload-forbidden = Only clerks and publishers of a province, and stewards, upload files.
http-upload-name = The parameter `name` must be the name of the file, at most { $most } characters.
http-upload-type = The file must be a PDF, PNG, JPEG, TIFF, ODT or DOCX document; its bytes are none of these.
http-internal = Something went wrong on our side.
http-not-found = There is nothing at this address.
http-method-not-allowed = This method is not allowed here.
http-not-acceptable = Responses are application/graphql-response+json or application/json.
http-body-too-large = The request body is too large.
http-body-incomplete = The request body is incomplete.
http-body-slow = The request body took too long.
http-body-compressed = A compressed body is not supported.
http-body-not-json = The body must be application/json in UTF-8.
http-body-not-object = The body must be one JSON object of valid Unicode text.
http-no-batches = One operation per request: batches are not supported.
http-address-blocked = Requests from this network are not accepted. If this is an error, contact the operator of the register.
http-host-ambiguous = The request must name exactly one host: one header Host in HTTP/1.1, or :authority in HTTP/2.
http-too-many-connections = Too many connections and streams from this address; close one first.
http-rate-limited = Too much was requested in a short time. Repeat the request in { $seconds } s.
http-too-many-unread = Too many unread responses on this connection; read them first.
http-address-too-long = The address is too long.
http-headers-too-large = The headers are too large.
http-not-a-handshake = This is not a WebSocket handshake.
http-sub-protocol = The sub-protocol must be graphql-transport-ws.
http-origin-not-allowed = This origin may not open a WebSocket.
http-uri-invalid = The URI is invalid.
http-parameter-twice = A parameter occurs twice in the URI.
http-parameters-not-json = `variables` and `extensions` must be JSON.
http-query-not-text = `query` must be a string, unless `documentId` names a document.
http-document-id-not-text = `documentId` must be a string.
http-persisted-query-invalid = `extensions.persistedQuery` must be an object with `version` 1 and the string `sha256Hash`.
http-operation-name-not-text = `operationName` must be a string.
http-parameters-not-objects = `variables` and `extensions` must be objects.
http-feed-value-empty = { $name }: a value is empty.
http-feed-parameter-twice = { $name }: occurs twice in the URI.
http-feed-locale = locale: must be `vi` or `en`.
http-feed-size = first: must be an integer from 1 to 100.
http-feed-parameter-unknown = { $name }: is not a parameter. Known are { $known }.

### The Atom feed

feed-title = Changes in the register of local diplomacy
feed-ministry = Ministry of Foreign Affairs
feed-gap = Changes may have been missed
feed-entered = New: { $entry }
feed-stayed = Updated: { $entry }
feed-left = No longer shown: { $entry }

entry-relation = relation
entry-agreement = agreement
entry-event = event
entry-organization = organization
entry-programme = programme
entry-figure = figure
entry-instrument = instrument

### Labels

region-africa = Africa
region-americas = Americas
region-asia = Asia
region-europe = Europe
region-oceania = Oceania

pillar-party = Party diplomacy
pillar-state = State diplomacy
pillar-people = People-to-people diplomacy

stage-committee = Preparatory committee
stage-established = Established
stage-suspended = Suspended
stage-dissolved = Dissolved

tier-sister = Sister
tier-friendship = Friendship
tier-cooperation = Cooperation
tier-border-twin = Border twinning
tier-party-to-party = Party to Party
tier-organization-twin = Twinned organizations
tier-project = Project
tier-contact = Contact

level-province = Province
level-council = People’s council
level-department = Department
level-district = District
level-border-commune = Border commune
level-organization = Organization
level-party = Party

relation-status-proposed = Proposed
relation-status-active = Active
relation-status-dormant = Dormant
relation-status-ended = Ended
relation-status-unknown = Unknown

agreement-status-signed-not-in-force = Signed, not in force
agreement-status-in-force = In force
agreement-status-suspended = Suspended
agreement-status-expired = Expired
agreement-status-terminated = Terminated
agreement-status-withdrawn = Withdrawn
agreement-status-superseded = Superseded
agreement-status-unknown = Unknown

direction-in = Inbound
direction-out = Outbound
direction-domestic = Within Vietnam
direction-online = Online

inconsistency-in-force-above-signed = More agreements are in effect than were signed in all.
inconsistency-whole-below-part = The number of the longer period is less than that of a part of it.
inconsistency-persons-below-delegations = There are fewer persons than delegations.
inconsistency-countries-unlike-computed = The reported number of countries and territories is not the one that the register counts.

bucket-month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
bucket-quarter = Q{ $quarter } { $year }
bucket-year = { $year }
bucket-decade = { $year }s

### Flaws of CSV files

file-empty = The file is empty.
file-unknown-column = The column is unknown.
file-duplicate-column = The column is duplicated.
file-missing-column = The column is missing.
file-field-count = { $expected } fields are expected, { $found } found.
file-not-utf8 = The text is not UTF-8.
file-not-csv = The text is not CSV: { $error }.
file-source-differs = It is not the { $original } of the source in sources.csv.
file-lineage-differs = The lineage says { $expected }.
file-precision-differs = The date in { $column } is of precision { $precision }.
file-unit-differs = { $term } is stated in { $units }.
file-country-differs = { $locality } is in { $country }.
file-stated-twice = It is stated in { $other } too.
file-range-required = Two numbers require the qualifier RANGE.
file-nothing-precedes = No unit of the lineage precedes it.
file-present-has-no-end = A present province has no last day.
file-kind-day-required = The kind changed, so its day is required.
file-code-differs = provinces.csv gives { $slug } the code { $code }.
file-slug-kept = An unchanged unit keeps its slug.
file-no-letter = It has no letter or digit for a code.
file-flaws =
    { $count ->
        [one] 1 flaw
       *[other] { $count } flaws
    }
file-more-flaws = and { $count } more

### The command line

operator-cannot-listen = cannot listen on { $address }: { $why }
operator-address-in-use = another program listens there; stop it, or choose another address with --listen
operator-address-not-local = this machine has no such address; choose one of its own with --listen, or 0.0.0.0 for all of them
operator-listen-failed = { $error }; choose another address with --listen
operator-folder-unusable = cannot use the folder { $path }: { $error }; make it readable and writable for this user, or choose another with --data-dir
operator-folder-in-use = the folder { $path } is in use by another caunoi; stop that one, or choose another folder with --data-dir
operator-keys-unusable = cannot use the keys in { $path }: { $why }
operator-tls-unusable = cannot use the TLS certificate or its key: { $error }; tls_certificate and tls_key must name PEM files that fit each other
operator-trusted-document-unusable = cannot use the trusted document { $path }: { $error }; correct or remove the file, or choose another folder with trusted_documents
operator-system-error = { $error }
operator-key-open-to-others = others can read it; make it yours alone (chmod 600), or remove it for a new one
operator-not-an-ed25519-pem = it is not an Ed25519 key in PEM (PKCS#8)
operator-not-a-key-set = line { $line } is not part of a JSON Web Key Set
operator-key-without-id = a key has no kid
operator-key-id-twice = two keys have the kid "{ $id }"
operator-key-invalid = the key "{ $id }" { $why }
operator-key-is-secret = is a secret (oct); only public keys are taken
operator-key-is-private = holds its private part; leave only the public one
operator-key-type-unknown = is not one of OKP Ed25519, EC P-256 and RSA
operator-key-algorithm-differs = says alg "{ $stated }", but is used with { $used }
operator-key-not-ed25519 = is no Ed25519 key
operator-key-part-missing = has no { $part }
operator-key-not-base64 = is not written in base64url
operator-key-bits = has { $bits } bits; RSA takes { $least } to { $most }
operator-key-unusable = cannot be used: its numbers are not those of a key
operator-keys-not-https = "{ $given }" is neither an https URL nor a URL of this machine; keys must come over TLS
operator-not-a-discovery-document = line { $line } is not part of an OpenID Connect discovery document with issuer and jwks_uri
operator-discovery-of-another = the discovery document is that of the issuer "{ $stated }"; use this name if it is the right one
operator-document-too-large = { $url } returned more than { $most } bytes
operator-issuer-invalid = issuer { $name }: { $why }
operator-issuer-twice = the issuer { $name } is listed twice; remove one
operator-author-prefix-twice = issuer { $name } has the author_prefix of another; give it one of its own, so that authors are distinct
operator-issuer-lifetime = max_lifetime "{ $given }" is not between 1s and 24h
operator-database-unusable = cannot use the database { $place }: { $why }; { $hint }
operator-role-bypasses-security = the role { $role } that requests run as bypasses row-level security: it is a superuser or has BYPASSRLS
operator-role-owns-tables = the role { $role } that requests run as bypasses row-level security: it owns tables
operator-commits-not-synchronous = synchronous_commit is off: acknowledged writes could be lost
operator-revoke-rights = revoke what caunoi did not grant to it (ALTER ROLE, REVOKE, ALTER TABLE ... OWNER TO); a connection pooler has to pass on the startup parameter options
operator-set-synchronous-commit = set it on for the server, or for this database by ALTER DATABASE
operator-check-server = check that PostgreSQL runs there and that CAUNOI_DATABASE_URL names an existing database, user and password
operator-check-file = make the file readable and writable for this user, see that the disk has room, or choose another folder with --data-dir
operator-redis-unusable = cannot use Redis at { $place }; write CAUNOI_REDIS_URL like redis://host:6379
operator-database-newer = the database { $place } is newer than this program ({ $program }): it has the step { $step }; run the newer program, or choose another database
operator-data-set-unfit = the data of this program does not fit the database { $place }, nothing of it was written: { $flaws }
operator-database-damaged = the database { $place } is damaged: { $error }; bring back a copy from before
operator-file-unreadable = cannot read the file { $path } (from { $origin }): { $error }
operator-not-toml = { $path }:{ $line }: not TOML: { $error }
operator-unknown-key =
    unknown setting { $name } ({ $origin }){ $candidates-count ->
        [0] { "; `caunoi --help` lists all" }
       *[other] { ": " }did you mean { $candidates }?
    }
operator-not-quoted = { $key } ({ $origin }) must be a string in quotes, a whole number, true or false
operator-set-twice = { $one } and { $other } are both set; remove one of them
operator-not-unicode = { $name } is not UTF-8
operator-value-empty = { $key } ({ $origin }) is empty; remove it or give it a value
operator-value-invalid = { $key } ({ $origin }): { $why }
operator-half-set = { $given } ({ $origin }) requires { $missing }
operator-not-a-whole-number = "{ $given }" is not a whole number
operator-not-up-to65535 = "{ $given }" is not a whole number from 1 to 65535
operator-not-boolean = "{ $given }" is neither true nor false
operator-not-an-address = "{ $given }" is not an address and a port like 127.0.0.1:8080 or [::]:8080
operator-not-a-web-site = "{ $given }" is not a web site like https://example.vn, without a path
operator-not-an-address-log = "{ $given }" is not hashed, full or none
operator-not-a-network = "{ $given }" is not an address or a network like 192.0.2.0/24 or 2001:db8::/32, without bits after its prefix
operator-not-a-forwarded-header = "{ $given }" is not x-forwarded-for or forwarded
operator-not-a-log-level = "{ $given }" is not off, error, warn, info, debug or trace, nor such levels by module like info,caunoi_store=debug
operator-not-a-log-format = "{ $given }" is not auto, text or json
operator-not-a-connection-url = not a URL like { $example }://user:password@host/name ({ $error }; in a password `@`, `:`, `/`, `#` and `?` are written %40, %3A, %2F, %23 and %3F)
operator-wrong-scheme = it must begin with { $example }://
operator-slashes-missing = two slashes are missing after { $example }:
operator-tokens-of-issuer = auth_issuer is set, so only its tokens are accepted; request one there
operator-no-key = there is no key { $path }, so no server would accept the token; start the server first, which creates the key, or name the folder of the server with --data-dir
operator-unknown-role = "{ $given }" is not one of partner, clerk, publisher, analyst, steward
operator-role-needs-province = a { $role } belongs to a province: add --province
operator-role-has-no-province = { $role } belongs to no province: leave out --province
operator-not-an-actor-name = a name has 1 to 200 characters, none of them a control character, a direction mark or an invisible one
operator-lifetime-out-of-range = a token lives at least 1s and at most 7d
operator-not-a-lifetime = "{ $given }" is not a time like 30m, 24h or 7d
operator-not-a-province =
    "{ $given }" is not a current province; { $candidates-count ->
        [0] { "a slug looks like DONG_NAI" }
       *[other] did you mean { $candidates }?
    }
operator-secret-key-missing = the secrets in the database { $place } are encrypted with the key { $key }, which is missing: add it to CAUNOI_SECRET_KEY_FILE, or restore the file secret-key of the data folder that encrypted them; all nodes of a database need the same keys
operator-not-a-secret-key = a key is 32 random bytes in Base64 (openssl rand -base64 32); several are separated by white space, the current one first
operator-no-database = there is no database { $place }; name its folder with --data-dir
operator-not-intact = the database { $place } is not intact: { $violation }
operator-rules-broken = { $entries } published entries break rules, in { $violations } places; the violations are listed above, see docs/reference/rules.md
operator-not-a-url = "{ $given }" is not a URL: { $error }
operator-url-returned = { $url } returned { $status }
operator-no-answer = { $url } does not answer: { $error }
operator-no-answer-within = { $url } does not answer within { $seconds } s
operator-not-filled = refused to fill the database { $place }: { $reason }
operator-already-exists = refused to fill the database { $place }: it already exists; name another one, or use --into-existing to fill this one
operator-output-failed = cannot write the output: { $error }
operator-threads-failed = cannot start threads: { $error }
operator-spans-failed = cannot export spans: { $error }
operator-signals-failed = cannot catch signals: { $error }

### Titles composed for entries that have none

title-relation =
    { $partners-count ->
        [0] { $tier } of { $owner }{ $partners }
       *[other] { $tier } between { $owner } and { $partners }
    }
title-agreement =
    { $partners-count ->
        [0] { $subject } of { $owner }{ $partners }
       *[other] { $subject } between { $owner } and { $partners }
    }
title-activity =
    { $partners-count ->
        [0] { $subject }: { $owner }{ $partners }
       *[other] { $subject }: { $owner } and { $partners }
    }
title-organization =
    { $partners-count ->
        [0] { $subject } of { $owner }{ $partners }
       *[other] { $subject } of { $owner } ({ $partners })
    }
