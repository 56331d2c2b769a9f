-- The state of an event, where its province states one.
ALTER TABLE event ADD COLUMN state TEXT CONSTRAINT event_state_check CHECK (state IN ('PLANNED', 'HELD', 'POSTPONED', 'CANCELLED'));
CREATE INDEX event_state_idx ON event (slot, state, first_earliest, province_id, number);
