//! The one connection to Redis that everything shares, while it is known to work.

use redis::aio::MultiplexedConnection;
use std::sync::{PoisonError, RwLock};

/// The connection, or nothing while Redis is away: then nobody waits for it.
#[derive(Default)]
pub struct Line(RwLock<Option<MultiplexedConnection>>);

impl Line {
    /// The connection, if it works as far as is known.
    pub fn get(&self) -> Option<MultiplexedConnection> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// This connection works.
    pub fn open(&self, connection: MultiplexedConnection) {
        self.set(Some(connection));
    }

    /// It does not work.
    pub fn close(&self) {
        self.set(None);
    }

    fn set(&self, connection: Option<MultiplexedConnection>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = connection;
    }
}
