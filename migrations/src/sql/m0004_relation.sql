-- Relations. An entry has at most one published and one working version.
-- `content` is its canonical JSON text, as the log hashed it; the other columns are what questions
-- filter and sort by.
CREATE TABLE relation (
    province_id SMALLINT NOT NULL CONSTRAINT relation_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    slot TEXT NOT NULL CONSTRAINT relation_slot_check CHECK (slot IN ('PUBLISHED', 'WORKING')),
    code TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT relation_version_check CHECK (version > 0),
    publication TEXT NOT NULL CONSTRAINT relation_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    pending TEXT CONSTRAINT relation_pending_check CHECK (pending IN ('DRAFT', 'SUBMITTED')),
    last_version INTEGER NOT NULL CONSTRAINT relation_last_version_check CHECK (version <= last_version),
    published_at_us BIGINT,
    updated_at_us BIGINT NOT NULL,
    origin_unit_id INTEGER CONSTRAINT relation_origin_unit_id_fkey REFERENCES admin_unit (id),
    pillar TEXT CONSTRAINT relation_pillar_check CHECK (pillar IN ('PARTY', 'STATE', 'PEOPLE')),
    counts_from DATE NOT NULL,
    first_text TEXT,
    first_earliest DATE NOT NULL,
    first_latest DATE NOT NULL,
    name_vi {bytes} NOT NULL,
    name_en {bytes} NOT NULL,
    content TEXT NOT NULL,
    partner_id INTEGER NOT NULL CONSTRAINT relation_partner_id_fkey REFERENCES locality (id),
    country_id INTEGER NOT NULL CONSTRAINT relation_country_id_fkey REFERENCES country (id),
    tier TEXT NOT NULL CONSTRAINT relation_tier_check CHECK (tier IN ('SISTER', 'FRIENDSHIP', 'COOPERATION', 'BORDER_TWIN', 'PARTY_TO_PARTY', 'ORGANIZATION_TWIN', 'PROJECT', 'CONTACT')),
    CONSTRAINT relation_key PRIMARY KEY (province_id, number, slot),
    CONSTRAINT relation_code_slot_key UNIQUE (code, slot),
    CONSTRAINT relation_first_latest_check CHECK (first_earliest <= first_latest)
);
CREATE INDEX relation_first_idx ON relation (slot, first_earliest, province_id, number);
CREATE INDEX relation_first_latest_idx ON relation (slot, first_latest, province_id, number);
CREATE INDEX relation_name_vi_idx ON relation (slot, name_vi, province_id, number);
CREATE INDEX relation_name_en_idx ON relation (slot, name_en, province_id, number);
CREATE INDEX relation_updated_idx ON relation (slot, updated_at_us, province_id, number);
CREATE INDEX relation_province_first_idx ON relation (province_id, slot, first_earliest, number);
CREATE INDEX relation_origin_unit_idx ON relation (slot, origin_unit_id, first_earliest, province_id, number);
CREATE INDEX relation_pillar_idx ON relation (slot, pillar, first_earliest, province_id, number);
CREATE INDEX relation_counts_from_idx ON relation (slot, counts_from);
CREATE INDEX relation_published_at_idx ON relation (slot, published_at_us);
CREATE INDEX relation_partner_idx ON relation (slot, partner_id, first_earliest, province_id, number);
CREATE INDEX relation_country_idx ON relation (slot, country_id, first_earliest, province_id, number);
CREATE INDEX relation_tier_idx ON relation (slot, tier, first_earliest, province_id, number);

-- Fields of cooperation.
CREATE TABLE relation_field (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    term_id INTEGER NOT NULL CONSTRAINT relation_field_term_id_fkey REFERENCES term (id),
    CONSTRAINT relation_field_key PRIMARY KEY (province_id, number, slot, term_id),
    CONSTRAINT relation_field_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES relation (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX relation_field_term_idx ON relation_field (slot, term_id, province_id, number);

-- The status through time, without gap, both ends inclusive.
CREATE TABLE relation_span (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    status TEXT NOT NULL CONSTRAINT relation_span_status_check CHECK (status IN ('PROPOSED', 'ACTIVE', 'DORMANT', 'ENDED', 'UNKNOWN')),
    CONSTRAINT relation_span_to_on_check CHECK (from_on <= to_on),
    CONSTRAINT relation_span_key PRIMARY KEY (province_id, number, slot, from_on),
    CONSTRAINT relation_span_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES relation (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX relation_span_status_idx ON relation_span (slot, status, from_on, to_on, province_id, number);
