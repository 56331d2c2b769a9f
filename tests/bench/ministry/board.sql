-- The question of board.graphql as one statement over the register's own tables; `day` is asOf.
WITH counted AS MATERIALIZED (
    SELECT province_id, number, country_id, first_text, first_earliest FROM agreement
    WHERE slot = 'PUBLISHED' AND province_id > 0 AND counts_from <= :day
), total AS (
    SELECT province_id, count(*) AS n, count(DISTINCT country_id) AS countries FROM counted GROUP BY province_id
), in_force AS (
    SELECT province_id, count(*) AS n FROM counted JOIN agreement_span AS span USING (province_id, number)
    WHERE span.slot = 'PUBLISHED' AND span.status = 'IN_FORCE' AND :day BETWEEN span.from_on AND span.to_on
    GROUP BY province_id
), by_field AS (
    SELECT province_id, json_agg(json_build_object('field', code, 'n', n) ORDER BY n DESC, code) AS list
    FROM (SELECT province_id, term_id, count(*) AS n FROM counted JOIN agreement_field AS field USING (province_id, number)
        WHERE field.slot = 'PUBLISHED' GROUP BY province_id, term_id) AS field
    JOIN term ON term.id = term_id GROUP BY province_id
), by_year AS (
    SELECT province_id, json_agg(json_build_object('year', year, 'n', n) ORDER BY n DESC, year) AS list
    FROM (SELECT province_id, extract(year FROM first_earliest) AS year, count(*) AS n FROM counted
        WHERE first_text IS NOT NULL GROUP BY 1, 2) AS year
    GROUP BY province_id
)
SELECT json_object_agg(unit.slug, json_build_object('count', coalesce(total.n, 0), 'inForce', coalesce(in_force.n, 0),
    'countries', coalesce(total.countries, 0), 'byField', coalesce(by_field.list, '[]'), 'byYear', coalesce(by_year.list, '[]')))
FROM province JOIN admin_unit AS unit ON unit.id = province.unit_id
LEFT JOIN total USING (province_id) LEFT JOIN in_force USING (province_id)
LEFT JOIN by_field USING (province_id) LEFT JOIN by_year USING (province_id);
