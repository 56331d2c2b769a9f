-- Access that the ministry gives or takes at run time: API keys, revocations of tokens, blocked
-- networks. The log of the ministry has each act; the row has the current state. `content` contains
-- the SHA-256 of a key, never the key.
CREATE TABLE access_rule (
    kind TEXT NOT NULL CONSTRAINT access_rule_kind_check CHECK (kind IN ('API_KEY', 'REVOCATION', 'BLOCKED_NETWORK')),
    name TEXT COLLATE {binary} NOT NULL,
    is_active BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT access_rule_key PRIMARY KEY (kind, name)
);
CREATE INDEX access_rule_active_idx ON access_rule (is_active, kind, name);
