-- One log for each province, and one (0) for the ministry. The head orders its writers.
CREATE TABLE province_head (
    province_id SMALLINT NOT NULL CONSTRAINT province_head_key PRIMARY KEY,
    position BIGINT NOT NULL,
    public_position BIGINT NOT NULL,
    next_number INTEGER NOT NULL,
    link {bytes} NOT NULL,
    CONSTRAINT province_head_position_check CHECK (0 <= public_position AND public_position <= position)
);
CREATE TABLE change (
    province_id SMALLINT NOT NULL CONSTRAINT change_province_id_fkey REFERENCES province_head (province_id),
    position BIGINT NOT NULL CONSTRAINT change_position_check CHECK (position > 0),
    subject TEXT NOT NULL,
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    operation TEXT NOT NULL CONSTRAINT change_operation_check CHECK (operation IN ('CREATED', 'UPDATED', 'ACT_RECORDED', 'SUBMITTED', 'RETURNED', 'PUBLISHED', 'CORRECTED', 'WITHDRAWN')),
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
CREATE INDEX change_subject_code_idx ON change (province_id, subject, code, position);

-- What an author was answered under a key of their own, so that the same request once more gets
-- the same answer. Kept for two days.
CREATE TABLE idempotency (
    province_id SMALLINT NOT NULL CONSTRAINT idempotency_province_id_fkey REFERENCES province_head (province_id),
    author TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    input_hash {bytes} NOT NULL,
    answer TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    CONSTRAINT idempotency_key PRIMARY KEY (province_id, author, operation, key)
);
CREATE INDEX idempotency_at_idx ON idempotency (province_id, at_us);
