-- Counted within the writes of a log, with the rights of its province; nobody else reads it.
GRANT SELECT, INSERT, UPDATE ON quota_use TO caunoi_app;
CREATE POLICY own ON quota_use TO caunoi_app
    USING (province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT));
ALTER TABLE quota_use ENABLE ROW LEVEL SECURITY;
