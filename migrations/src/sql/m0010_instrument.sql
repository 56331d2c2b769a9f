-- Policy and legal documents. An entry has at most one published and one working version.
-- `content` is its canonical JSON text, as the log hashed it; the other columns are what questions
-- filter and sort by.
CREATE TABLE instrument (
    province_id SMALLINT NOT NULL CONSTRAINT instrument_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    slot TEXT NOT NULL CONSTRAINT instrument_slot_check CHECK (slot IN ('PUBLISHED', 'WORKING')),
    code TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT instrument_version_check CHECK (version > 0),
    publication TEXT NOT NULL CONSTRAINT instrument_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    pending TEXT CONSTRAINT instrument_pending_check CHECK (pending IN ('DRAFT', 'SUBMITTED')),
    last_version INTEGER NOT NULL CONSTRAINT instrument_last_version_check CHECK (version <= last_version),
    published_at_us BIGINT,
    updated_at_us BIGINT NOT NULL,
    origin_unit_id INTEGER CONSTRAINT instrument_origin_unit_id_fkey REFERENCES admin_unit (id),
    pillar TEXT CONSTRAINT instrument_pillar_check CHECK (pillar IN ('PARTY', 'STATE', 'PEOPLE')),
    counts_from DATE NOT NULL,
    first_text TEXT,
    first_earliest DATE NOT NULL,
    first_latest DATE NOT NULL,
    name_vi {bytes} NOT NULL,
    name_en {bytes} NOT NULL,
    content TEXT NOT NULL,
    printed_number TEXT,
    CONSTRAINT instrument_key PRIMARY KEY (province_id, number, slot),
    CONSTRAINT instrument_code_slot_key UNIQUE (code, slot),
    CONSTRAINT instrument_first_latest_check CHECK (first_earliest <= first_latest)
);
CREATE INDEX instrument_first_idx ON instrument (slot, first_earliest, province_id, number);
CREATE INDEX instrument_name_vi_idx ON instrument (slot, name_vi, province_id, number);
CREATE INDEX instrument_name_en_idx ON instrument (slot, name_en, province_id, number);
CREATE INDEX instrument_updated_idx ON instrument (slot, updated_at_us, province_id, number);
CREATE INDEX instrument_province_first_idx ON instrument (province_id, slot, first_earliest, number);
CREATE INDEX instrument_origin_unit_idx ON instrument (slot, origin_unit_id, first_earliest, province_id, number);
CREATE INDEX instrument_pillar_idx ON instrument (slot, pillar, first_earliest, province_id, number);
CREATE INDEX instrument_counts_from_idx ON instrument (slot, counts_from);
CREATE INDEX instrument_published_at_idx ON instrument (slot, published_at_us);
CREATE INDEX instrument_printed_number_idx ON instrument (slot, printed_number);

-- Which document implements which, by printed number.
CREATE TABLE instrument_implements (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    printed_number TEXT NOT NULL,
    CONSTRAINT instrument_implements_key PRIMARY KEY (province_id, number, slot, printed_number),
    CONSTRAINT instrument_implements_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES instrument (province_id, number, slot) ON DELETE CASCADE
);
