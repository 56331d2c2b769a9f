-- Figures as sources report them. An entry has at most one published and one working version.
-- `content` is its canonical JSON text, as the log hashed it; the other columns are what questions
-- filter and sort by.
CREATE TABLE figure (
    province_id SMALLINT NOT NULL CONSTRAINT figure_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    slot TEXT NOT NULL CONSTRAINT figure_slot_check CHECK (slot IN ('PUBLISHED', 'WORKING')),
    code TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT figure_version_check CHECK (version > 0),
    publication TEXT NOT NULL CONSTRAINT figure_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    pending TEXT CONSTRAINT figure_pending_check CHECK (pending IN ('DRAFT', 'SUBMITTED')),
    last_version INTEGER NOT NULL CONSTRAINT figure_last_version_check CHECK (version <= last_version),
    published_at_us BIGINT,
    updated_at_us BIGINT NOT NULL,
    origin_unit_id INTEGER CONSTRAINT figure_origin_unit_id_fkey REFERENCES admin_unit (id),
    pillar TEXT CONSTRAINT figure_pillar_check CHECK (pillar IN ('PARTY', 'STATE', 'PEOPLE')),
    counts_from DATE NOT NULL,
    first_text TEXT,
    first_earliest DATE NOT NULL,
    first_latest DATE NOT NULL,
    name_vi {bytes} NOT NULL,
    name_en {bytes} NOT NULL,
    content TEXT NOT NULL,
    indicator_id INTEGER NOT NULL CONSTRAINT figure_indicator_id_fkey REFERENCES term (id),
    country_id INTEGER CONSTRAINT figure_country_id_fkey REFERENCES country (id),
    basis TEXT NOT NULL CONSTRAINT figure_basis_check CHECK (basis IN ('REPORTED', 'ESTIMATE', 'TARGET', 'COMPUTED')),
    CONSTRAINT figure_key PRIMARY KEY (province_id, number, slot),
    CONSTRAINT figure_code_slot_key UNIQUE (code, slot),
    CONSTRAINT figure_first_latest_check CHECK (first_earliest <= first_latest)
);
CREATE INDEX figure_first_idx ON figure (slot, first_earliest, province_id, number);
CREATE INDEX figure_name_vi_idx ON figure (slot, name_vi, province_id, number);
CREATE INDEX figure_name_en_idx ON figure (slot, name_en, province_id, number);
CREATE INDEX figure_updated_idx ON figure (slot, updated_at_us, province_id, number);
CREATE INDEX figure_province_first_idx ON figure (province_id, slot, first_earliest, number);
CREATE INDEX figure_origin_unit_idx ON figure (slot, origin_unit_id, first_earliest, province_id, number);
CREATE INDEX figure_pillar_idx ON figure (slot, pillar, first_earliest, province_id, number);
CREATE INDEX figure_counts_from_idx ON figure (slot, counts_from);
CREATE INDEX figure_published_at_idx ON figure (slot, published_at_us);
CREATE INDEX figure_indicator_idx ON figure (slot, indicator_id, first_earliest, province_id, number);
