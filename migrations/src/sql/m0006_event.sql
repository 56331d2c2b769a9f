-- Events. An entry has at most one published and one working version.
-- `content` is its canonical JSON text, as the log hashed it; the other columns are what questions
-- filter and sort by.
CREATE TABLE event (
    province_id SMALLINT NOT NULL CONSTRAINT event_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    slot TEXT NOT NULL CONSTRAINT event_slot_check CHECK (slot IN ('PUBLISHED', 'WORKING')),
    code TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT event_version_check CHECK (version > 0),
    publication TEXT NOT NULL CONSTRAINT event_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    pending TEXT CONSTRAINT event_pending_check CHECK (pending IN ('DRAFT', 'SUBMITTED')),
    last_version INTEGER NOT NULL CONSTRAINT event_last_version_check CHECK (version <= last_version),
    published_at_us BIGINT,
    updated_at_us BIGINT NOT NULL,
    origin_unit_id INTEGER CONSTRAINT event_origin_unit_id_fkey REFERENCES admin_unit (id),
    pillar TEXT CONSTRAINT event_pillar_check CHECK (pillar IN ('PARTY', 'STATE', 'PEOPLE')),
    counts_from DATE NOT NULL,
    first_text TEXT,
    first_earliest DATE NOT NULL,
    first_latest DATE NOT NULL,
    name_vi {bytes} NOT NULL,
    name_en {bytes} NOT NULL,
    content TEXT NOT NULL,
    kind_id INTEGER NOT NULL CONSTRAINT event_kind_id_fkey REFERENCES term (id),
    country_id INTEGER CONSTRAINT event_country_id_fkey REFERENCES country (id),
    direction TEXT CONSTRAINT event_direction_check CHECK (direction IN ('IN', 'OUT', 'DOMESTIC', 'ONLINE')),
    event_level TEXT CONSTRAINT event_event_level_check CHECK (event_level IN ('STATE_LEADER', 'MINISTER', 'PROVINCE_LEADER', 'DEPARTMENT', 'WORKING')),
    mode TEXT CONSTRAINT event_mode_check CHECK (mode IN ('IN_PERSON', 'ONLINE', 'HYBRID')),
    -- Series and edition are folded, as filters compare them; the quantities are JSON, for facts.
    series TEXT,
    edition TEXT,
    delegates TEXT,
    connections TEXT,
    relation_code TEXT,
    CONSTRAINT event_key PRIMARY KEY (province_id, number, slot),
    CONSTRAINT event_code_slot_key UNIQUE (code, slot),
    CONSTRAINT event_first_latest_check CHECK (first_earliest <= first_latest)
);
CREATE INDEX event_first_idx ON event (slot, first_earliest, province_id, number);
CREATE INDEX event_first_latest_idx ON event (slot, first_latest, province_id, number);
CREATE INDEX event_name_vi_idx ON event (slot, name_vi, province_id, number);
CREATE INDEX event_name_en_idx ON event (slot, name_en, province_id, number);
CREATE INDEX event_updated_idx ON event (slot, updated_at_us, province_id, number);
CREATE INDEX event_province_first_idx ON event (province_id, slot, first_earliest, number);
CREATE INDEX event_origin_unit_idx ON event (slot, origin_unit_id, first_earliest, province_id, number);
CREATE INDEX event_pillar_idx ON event (slot, pillar, first_earliest, province_id, number);
CREATE INDEX event_counts_from_idx ON event (slot, counts_from);
CREATE INDEX event_published_at_idx ON event (slot, published_at_us);
CREATE INDEX event_kind_idx ON event (slot, kind_id, first_earliest, province_id, number);
CREATE INDEX event_country_idx ON event (slot, country_id, first_earliest, province_id, number);
CREATE INDEX event_direction_idx ON event (slot, direction, first_earliest, province_id, number);
CREATE INDEX event_level_idx ON event (slot, event_level, first_earliest, province_id, number);
CREATE INDEX event_mode_idx ON event (slot, mode, first_earliest, province_id, number);
CREATE INDEX event_series_idx ON event (slot, series, first_earliest, province_id, number);
CREATE INDEX event_edition_idx ON event (slot, edition, first_earliest, province_id, number);
CREATE INDEX event_relation_idx ON event (slot, relation_code);

-- Fields of cooperation.
CREATE TABLE event_field (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    term_id INTEGER NOT NULL CONSTRAINT event_field_term_id_fkey REFERENCES term (id),
    CONSTRAINT event_field_key PRIMARY KEY (province_id, number, slot, term_id),
    CONSTRAINT event_field_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES event (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX event_field_term_idx ON event_field (slot, term_id, province_id, number);

-- Localities abroad that took part. The date is that of the event, so that the newest with a
-- locality come from one index.
CREATE TABLE event_partner (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    locality_id INTEGER NOT NULL CONSTRAINT event_partner_locality_id_fkey REFERENCES locality (id),
    first_earliest DATE NOT NULL,
    CONSTRAINT event_partner_key PRIMARY KEY (province_id, number, slot, locality_id),
    CONSTRAINT event_partner_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES event (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX event_partner_locality_idx ON event_partner (slot, locality_id, first_earliest, province_id, number);

-- Every country that an event has to do with.
CREATE TABLE event_country (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    country_id INTEGER NOT NULL CONSTRAINT event_country_country_id_fkey REFERENCES country (id),
    CONSTRAINT event_country_key PRIMARY KEY (province_id, number, slot, country_id),
    CONSTRAINT event_country_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES event (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX event_country_country_idx ON event_country (slot, country_id, province_id, number);
