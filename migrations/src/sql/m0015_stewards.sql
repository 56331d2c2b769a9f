-- Reference data that people write: everybody reads it, and only who acts in the ministry's log
-- (`app.province` = 0) writes it, whatever a province asks.
GRANT INSERT, UPDATE, DELETE ON country, term, locality, locality_alias TO caunoi_app;

DO $$
DECLARE
    shared TEXT;
BEGIN
    FOREACH shared IN ARRAY ARRAY['country', 'term', 'locality', 'locality_alias'] LOOP
        EXECUTE format('CREATE POLICY shared ON %I FOR SELECT
            TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica USING (true)', shared);
        EXECUTE format('CREATE POLICY ministry ON %I TO caunoi_app
            USING ((SELECT current_setting(''app.province'', true)) = ''0'')', shared);
        EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', shared);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', shared);
    END LOOP;
END $$;
