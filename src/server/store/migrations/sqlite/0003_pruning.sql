-- What is pruned is found by its time.
CREATE INDEX denials_by_expiry ON denials (expires_at);
CREATE INDEX sessions_by_end ON sessions (absolute_expires_at);
CREATE INDEX events_by_time ON events (at);
