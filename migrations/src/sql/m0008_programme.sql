-- Programmes. An entry has at most one published and one working version.
-- `content` is its canonical JSON text, as the log hashed it; the other columns are what questions
-- filter and sort by.
CREATE TABLE programme (
    province_id SMALLINT NOT NULL CONSTRAINT programme_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    slot TEXT NOT NULL CONSTRAINT programme_slot_check CHECK (slot IN ('PUBLISHED', 'WORKING')),
    code TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT programme_version_check CHECK (version > 0),
    publication TEXT NOT NULL CONSTRAINT programme_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    pending TEXT CONSTRAINT programme_pending_check CHECK (pending IN ('DRAFT', 'SUBMITTED')),
    last_version INTEGER NOT NULL CONSTRAINT programme_last_version_check CHECK (version <= last_version),
    published_at_us BIGINT,
    updated_at_us BIGINT NOT NULL,
    origin_unit_id INTEGER CONSTRAINT programme_origin_unit_id_fkey REFERENCES admin_unit (id),
    pillar TEXT CONSTRAINT programme_pillar_check CHECK (pillar IN ('PARTY', 'STATE', 'PEOPLE')),
    counts_from DATE NOT NULL,
    first_text TEXT,
    first_earliest DATE NOT NULL,
    first_latest DATE NOT NULL,
    name_vi {bytes} NOT NULL,
    name_en {bytes} NOT NULL,
    content TEXT NOT NULL,
    kind_id INTEGER NOT NULL CONSTRAINT programme_kind_id_fkey REFERENCES term (id),
    direction TEXT CONSTRAINT programme_direction_check CHECK (direction IN ('IN', 'OUT', 'DOMESTIC', 'ONLINE')),
    CONSTRAINT programme_key PRIMARY KEY (province_id, number, slot),
    CONSTRAINT programme_code_slot_key UNIQUE (code, slot),
    CONSTRAINT programme_first_latest_check CHECK (first_earliest <= first_latest)
);
CREATE INDEX programme_first_idx ON programme (slot, first_earliest, province_id, number);
CREATE INDEX programme_name_vi_idx ON programme (slot, name_vi, province_id, number);
CREATE INDEX programme_name_en_idx ON programme (slot, name_en, province_id, number);
CREATE INDEX programme_updated_idx ON programme (slot, updated_at_us, province_id, number);
CREATE INDEX programme_province_first_idx ON programme (province_id, slot, first_earliest, number);
CREATE INDEX programme_origin_unit_idx ON programme (slot, origin_unit_id, first_earliest, province_id, number);
CREATE INDEX programme_pillar_idx ON programme (slot, pillar, first_earliest, province_id, number);
CREATE INDEX programme_counts_from_idx ON programme (slot, counts_from);
CREATE INDEX programme_published_at_idx ON programme (slot, published_at_us);
CREATE INDEX programme_direction_idx ON programme (slot, direction, first_earliest, province_id, number);
CREATE INDEX programme_kind_idx ON programme (slot, kind_id, first_earliest, province_id, number);

-- Countries that a programme is for.
CREATE TABLE programme_country (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    country_id INTEGER NOT NULL CONSTRAINT programme_country_country_id_fkey REFERENCES country (id),
    CONSTRAINT programme_country_key PRIMARY KEY (province_id, number, slot, country_id),
    CONSTRAINT programme_country_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES programme (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX programme_country_country_idx ON programme_country (slot, country_id, province_id, number);

-- Partner localities.
CREATE TABLE programme_partner (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    locality_id INTEGER NOT NULL CONSTRAINT programme_partner_locality_id_fkey REFERENCES locality (id),
    CONSTRAINT programme_partner_key PRIMARY KEY (province_id, number, slot, locality_id),
    CONSTRAINT programme_partner_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES programme (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX programme_partner_locality_idx ON programme_partner (slot, locality_id, province_id, number);
