-- A node finds out how far positions of an earlier epoch are valid in the current one: up to the
-- beginning of every epoch between them.
GRANT SELECT ON epoch_log TO caunoi_replica;
CREATE POLICY followed ON epoch_log FOR SELECT TO caunoi_replica USING (true);
