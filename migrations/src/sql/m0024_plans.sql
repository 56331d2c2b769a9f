-- What the plans of frequent statements need.
--
-- Whether an entry has a word: one look into an index by the key of the entry.
DROP INDEX search_word_entry_idx;
CREATE INDEX search_word_entry_idx ON search_word (kind, province_id, number, slot, word);
-- What waits to be delivered, which every node looks for each second.
CREATE INDEX webhook_delivery_waiting_idx ON webhook_delivery (webhook_id, number) WHERE at_us IS NULL;
