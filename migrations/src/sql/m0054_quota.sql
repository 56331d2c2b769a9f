-- What an author, or a whole province (the empty subject), has used of a quota in the period of the
-- log's clock with this number. One row for each subject and quota, so the table stays small.
CREATE TABLE quota_use (
    province_id SMALLINT NOT NULL CONSTRAINT quota_use_province_id_fkey REFERENCES province_head (province_id),
    subject TEXT COLLATE {binary} NOT NULL,
    kind TEXT COLLATE {binary} NOT NULL,
    period BIGINT NOT NULL,
    used BIGINT NOT NULL,
    CONSTRAINT quota_use_key PRIMARY KEY (province_id, subject, kind)
){by_key};

-- The clock of the log, and that of the node that wrote last; 0 before the next write.
ALTER TABLE province_head ADD COLUMN clock_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE province_head ADD COLUMN node_us BIGINT NOT NULL DEFAULT 0;
