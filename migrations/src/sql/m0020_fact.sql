-- What statistics know of each version, packed by the program into a few bytes, so that a node that
-- starts reads nothing wider. It follows from the entry; which way it was packed stands in
-- `installation`, and a program that packs in another way does it anew.
CREATE TABLE fact (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    kind TEXT NOT NULL,
    content {bytes} NOT NULL,
    CONSTRAINT fact_key PRIMARY KEY (province_id, number, slot)
){by_key};
-- They held what facts alone were made of.
ALTER TABLE event DROP COLUMN delegates;
ALTER TABLE event DROP COLUMN connections;
ALTER TABLE organization DROP COLUMN stage_turns;
