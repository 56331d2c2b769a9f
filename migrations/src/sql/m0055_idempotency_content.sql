-- The position of the change whose content after it is the content of the answer; null where the
-- answer has no content, or has it itself.
ALTER TABLE idempotency ADD COLUMN content_position BIGINT;
