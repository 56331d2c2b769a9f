-- Further owners of entries: units that are parties or hosts beside the unit of origin.
-- `owner_id` is the log of the province that the unit belongs to, so that the entries of a province
-- come from one index; `is_first` marks one row of each owner. There are no rows for entries that one province owns alone.
CREATE TABLE agreement_owner (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    unit_id INTEGER NOT NULL CONSTRAINT agreement_owner_unit_id_fkey REFERENCES admin_unit (id),
    owner_id SMALLINT NOT NULL,
    is_first BOOLEAN NOT NULL,
    CONSTRAINT agreement_owner_key PRIMARY KEY (province_id, number, slot, unit_id),
    CONSTRAINT agreement_owner_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES agreement (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX agreement_owner_owner_idx ON agreement_owner (slot, owner_id, province_id, number);
CREATE INDEX agreement_owner_unit_idx ON agreement_owner (slot, unit_id, province_id, number);

CREATE TABLE event_owner (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    unit_id INTEGER NOT NULL CONSTRAINT event_owner_unit_id_fkey REFERENCES admin_unit (id),
    owner_id SMALLINT NOT NULL,
    is_first BOOLEAN NOT NULL,
    CONSTRAINT event_owner_key PRIMARY KEY (province_id, number, slot, unit_id),
    CONSTRAINT event_owner_entry_fkey FOREIGN KEY (province_id, number, slot) REFERENCES event (province_id, number, slot) ON DELETE CASCADE
);
CREATE INDEX event_owner_owner_idx ON event_owner (slot, owner_id, province_id, number);
CREATE INDEX event_owner_unit_idx ON event_owner (slot, unit_id, province_id, number);
