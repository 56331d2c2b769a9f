-- The program has the list of operations and refuses to read another one; a list in the table would
-- need a rebuild for each new operation. SQLite drops a check only by copying the table.
CREATE TABLE change_without_check (
    province_id SMALLINT NOT NULL CONSTRAINT change_province_id_fkey REFERENCES province_head (province_id),
    position BIGINT NOT NULL CONSTRAINT change_position_check CHECK (position > 0),
    subject TEXT NOT NULL,
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    operation TEXT NOT NULL,
    was TEXT CONSTRAINT change_was_check CHECK (was IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    publication TEXT NOT NULL CONSTRAINT change_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    is_public BOOLEAN NOT NULL,
    author TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    reason TEXT,
    before_text TEXT,
    after_text TEXT,
    idempotency_key TEXT,
    link {bytes} NOT NULL,
    CONSTRAINT change_key PRIMARY KEY (province_id, position)
);
INSERT INTO change_without_check
    SELECT province_id, position, subject, number, code, version, operation, was, publication, is_public,
        author, at_us, reason, before_text, after_text, idempotency_key, link
    FROM change;
DROP TABLE change;
ALTER TABLE change_without_check RENAME TO change;
CREATE INDEX change_subject_code_idx ON change (province_id, subject, code, position);
