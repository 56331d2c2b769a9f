-- Agreements. An entry has at most one published and one working version.
-- `content` is its canonical JSON text, as the log hashed it; the other columns are what questions
-- filter and sort by.
CREATE TABLE agreement (
    province_id SMALLINT NOT NULL CONSTRAINT agreement_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    slot TEXT NOT NULL CONSTRAINT agreement_slot_check CHECK (slot IN ('PUBLISHED', 'WORKING')),
    code TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT agreement_version_check CHECK (version > 0),
    publication TEXT NOT NULL CONSTRAINT agreement_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    pending TEXT CONSTRAINT agreement_pending_check CHECK (pending IN ('DRAFT', 'SUBMITTED')),
    last_version INTEGER NOT NULL CONSTRAINT agreement_last_version_check CHECK (version <= last_version),
    published_at_us BIGINT,
    updated_at_us BIGINT NOT NULL,
    origin_unit_id INTEGER CONSTRAINT agreement_origin_unit_id_fkey REFERENCES admin_unit (id),
    pillar TEXT CONSTRAINT agreement_pillar_check CHECK (pillar IN ('PARTY', 'STATE', 'PEOPLE')),
    counts_from DATE NOT NULL,
    first_text TEXT,
    first_earliest DATE NOT NULL,
    first_latest DATE NOT NULL,
    name_vi {bytes} NOT NULL,
    name_en {bytes} NOT NULL,
    content TEXT NOT NULL,
    form_id INTEGER NOT NULL CONSTRAINT agreement_form_id_fkey REFERENCES term (id),
    level TEXT CONSTRAINT agreement_level_check CHECK (level IN ('PROVINCE', 'COUNCIL', 'DEPARTMENT', 'DISTRICT', 'BORDER_COMMUNE', 'ORGANIZATION', 'PARTY')),
    country_id INTEGER CONSTRAINT agreement_country_id_fkey REFERENCES country (id),
    expires_text TEXT,
    expires_earliest DATE NOT NULL,
    expires_latest DATE NOT NULL,
    renews_code TEXT,
    parent_code TEXT,
    relation_code TEXT,
    CONSTRAINT agreement_key PRIMARY KEY (province_id, number, slot),
    CONSTRAINT agreement_code_slot_key UNIQUE (code, slot),
    CONSTRAINT agreement_first_latest_check CHECK (first_earliest <= first_latest)
);
CREATE INDEX agreement_first_idx ON agreement (slot, first_earliest, province_id, number);
CREATE INDEX agreement_first_latest_idx ON agreement (slot, first_latest, province_id, number);
CREATE INDEX agreement_name_vi_idx ON agreement (slot, name_vi, province_id, number);
CREATE INDEX agreement_name_en_idx ON agreement (slot, name_en, province_id, number);
CREATE INDEX agreement_updated_idx ON agreement (slot, updated_at_us, province_id, number);
CREATE INDEX agreement_province_first_idx ON agreement (province_id, slot, first_earliest, number);
CREATE INDEX agreement_origin_unit_idx ON agreement (slot, origin_unit_id, first_earliest, province_id, number);
CREATE INDEX agreement_pillar_idx ON agreement (slot, pillar, first_earliest, province_id, number);
CREATE INDEX agreement_counts_from_idx ON agreement (slot, counts_from);
CREATE INDEX agreement_published_at_idx ON agreement (slot, published_at_us);
CREATE INDEX agreement_form_idx ON agreement (slot, form_id, first_earliest, province_id, number);
CREATE INDEX agreement_level_idx ON agreement (slot, level, first_earliest, province_id, number);
CREATE INDEX agreement_country_idx ON agreement (slot, country_id, first_earliest, province_id, number);
CREATE INDEX agreement_expires_earliest_idx ON agreement (slot, expires_earliest, province_id, number);
CREATE INDEX agreement_expires_idx ON agreement (slot, expires_latest, province_id, number);
CREATE INDEX agreement_renews_idx ON agreement (slot, renews_code);
CREATE INDEX agreement_parent_idx ON agreement (slot, parent_code);
CREATE INDEX agreement_relation_idx ON agreement (slot, relation_code);

-- Who stands beside the province: a locality, a body by its code, or a name alone. The date is
-- that of the agreement, so that the newest with a locality come from one index.
CREATE TABLE agreement_party (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    rank INTEGER NOT NULL,
    locality_id INTEGER CONSTRAINT agreement_party_locality_id_fkey REFERENCES locality (id),
    organization_code TEXT,
    name TEXT,
    signatory TEXT,
    first_earliest DATE NOT NULL,
    CONSTRAINT agreement_party_key PRIMARY KEY (province_id, number, slot, rank),
    CONSTRAINT agreement_party_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES agreement (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX agreement_party_locality_idx ON agreement_party (slot, locality_id, first_earliest, province_id, number);

-- What happened, by its bounds.
CREATE TABLE agreement_act (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    rank INTEGER NOT NULL,
    kind TEXT NOT NULL CONSTRAINT agreement_act_kind_check CHECK (kind IN ('SIGN', 'ENTER_INTO_FORCE', 'AMEND', 'EXTEND', 'RENEW', 'SUSPEND', 'RESUME', 'WITHDRAW', 'TERMINATE', 'EXPIRE', 'SUPERSEDE', 'SUCCEED', 'CORRECT')),
    on_text TEXT NOT NULL,
    on_earliest DATE NOT NULL,
    on_latest DATE NOT NULL,
    CONSTRAINT agreement_act_key PRIMARY KEY (province_id, number, slot, rank),
    CONSTRAINT agreement_act_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES agreement (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX agreement_act_kind_idx ON agreement_act (slot, kind, on_earliest);

-- Fields of cooperation.
CREATE TABLE agreement_field (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    term_id INTEGER NOT NULL CONSTRAINT agreement_field_term_id_fkey REFERENCES term (id),
    CONSTRAINT agreement_field_key PRIMARY KEY (province_id, number, slot, term_id),
    CONSTRAINT agreement_field_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES agreement (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX agreement_field_term_idx ON agreement_field (slot, term_id, province_id, number);

-- The status through time, without gap, both ends inclusive.
CREATE TABLE agreement_span (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    status TEXT NOT NULL CONSTRAINT agreement_span_status_check CHECK (status IN ('SIGNED_NOT_IN_FORCE', 'IN_FORCE', 'SUSPENDED', 'EXPIRED', 'TERMINATED', 'WITHDRAWN', 'SUPERSEDED', 'UNKNOWN')),
    CONSTRAINT agreement_span_to_on_check CHECK (from_on <= to_on),
    CONSTRAINT agreement_span_key PRIMARY KEY (province_id, number, slot, from_on),
    CONSTRAINT agreement_span_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES agreement (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX agreement_span_status_idx ON agreement_span (slot, status, from_on, to_on, province_id, number);
