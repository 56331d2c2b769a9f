-- A node that follows the logs compares their links, and the epoch, with what it has read.
GRANT SELECT ON epoch TO caunoi_replica;
GRANT SELECT (link) ON province_head TO caunoi_replica;
GRANT SELECT (link) ON change TO caunoi_replica;
GRANT SELECT ON epoch_log TO caunoi_app;
CREATE POLICY own ON epoch_log FOR SELECT TO caunoi_app
    USING (province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT));
ALTER TABLE epoch_log ENABLE ROW LEVEL SECURITY;
