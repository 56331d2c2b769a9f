-- Nodes write it with the rights of the ministry's log.
GRANT SELECT, INSERT, UPDATE ON api_key_use TO caunoi_app;
GRANT SELECT ON api_key_use TO caunoi_ministry;
CREATE POLICY ministry ON api_key_use TO caunoi_app
    USING ((SELECT current_setting('app.province', true)) = '0');
CREATE POLICY review ON api_key_use FOR SELECT TO caunoi_ministry USING (true);
ALTER TABLE api_key_use ENABLE ROW LEVEL SECURITY;
