-- The minute in which each API key was last used. It is no part of the register, so no log has it.
CREATE TABLE api_key_use (
    name TEXT COLLATE {binary} NOT NULL CONSTRAINT api_key_use_key PRIMARY KEY,
    last_used_at_us BIGINT NOT NULL
);
