-- Sources that people name, each in the log of its province; the sources of each version of an
-- entry, for filters; uploaded files, and the agreements that contain them.
ALTER TABLE source ADD COLUMN province_id SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN title_vi TEXT;
ALTER TABLE source ADD COLUMN title_en TEXT;
ALTER TABLE source ADD COLUMN publisher TEXT;
ALTER TABLE source ADD COLUMN published_text TEXT;
ALTER TABLE source ADD COLUMN accessed_on DATE;
ALTER TABLE source ADD COLUMN language TEXT;
ALTER TABLE source ADD COLUMN licence TEXT;
ALTER TABLE source ADD COLUMN file_sha256 TEXT;

CREATE TABLE entry_source (
    source_id INTEGER NOT NULL CONSTRAINT entry_source_source_id_fkey REFERENCES source (id),
    kind TEXT NOT NULL,
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    CONSTRAINT entry_source_key PRIMARY KEY (source_id, kind, province_id, number, slot)
);
CREATE INDEX entry_source_entry_idx ON entry_source (kind, province_id, number, slot);
INSERT INTO entry_source SELECT DISTINCT CAST(source.value AS INTEGER), 'RELATION', province_id, number, slot FROM relation, {sources};
INSERT INTO entry_source SELECT DISTINCT CAST(source.value AS INTEGER), 'AGREEMENT', province_id, number, slot FROM agreement, {sources};
INSERT INTO entry_source SELECT DISTINCT CAST(source.value AS INTEGER), 'EVENT', province_id, number, slot FROM event, {sources};
INSERT INTO entry_source SELECT DISTINCT CAST(source.value AS INTEGER), 'ORGANIZATION', province_id, number, slot FROM organization, {sources};
INSERT INTO entry_source SELECT DISTINCT CAST(source.value AS INTEGER), 'PROGRAMME', province_id, number, slot FROM programme, {sources};
INSERT INTO entry_source SELECT DISTINCT CAST(source.value AS INTEGER), 'FIGURE', province_id, number, slot FROM figure, {sources};
INSERT INTO entry_source SELECT DISTINCT CAST(source.value AS INTEGER), 'INSTRUMENT', province_id, number, slot FROM instrument, {sources};

-- The content of a file lies in the data folder, under its hash.
CREATE TABLE file (
    province_id SMALLINT NOT NULL CONSTRAINT file_province_id_fkey REFERENCES province_head (province_id),
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    name TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at_us BIGINT NOT NULL,
    CONSTRAINT file_key PRIMARY KEY (sha256, province_id)
);
CREATE TABLE agreement_file (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT agreement_file_key PRIMARY KEY (province_id, number, slot, sha256),
    CONSTRAINT agreement_file_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES agreement (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX agreement_file_sha256_idx ON agreement_file (sha256, province_id);
CREATE INDEX source_file_idx ON source (file_sha256, province_id);
INSERT INTO agreement_file SELECT DISTINCT province_id, number, slot, file.value ->> 'sha256' FROM agreement, {files};
