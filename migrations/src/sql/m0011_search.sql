-- The folded words of every entry's texts and names: one portable index that answers the same on
-- both engines, asked by prefix; so its order is that of bytes, whatever the database's locale.
CREATE TABLE search_word (
    kind TEXT NOT NULL,
    word TEXT COLLATE {binary} NOT NULL,
    province_id SMALLINT NOT NULL,
    number INTEGER NOT NULL,
    slot TEXT NOT NULL,
    CONSTRAINT search_word_key PRIMARY KEY (kind, word, province_id, number, slot)
);
CREATE INDEX search_word_entry_idx ON search_word (kind, province_id, number, slot);
