-- Who writes in the log of the ministry writes access rules; the ministry reads them, and so does a
-- node, which decides about requests by those that have not ended.
GRANT SELECT, INSERT, UPDATE ON access_rule TO caunoi_app;
GRANT SELECT ON access_rule TO caunoi_ministry, caunoi_replica;
CREATE POLICY ministry ON access_rule TO caunoi_app
    USING ((SELECT current_setting('app.province', true)) = '0');
CREATE POLICY review ON access_rule FOR SELECT TO caunoi_ministry USING (true);
CREATE POLICY followed ON access_rule FOR SELECT TO caunoi_replica USING (is_active);
ALTER TABLE access_rule ENABLE ROW LEVEL SECURITY;
