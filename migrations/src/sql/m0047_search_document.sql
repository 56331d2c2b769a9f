-- What search knows of each version, packed by the program, so that a node that starts reads nothing
-- wider. It follows from the entry; `installation` has the version of the format, and a program of
-- another format packs all of them again.
CREATE TABLE search_document (
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    kind TEXT NOT NULL,
    content {bytes} NOT NULL,
    CONSTRAINT search_document_key PRIMARY KEY (province_id, number, slot)
){by_key};
