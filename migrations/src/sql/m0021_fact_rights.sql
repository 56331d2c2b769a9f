-- A fact is seen by whoever sees its version.
GRANT SELECT ON fact TO caunoi_public, caunoi_ministry, caunoi_replica;
GRANT SELECT, INSERT, UPDATE, DELETE ON fact TO caunoi_app;
CREATE POLICY published ON fact FOR SELECT
    TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica USING (slot = 'PUBLISHED');
DO $$
DECLARE
    entry TEXT;
BEGIN
    FOREACH entry IN ARRAY ARRAY['relation', 'agreement', 'event', 'organization'] LOOP
        EXECUTE format('CREATE POLICY %2$I ON fact FOR SELECT TO caunoi_ministry USING (kind = %3$L AND EXISTS (
            SELECT FROM %1$I AS entry WHERE entry.province_id = fact.province_id
                AND entry.number = fact.number AND entry.slot = fact.slot))',
            entry, 'submitted_' || entry, upper(entry));
    END LOOP;
END $$;
CREATE POLICY own ON fact TO caunoi_app
    USING (province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT));
CREATE POLICY owner ON fact TO CURRENT_USER USING (true);
ALTER TABLE fact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
