-- Epochs of the database. Within an epoch no log loses a change; an epoch begins with the database,
-- after a restore, and where a node finds that the database lacks changes that it has read. The
-- current one is also the row `epoch` of `installation`.
CREATE TABLE epoch (
    number INTEGER NOT NULL CONSTRAINT epoch_key PRIMARY KEY,
    value TEXT NOT NULL CONSTRAINT epoch_value_key UNIQUE,
    began_at_us BIGINT NOT NULL
);
-- Where each log was when an epoch began: its first position of that epoch is the next one.
CREATE TABLE epoch_log (
    epoch INTEGER NOT NULL CONSTRAINT epoch_log_epoch_fkey REFERENCES epoch (number),
    province_id SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    link {bytes} NOT NULL,
    CONSTRAINT epoch_log_key PRIMARY KEY (epoch, province_id)
);
