-- The ministry reads who was refused; the owner of the schema counts and removes.
GRANT SELECT ON refusal TO caunoi_ministry;
CREATE POLICY ministry ON refusal FOR SELECT TO caunoi_ministry USING (true);
ALTER TABLE refusal ENABLE ROW LEVEL SECURITY;
