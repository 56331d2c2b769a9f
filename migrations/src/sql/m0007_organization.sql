-- Organizations. An entry has at most one published and one working version.
-- `content` is its canonical JSON text, as the log hashed it; the other columns are what questions
-- filter and sort by.
CREATE TABLE organization (
    province_id SMALLINT NOT NULL CONSTRAINT organization_province_id_fkey REFERENCES province_head (province_id),
    number INTEGER NOT NULL,
    slot TEXT NOT NULL CONSTRAINT organization_slot_check CHECK (slot IN ('PUBLISHED', 'WORKING')),
    code TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT organization_version_check CHECK (version > 0),
    publication TEXT NOT NULL CONSTRAINT organization_publication_check CHECK (publication IN ('DRAFT', 'SUBMITTED', 'PUBLISHED', 'WITHDRAWN')),
    pending TEXT CONSTRAINT organization_pending_check CHECK (pending IN ('DRAFT', 'SUBMITTED')),
    last_version INTEGER NOT NULL CONSTRAINT organization_last_version_check CHECK (version <= last_version),
    published_at_us BIGINT,
    updated_at_us BIGINT NOT NULL,
    origin_unit_id INTEGER CONSTRAINT organization_origin_unit_id_fkey REFERENCES admin_unit (id),
    pillar TEXT CONSTRAINT organization_pillar_check CHECK (pillar IN ('PARTY', 'STATE', 'PEOPLE')),
    counts_from DATE NOT NULL,
    first_text TEXT,
    first_earliest DATE NOT NULL,
    first_latest DATE NOT NULL,
    name_vi {bytes} NOT NULL,
    name_en {bytes} NOT NULL,
    content TEXT NOT NULL,
    kind_id INTEGER CONSTRAINT organization_kind_id_fkey REFERENCES term (id),
    target_country_id INTEGER CONSTRAINT organization_target_country_id_fkey REFERENCES country (id),
    stage TEXT NOT NULL CONSTRAINT organization_stage_check CHECK (stage IN ('COMMITTEE', 'ESTABLISHED', 'SUSPENDED', 'DISSOLVED')),
    -- The dated turns of the stage as JSON, for facts.
    stage_turns TEXT,
    parent_code TEXT,
    CONSTRAINT organization_key PRIMARY KEY (province_id, number, slot),
    CONSTRAINT organization_code_slot_key UNIQUE (code, slot),
    CONSTRAINT organization_first_latest_check CHECK (first_earliest <= first_latest)
);
CREATE INDEX organization_first_idx ON organization (slot, first_earliest, province_id, number);
CREATE INDEX organization_name_vi_idx ON organization (slot, name_vi, province_id, number);
CREATE INDEX organization_name_en_idx ON organization (slot, name_en, province_id, number);
CREATE INDEX organization_updated_idx ON organization (slot, updated_at_us, province_id, number);
CREATE INDEX organization_province_first_idx ON organization (province_id, slot, first_earliest, number);
CREATE INDEX organization_origin_unit_idx ON organization (slot, origin_unit_id, first_earliest, province_id, number);
CREATE INDEX organization_pillar_idx ON organization (slot, pillar, first_earliest, province_id, number);
CREATE INDEX organization_counts_from_idx ON organization (slot, counts_from);
CREATE INDEX organization_published_at_idx ON organization (slot, published_at_us);
CREATE INDEX organization_kind_idx ON organization (slot, kind_id, first_earliest, province_id, number);
CREATE INDEX organization_target_country_idx ON organization (slot, target_country_id, first_earliest, province_id, number);
CREATE INDEX organization_stage_idx ON organization (slot, stage, first_earliest, province_id, number);

-- Units that belong to a network.
CREATE TABLE membership (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    rank INTEGER NOT NULL,
    unit_id INTEGER NOT NULL CONSTRAINT membership_unit_id_fkey REFERENCES admin_unit (id),
    joined TEXT,
    as_of TEXT,
    CONSTRAINT membership_key PRIMARY KEY (province_id, number, slot, rank),
    CONSTRAINT membership_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES organization (province_id, number, slot) ON DELETE CASCADE
);

-- Officials and their posts at a time.
CREATE TABLE post (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    rank INTEGER NOT NULL,
    person TEXT NOT NULL,
    post TEXT NOT NULL,
    as_of TEXT,
    CONSTRAINT post_key PRIMARY KEY (province_id, number, slot, rank),
    CONSTRAINT post_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES organization (province_id, number, slot) ON DELETE CASCADE
);
