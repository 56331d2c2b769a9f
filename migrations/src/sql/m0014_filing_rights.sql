-- Who has filed is told from the memory of every node, which reads it as the replica; a province
-- adds its own. Nobody alters a filing.
GRANT SELECT, INSERT ON filing TO caunoi_app;
GRANT SELECT ON filing TO caunoi_replica;
CREATE POLICY followed ON filing FOR SELECT TO caunoi_replica USING (true);
CREATE POLICY own ON filing TO caunoi_app
    USING (province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT));
CREATE POLICY owner ON filing TO CURRENT_USER USING (true);
ALTER TABLE filing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
