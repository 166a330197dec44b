-- Times are milliseconds since 1970 UTC; identifiers are 16 random bytes.

CREATE TABLE accounts (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email         TEXT    NOT NULL CONSTRAINT accounts_email_unique UNIQUE,
    role          TEXT    NOT NULL CHECK (role IN ('user', 'admin')),
    password_hash TEXT    NOT NULL,
    pepper_id     TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- One row per session, however often it rotates. `superseded` is JSON: [[generation, replaced at], …].
CREATE TABLE sessions (
    id                  BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id             BLOB    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    generation          INTEGER NOT NULL,
    token_hash          BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    rotated_at          INTEGER NOT NULL,
    proven_at           INTEGER,
    superseded          TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    last_seen_at        INTEGER NOT NULL,
    idle_expires_at     INTEGER NOT NULL,
    absolute_expires_at INTEGER NOT NULL,
    ended_at            INTEGER,
    end_reason          TEXT,
    user_agent          TEXT    NOT NULL,
    ip                  TEXT    NOT NULL,
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT;

CREATE INDEX sessions_of_account ON sessions (user_id, created_at);

-- Access tokens that are refused before they expire: one token (jti), a session's (sid), or an account's issued
-- before a moment (sub).
CREATE TABLE denials (
    kind       TEXT    NOT NULL CHECK (kind IN ('jti', 'sid', 'sub')),
    id         BLOB    NOT NULL CHECK (length(id) = 16),
    not_before INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    user_id    BLOB    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    session_id BLOB,
    user_agent TEXT    NOT NULL,
    ip         TEXT    NOT NULL
) STRICT;

CREATE INDEX events_of_account ON events (user_id, at);
