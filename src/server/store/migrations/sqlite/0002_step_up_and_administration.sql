-- When the password was last given in the session (`auth_time` of RFC 9470).
ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET authenticated_at = created_at;

-- Events of the whole site have no user_id; actor_id is the administrator who did it.
CREATE TABLE events_2 (
    id         INTEGER NOT NULL PRIMARY KEY,
    user_id    BLOB    REFERENCES accounts (id) ON DELETE CASCADE,
    actor_id   BLOB    REFERENCES accounts (id) ON DELETE SET NULL,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    session_id BLOB,
    detail     TEXT    NOT NULL,
    user_agent TEXT    NOT NULL,
    ip         TEXT    NOT NULL
) STRICT;

INSERT INTO events_2 (user_id, at, kind, session_id, detail, user_agent, ip)
SELECT user_id, at, kind, session_id, '', user_agent, ip FROM events ORDER BY rowid;
DROP TABLE events;
ALTER TABLE events_2 RENAME TO events;

CREATE INDEX events_of_account ON events (user_id, at);
CREATE INDEX events_of_actor ON events (actor_id, at) WHERE actor_id IS NOT NULL;
