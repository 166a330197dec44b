//! Security events in the store.

use super::{Result, model::SecurityEvent};
use crate::server::id::UserId;
use async_trait::async_trait;

/// Keeps security events. Most are written by the unit of work that they tell of.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Writes an event that stands for itself.
    async fn record(&self, event: &SecurityEvent) -> Result<()>;

    /// The latest events of an account and those that it caused elsewhere, newest first; without an account those
    /// that belong to none.
    async fn events(&self, user_id: Option<UserId>, limit: u32) -> Result<Vec<SecurityEvent>>;
}
