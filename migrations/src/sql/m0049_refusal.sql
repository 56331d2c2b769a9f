-- Refused requests, counted: whose, why, in which hour. It contains no part of a request.
CREATE TABLE refusal (
    hour_us BIGINT NOT NULL CONSTRAINT refusal_hour_us_check CHECK (hour_us % 3600000000 = 0),
    role TEXT COLLATE {binary} NOT NULL,
    holder TEXT COLLATE {binary} NOT NULL CONSTRAINT refusal_holder_check CHECK (length(holder) <= 200),
    reason TEXT COLLATE {binary} NOT NULL,
    count BIGINT NOT NULL CONSTRAINT refusal_count_check CHECK (count > 0),
    last_at_us BIGINT NOT NULL,
    CONSTRAINT refusal_key PRIMARY KEY (hour_us, role, holder, reason)
){by_key};
