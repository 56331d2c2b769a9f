-- The unit that a new one was a part of, and which continued without it.
ALTER TABLE admin_unit ADD COLUMN split_from_id INTEGER
    CONSTRAINT admin_unit_split_from_id_fkey REFERENCES admin_unit (id);
