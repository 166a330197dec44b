-- The tables of SQLite's schema, column by column. Times are milliseconds since 1970 UTC; identifiers are 16 random
-- bytes.

CREATE TABLE accounts (
    id            BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email         TEXT   NOT NULL CONSTRAINT accounts_email_unique UNIQUE,
    role          TEXT   NOT NULL CHECK (role IN ('user', 'admin')),
    password_hash TEXT   NOT NULL,
    pepper_id     TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);

-- One row per session, however often it rotates. `superseded` is JSON: [[generation, replaced at], …].
-- No column that a rotation writes is in an index, and pages keep room: so the new version of a row takes the place of
-- the one before the last (a heap-only update), and neither the table nor an index grows.
CREATE TABLE sessions (
    id                  BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id             BYTEA  NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    generation          BIGINT NOT NULL,
    token_hash          BYTEA  NOT NULL CHECK (length(token_hash) = 32),
    rotated_at          BIGINT NOT NULL,
    proven_at           BIGINT,
    superseded          TEXT   NOT NULL,
    created_at          BIGINT NOT NULL,
    last_seen_at        BIGINT NOT NULL,
    authenticated_at    BIGINT NOT NULL,
    idle_expires_at     BIGINT NOT NULL,
    absolute_expires_at BIGINT NOT NULL,
    ended_at            BIGINT,
    end_reason          TEXT,
    user_agent          TEXT   NOT NULL,
    ip                  TEXT   NOT NULL,
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX sessions_of_account ON sessions (user_id, created_at);
CREATE INDEX sessions_by_end ON sessions (absolute_expires_at);

CREATE TABLE denials (
    kind       TEXT   NOT NULL CHECK (kind IN ('jti', 'sid', 'sub')),
    id         BYTEA  NOT NULL CHECK (length(id) = 16),
    not_before BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE INDEX denials_by_expiry ON denials (expires_at);

CREATE TABLE events (
    id         BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    BYTEA  REFERENCES accounts (id) ON DELETE CASCADE,
    actor_id   BYTEA  REFERENCES accounts (id) ON DELETE SET NULL,
    at         BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    session_id BYTEA,
    detail     TEXT   NOT NULL,
    user_agent TEXT   NOT NULL,
    ip         TEXT   NOT NULL
);

CREATE INDEX events_of_account ON events (user_id, at);
CREATE INDEX events_of_actor ON events (actor_id, at) WHERE actor_id IS NOT NULL;
CREATE INDEX events_by_time ON events (at);
