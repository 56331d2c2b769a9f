-- The days that the start and the end of an event may mean, apart from each other: an event from
-- one known day to another has a known start and a known end. Both are points in time within the
-- bounds of the whole, unless the date is an interval or has a qualifier (~ ? %); the next start of
-- the program computes those, when it packs the facts.
ALTER TABLE event ADD COLUMN start_earliest DATE NOT NULL DEFAULT '0001-01-01';
ALTER TABLE event ADD COLUMN start_latest DATE NOT NULL DEFAULT '9999-12-31';
ALTER TABLE event ADD COLUMN end_earliest DATE NOT NULL DEFAULT '0001-01-01';
ALTER TABLE event ADD COLUMN end_latest DATE NOT NULL DEFAULT '9999-12-31';
UPDATE event SET start_earliest = first_earliest, start_latest = first_latest, end_earliest = first_earliest, end_latest = first_latest;
CREATE INDEX event_start_idx ON event (slot, start_earliest, province_id, number);
CREATE INDEX event_end_idx ON event (slot, end_latest, province_id, number);
CREATE INDEX event_start_latest_idx ON event (slot, start_latest, end_earliest, province_id, number);
