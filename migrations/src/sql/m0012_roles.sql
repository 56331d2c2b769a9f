-- The second wall, on PostgreSQL alone: what each role sees and writes, whatever it asks.
--
-- Four roles without login, which own nothing; the pools of the server take them on.
--   caunoi_app       a province's people: their own rows, and what is published. `app.province`
--                    names the province for one transaction; unset, there is none.
--   caunoi_public    what is published.
--   caunoi_ministry  what is published or submitted, and the ministry's own (log 0).
--   caunoi_replica   what is published, and how far the logs have come, not what they tell.
-- The owner makes the schema and loads data sets, which is the ministry's act in every log. FORCE
-- holds it to the policies as well, so it has one that lets it do all.
--
-- A later table with a `province_id` needs its grants and policies in its own step; the tests of
-- isolation look for them.

-- Roles are the cluster's: other databases have made them already, or are about to.
DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['caunoi_app', 'caunoi_public', 'caunoi_ministry', 'caunoi_replica'] LOOP
        IF to_regrole(name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- Another database was quicker.
            END;
        END IF;
        -- An owner that is no superuser may take on only roles that it is a member of.
        IF NOT pg_has_role(name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), name);
    END LOOP;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
END $$;

GRANT SELECT ON source, country, term, locality, locality_alias, admin_unit, unit_designation,
    unit_geography, succession, province, occasion
    TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica;

-- Policies add up: a row is seen where one of them lets it be seen.
DO $$
DECLARE
    entry TEXT;
    child TEXT;
    -- In a subquery, so that the setting is read once for a statement, not once for a row.
    own CONSTANT TEXT := $own$province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT)$own$;
BEGIN
    -- Versions of entries; words lie in one table, and go with the versions that they belong to.
    FOREACH entry IN ARRAY ARRAY['relation', 'agreement', 'event', 'organization', 'programme', 'figure', 'instrument'] LOOP
        EXECUTE format('CREATE POLICY submitted ON %I FOR SELECT TO caunoi_ministry
            USING (publication = %L OR province_id = 0)', entry, 'SUBMITTED');
        EXECUTE format('CREATE POLICY %2$I ON search_word FOR SELECT TO caunoi_ministry USING (kind = %3$L AND EXISTS (
            SELECT FROM %1$I AS entry WHERE entry.province_id = search_word.province_id
                AND entry.number = search_word.number AND entry.slot = search_word.slot))',
            entry, 'submitted_' || entry, upper(entry));
    END LOOP;

    -- Child rows go with the version that they belong to.
    FOR child, entry IN VALUES
        ('relation_field', 'relation'), ('relation_span', 'relation'),
        ('agreement_party', 'agreement'), ('agreement_act', 'agreement'),
        ('agreement_field', 'agreement'), ('agreement_span', 'agreement'),
        ('event_field', 'event'), ('event_partner', 'event'), ('event_country', 'event'),
        ('membership', 'organization'), ('post', 'organization'),
        ('programme_country', 'programme'), ('programme_partner', 'programme'),
        ('instrument_implements', 'instrument')
    LOOP
        EXECUTE format('CREATE POLICY submitted ON %2$I FOR SELECT TO caunoi_ministry USING (EXISTS (
            SELECT FROM %1$I AS entry WHERE entry.province_id = %2$I.province_id
                AND entry.number = %2$I.number AND entry.slot = %2$I.slot))', entry, child);
    END LOOP;

    -- All of these stand in slots.
    FOR child IN SELECT table_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name = 'slot'
    LOOP
        EXECUTE format('GRANT SELECT ON %I TO caunoi_public, caunoi_ministry, caunoi_replica', child);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO caunoi_app', child);
        EXECUTE format('CREATE POLICY published ON %I FOR SELECT
            TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica USING (slot = %L)', child, 'PUBLISHED');
    END LOOP;

    -- Changes are appended and never altered.
    GRANT SELECT, INSERT ON change TO caunoi_app;
    GRANT SELECT ON change TO caunoi_public, caunoi_ministry;
    GRANT SELECT (province_id, position, subject, number, is_public) ON change TO caunoi_replica;
    CREATE POLICY published ON change FOR SELECT TO caunoi_app, caunoi_public, caunoi_ministry USING (is_public);
    CREATE POLICY submitted ON change FOR SELECT TO caunoi_ministry
        USING (was = 'SUBMITTED' OR publication = 'SUBMITTED' OR province_id = 0);
    CREATE POLICY followed ON change FOR SELECT TO caunoi_replica USING (true);

    GRANT SELECT, INSERT, UPDATE ON province_head TO caunoi_app;
    GRANT SELECT (province_id, position, public_position) ON province_head TO caunoi_replica;
    CREATE POLICY followed ON province_head FOR SELECT TO caunoi_replica USING (true);

    GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO caunoi_app;

    FOR child IN SELECT table_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name = 'province_id' AND table_name <> 'province'
    LOOP
        EXECUTE format('CREATE POLICY own ON %I TO caunoi_app USING (%s)', child, own);
        EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', child);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', child);
    END LOOP;
END $$;
