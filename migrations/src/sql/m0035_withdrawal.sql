-- Withdrawn entries by key and by code: look-ups return their tombstones.
CREATE INDEX change_withdrawn_number_idx ON change (province_id, subject, number) WHERE operation = 'WITHDRAWN';
CREATE INDEX change_withdrawn_code_idx ON change (code) WHERE operation = 'WITHDRAWN';
