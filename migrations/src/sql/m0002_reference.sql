-- Reference data: the ministry's, shared by all provinces, held in memory by every node.
CREATE TABLE source (
    id INTEGER NOT NULL CONSTRAINT source_key PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT source_code_key UNIQUE,
    title TEXT NOT NULL,
    address TEXT NOT NULL,
    kind TEXT NOT NULL
);
CREATE TABLE country (
    id INTEGER NOT NULL CONSTRAINT country_key PRIMARY KEY,
    iso2 TEXT NOT NULL CONSTRAINT country_iso2_key UNIQUE,
    iso3 TEXT NOT NULL CONSTRAINT country_iso3_key UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    region TEXT NOT NULL,
    subregion TEXT NOT NULL
);
CREATE TABLE term (
    id INTEGER NOT NULL CONSTRAINT term_key PRIMARY KEY,
    vocabulary TEXT NOT NULL CONSTRAINT term_vocabulary_check CHECK (vocabulary IN ('FIELD', 'AGREEMENT_FORM', 'EVENT_KIND', 'PARTNER_LEVEL', 'ORGANIZATION_KIND', 'PROGRAMME_KIND', 'INDICATOR')),
    code TEXT NOT NULL,
    name_vi TEXT,
    name_en TEXT,
    parent_id INTEGER CONSTRAINT term_parent_id_fkey REFERENCES term (id),
    valid_from DATE,
    units TEXT NOT NULL,
    is_additive BOOLEAN NOT NULL,
    source_id INTEGER CONSTRAINT term_source_id_fkey REFERENCES source (id),
    CONSTRAINT term_vocabulary_code_key UNIQUE (vocabulary, code)
);
CREATE TABLE locality (
    id INTEGER NOT NULL CONSTRAINT locality_key PRIMARY KEY,
    slug TEXT NOT NULL CONSTRAINT locality_slug_key UNIQUE,
    name_vi TEXT,
    name_en TEXT,
    native_name TEXT,
    country_id INTEGER NOT NULL CONSTRAINT locality_country_id_fkey REFERENCES country (id),
    level_id INTEGER CONSTRAINT locality_level_id_fkey REFERENCES term (id),
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    iso_3166_2 TEXT,
    wikidata_id TEXT,
    valid_to TEXT,
    note TEXT,
    source_id INTEGER CONSTRAINT locality_source_id_fkey REFERENCES source (id)
);
CREATE TABLE locality_alias (
    locality_id INTEGER NOT NULL CONSTRAINT locality_alias_locality_id_fkey REFERENCES locality (id),
    rank INTEGER NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    CONSTRAINT locality_alias_key PRIMARY KEY (locality_id, rank)
);
CREATE TABLE admin_unit (
    id INTEGER NOT NULL CONSTRAINT admin_unit_key PRIMARY KEY,
    slug TEXT NOT NULL,
    valid_from DATE,
    valid_to DATE,
    iso_3166_2 TEXT,
    CONSTRAINT admin_unit_valid_to_check CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);
CREATE TABLE unit_designation (
    unit_id INTEGER NOT NULL CONSTRAINT unit_designation_unit_id_fkey REFERENCES admin_unit (id),
    rank INTEGER NOT NULL,
    from_on DATE,
    code TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT unit_designation_kind_check CHECK (kind IN ('PROVINCE', 'CITY')),
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    legal_basis TEXT,
    CONSTRAINT unit_designation_key PRIMARY KEY (unit_id, rank)
);
CREATE TABLE unit_geography (
    unit_id INTEGER NOT NULL CONSTRAINT unit_geography_unit_id_fkey REFERENCES admin_unit (id),
    rank INTEGER NOT NULL,
    fact TEXT NOT NULL CONSTRAINT unit_geography_fact_check CHECK (fact IN ('BORDER_KM', 'COAST_KM')),
    content TEXT NOT NULL,
    CONSTRAINT unit_geography_key PRIMARY KEY (unit_id, rank)
);
CREATE TABLE succession (
    predecessor_id INTEGER NOT NULL CONSTRAINT succession_predecessor_id_fkey REFERENCES admin_unit (id),
    successor_id INTEGER NOT NULL CONSTRAINT succession_successor_id_fkey REFERENCES admin_unit (id),
    kind TEXT NOT NULL CONSTRAINT succession_kind_check CHECK (kind IN ('MERGED', 'RENAMED')),
    effective_on DATE NOT NULL,
    legal_basis TEXT NOT NULL,
    CONSTRAINT succession_key PRIMARY KEY (predecessor_id, successor_id)
);
CREATE TABLE province (
    province_id SMALLINT NOT NULL CONSTRAINT province_key PRIMARY KEY,
    unit_id INTEGER NOT NULL CONSTRAINT province_unit_id_key UNIQUE CONSTRAINT province_unit_id_fkey REFERENCES admin_unit (id),
    region TEXT NOT NULL,
    capital TEXT,
    area_km2 DOUBLE PRECISION,
    population BIGINT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    neighbours TEXT NOT NULL,
    source_id INTEGER CONSTRAINT province_source_id_fkey REFERENCES source (id)
);
CREATE TABLE occasion (
    id INTEGER NOT NULL CONSTRAINT occasion_key PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT occasion_code_key UNIQUE,
    name_vi TEXT,
    name_en TEXT,
    anchor_on DATE,
    month_day TEXT,
    country_id INTEGER CONSTRAINT occasion_country_id_fkey REFERENCES country (id),
    source_id INTEGER CONSTRAINT occasion_source_id_fkey REFERENCES source (id)
);
