-- Everybody reads sources; each log writes its own. The sources of a version are seen by whoever
-- sees the version. A file is seen by its province, and by whoever sees a version or a source that
-- names it.
GRANT INSERT, UPDATE ON source TO caunoi_app;
CREATE POLICY shared ON source FOR SELECT
    TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica USING (true);

GRANT SELECT ON entry_source, agreement_file TO caunoi_public, caunoi_ministry, caunoi_replica;
GRANT SELECT, INSERT, UPDATE, DELETE ON entry_source, agreement_file TO caunoi_app;
DO $$
DECLARE
    entry TEXT;
    child TEXT;
    own CONSTANT TEXT := $own$province_id = (SELECT nullif(current_setting('app.province', true), '')::SMALLINT)$own$;
BEGIN
    FOREACH entry IN ARRAY ARRAY['relation', 'agreement', 'event', 'organization', 'programme', 'figure', 'instrument'] LOOP
        EXECUTE format('CREATE POLICY %2$I ON entry_source FOR SELECT TO caunoi_ministry USING (kind = %3$L AND EXISTS (
            SELECT FROM %1$I AS entry WHERE entry.province_id = entry_source.province_id
                AND entry.number = entry_source.number AND entry.slot = entry_source.slot))',
            entry, 'submitted_' || entry, upper(entry));
    END LOOP;
    CREATE POLICY submitted ON agreement_file FOR SELECT TO caunoi_ministry USING (EXISTS (
        SELECT FROM agreement AS entry WHERE entry.province_id = agreement_file.province_id
            AND entry.number = agreement_file.number AND entry.slot = agreement_file.slot));
    FOREACH child IN ARRAY ARRAY['entry_source', 'agreement_file'] LOOP
        EXECUTE format('CREATE POLICY published ON %I FOR SELECT
            TO caunoi_app, caunoi_public, caunoi_ministry, caunoi_replica USING (slot = %L)', child, 'PUBLISHED');
    END LOOP;
    FOREACH child IN ARRAY ARRAY['source', 'entry_source', 'file', 'agreement_file'] LOOP
        EXECUTE format('CREATE POLICY own ON %I TO caunoi_app USING (%s)', child, own);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON file TO caunoi_app;
GRANT SELECT ON file TO caunoi_public, caunoi_ministry;
CREATE POLICY named ON file FOR SELECT TO caunoi_app, caunoi_public, caunoi_ministry USING (
    EXISTS (SELECT FROM agreement_file AS part
        WHERE part.province_id = file.province_id AND part.sha256 = file.sha256)
    OR EXISTS (SELECT FROM source
        WHERE source.province_id = file.province_id AND source.file_sha256 = file.sha256));
