-- Webhooks of partners: what each wants to be told of, how far it was told, and how that went.
-- They are no part of the register, so they stand in no log.
--
-- `place` holds a partner to its bound. `cursor` is where the feed was told up to; only who holds
-- the lease moves it, so that one node at a time calls an endpoint.
CREATE TABLE webhook (
    id TEXT COLLATE {binary} NOT NULL CONSTRAINT webhook_key PRIMARY KEY,
    owner TEXT COLLATE {binary} NOT NULL,
    place SMALLINT NOT NULL CONSTRAINT webhook_place_check CHECK (place BETWEEN 1 AND 20),
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    filter TEXT,
    document TEXT,
    state TEXT NOT NULL CONSTRAINT webhook_state_check CHECK (state IN ('ACTIVE', 'PAUSED', 'DISABLED')),
    disabled TEXT CONSTRAINT webhook_disabled_check CHECK (disabled IN ('GONE', 'EXHAUSTED', 'DOCUMENT')),
    cursor TEXT NOT NULL,
    failures INTEGER NOT NULL,
    next_attempt_us BIGINT,
    secret {bytes} NOT NULL,
    former_secret {bytes},
    former_until_us BIGINT,
    revision INTEGER NOT NULL,
    deliveries BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    lease_holder TEXT,
    leased_until_us BIGINT,
    CONSTRAINT webhook_owner_place_key UNIQUE (owner, place),
    CONSTRAINT webhook_state_disabled_check CHECK ((state = 'DISABLED') = (disabled IS NOT NULL)),
    CONSTRAINT webhook_former_check CHECK ((former_secret IS NULL) = (former_until_us IS NULL)),
    CONSTRAINT webhook_lease_check CHECK ((lease_holder IS NULL) = (leased_until_us IS NULL))
);

-- The newest attempts of each webhook, and those that wait to be made (`at_us` is null).
CREATE TABLE webhook_delivery (
    webhook_id TEXT COLLATE {binary} NOT NULL
        CONSTRAINT webhook_delivery_webhook_id_fkey REFERENCES webhook (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    message TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT webhook_delivery_kind_check CHECK (kind IN ('CHANGE', 'PING', 'REDELIVERY')),
    attempt INTEGER NOT NULL,
    after_cursor TEXT,
    at_us BIGINT,
    took_ms INTEGER,
    status SMALLINT,
    error TEXT,
    excerpt TEXT,
    next_attempt_us BIGINT,
    CONSTRAINT webhook_delivery_key PRIMARY KEY (webhook_id, number)
);
