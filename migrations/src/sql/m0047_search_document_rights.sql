-- A search document is seen by whoever sees its version.
GRANT SELECT ON search_document TO caunoi_public, caunoi_ministry, caunoi_replica;
GRANT SELECT, INSERT, UPDATE, DELETE ON search_document TO caunoi_app;
CREATE POLICY published ON search_document FOR SELECT
    TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica USING (slot = 'PUBLISHED');
DO $$
DECLARE
    entry TEXT;
BEGIN
    FOREACH entry IN ARRAY ARRAY['relation', 'agreement', 'event', 'organization', 'programme', 'figure', 'instrument'] LOOP
        EXECUTE format('CREATE POLICY %2$I ON search_document FOR SELECT TO caunoi_ministry USING (kind = %3$L AND EXISTS (
            SELECT FROM %1$I AS entry WHERE entry.province_id = search_document.province_id
                AND entry.number = search_document.number AND entry.slot = search_document.slot))',
            entry, 'submitted_' || entry, upper(entry));
    END LOOP;
END $$;
CREATE POLICY own ON search_document TO caunoi_app
    USING (province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT));
ALTER TABLE search_document ENABLE ROW LEVEL SECURITY;
