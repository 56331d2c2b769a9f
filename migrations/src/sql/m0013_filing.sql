-- By what a province filed: a row for the first change that did so on its day. It follows from the
-- log, so that coverage can be told without reading every change.
--   PUBLISHED  what the public sees moved on a day: both ends are that day.
--   CONFIRMED  its publisher said that nothing is missing of these days.
CREATE TABLE filing (
    province_id SMALLINT NOT NULL CONSTRAINT filing_province_id_fkey REFERENCES province_head (province_id),
    kind TEXT NOT NULL CONSTRAINT filing_kind_check CHECK (kind IN ('PUBLISHED', 'CONFIRMED')),
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    filed_on DATE NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT filing_key PRIMARY KEY (province_id, kind, from_on, to_on),
    CONSTRAINT filing_position_key UNIQUE (province_id, position),
    CONSTRAINT filing_to_on_check CHECK (from_on <= to_on)
);
-- What was published before there was this table.
INSERT INTO filing (province_id, kind, from_on, to_on, filed_on, position)
SELECT province_id, 'PUBLISHED', published_on, published_on, published_on, MIN(position)
FROM (
    SELECT province_id, position, {vietnam_day} AS published_on FROM change
    WHERE is_public AND author LIKE 'PUBLISHER:%'
) AS published
GROUP BY province_id, published_on;
