-- The rows of merged entries are seen by whoever sees the version that keeps them.
DO $$
DECLARE
    entry TEXT;
    child TEXT;
BEGIN
    FOR child, entry IN VALUES ('agreement_merged', 'agreement'), ('event_merged', 'event') LOOP
        EXECUTE format('GRANT SELECT ON %I TO caunoi_public, caunoi_ministry, caunoi_replica', child);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO caunoi_app', child);
        EXECUTE format('CREATE POLICY published ON %I FOR SELECT
            TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica USING (slot = %L)', child, 'PUBLISHED');
        EXECUTE format('CREATE POLICY submitted ON %2$I FOR SELECT TO caunoi_ministry USING (EXISTS (
            SELECT FROM %1$I AS entry WHERE entry.province_id = %2$I.province_id
                AND entry.number = %2$I.number AND entry.slot = %2$I.slot))', entry, child);
        EXECUTE format('CREATE POLICY own ON %I TO caunoi_app
            USING (province_id = (SELECT nullif(current_setting(''app.province'', true), '''')::SMALLINT))', child);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
    END LOOP;
END $$;
