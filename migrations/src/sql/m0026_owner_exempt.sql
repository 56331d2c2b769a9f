-- No policy names the owner: a dump then restores under an owner of any name, and the owner dumps
-- every row without further options. Row-level security never binds the owner of a table unless it
-- is forced, and it was forced only together with a policy that let the owner do everything.
--
-- A later table therefore gets ENABLE ROW LEVEL SECURITY, not FORCE, and no policy for its owner.
DO $$
DECLARE
    owned TEXT;
BEGIN
    FOR owned IN SELECT tablename FROM pg_policies
        WHERE schemaname = current_schema() AND policyname = 'owner'
    LOOP
        EXECUTE format('DROP POLICY owner ON %I', owned);
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', owned);
    END LOOP;
END $$;
