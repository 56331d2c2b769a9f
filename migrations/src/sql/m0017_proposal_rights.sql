-- A province sees and writes its own proposals, the ministry sees all; what the ministry says of one
-- is written with the rights of its province.
GRANT SELECT, INSERT, UPDATE ON locality_proposal TO caunoi_app;
GRANT SELECT ON locality_proposal TO caunoi_ministry;
CREATE POLICY ministry ON locality_proposal FOR SELECT TO caunoi_ministry USING (true);
CREATE POLICY own ON locality_proposal TO caunoi_app
    USING (province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT));
CREATE POLICY owner ON locality_proposal TO CURRENT_USER USING (true);
ALTER TABLE locality_proposal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
