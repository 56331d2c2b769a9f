-- What this installation is: its epoch (renewed by a restore), the key that seals cursors, the
-- data set that it was loaded from.
CREATE TABLE installation (
    name TEXT NOT NULL CONSTRAINT installation_key PRIMARY KEY,
    value TEXT NOT NULL
);
