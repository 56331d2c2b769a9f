-- The entries that were merged into a version: look-ups of their codes and keys find the kept entry,
-- which is activity of the relations that they belonged to.
CREATE TABLE agreement_merged (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    merged_code TEXT NOT NULL,
    merged_province_id SMALLINT NOT NULL,
    merged_number INTEGER NOT NULL,
    merged_unit_id INTEGER,
    merged_relation_code TEXT,
    CONSTRAINT agreement_merged_key PRIMARY KEY (province_id, number, slot, merged_code),
    CONSTRAINT agreement_merged_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES agreement (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX agreement_merged_code_idx ON agreement_merged (slot, merged_code);
CREATE INDEX agreement_merged_number_idx ON agreement_merged (slot, merged_province_id, merged_number);

CREATE TABLE event_merged (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    merged_code TEXT NOT NULL,
    merged_province_id SMALLINT NOT NULL,
    merged_number INTEGER NOT NULL,
    merged_unit_id INTEGER,
    merged_relation_code TEXT,
    CONSTRAINT event_merged_key PRIMARY KEY (province_id, number, slot, merged_code),
    CONSTRAINT event_merged_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES event (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX event_merged_code_idx ON event_merged (slot, merged_code);
CREATE INDEX event_merged_number_idx ON event_merged (slot, merged_province_id, merged_number);

-- Entries that were withdrawn or merged, by key and by code: look-ups return their tombstones. The
-- change that undoes a merge ends the tombstone.
DROP INDEX change_withdrawn_number_idx;
DROP INDEX change_withdrawn_code_idx;
CREATE INDEX change_ended_number_idx ON change (province_id, subject, number) WHERE operation IN ('WITHDRAWN', 'MERGED', 'UNMERGED');
CREATE INDEX change_ended_code_idx ON change (code) WHERE operation IN ('WITHDRAWN', 'MERGED', 'UNMERGED');
