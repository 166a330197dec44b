//! Which nodes live, as somebody hears who is none of them.

use super::{
    link::BEAT,
    message::{Beat, Message, Names},
};
use redis::{AsyncConnectionConfig, Client, RedisError};
use std::{collections::BTreeMap, time::Duration};
use tokio::{sync::mpsc, time::timeout};

/// Every node speaks within this time.
const LISTENING: Duration = BEAT.saturating_mul(2);

/// The nodes that speak, and the identifiers of the signing keys of each.
///
/// # Errors
/// When Redis does not answer.
pub async fn roll_call(client: &Client, prefix: &str) -> Result<BTreeMap<String, Vec<String>>, RedisError> {
    let (sender, mut pushes) = mpsc::unbounded_channel();
    let config = AsyncConnectionConfig::new().set_push_sender(sender);
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    connection.subscribe(Names::new(prefix.to_owned()).channel()).await?;
    let mut nodes = BTreeMap::new();
    let listen = async {
        while let Some(push) = pushes.recv().await {
            if let Some(Message::Beat(Beat { node, keys, .. })) = Message::of_push(push) {
                nodes.insert(node, keys);
            }
        }
    };
    // Silence is an answer.
    let _ = timeout(LISTENING, listen).await;
    Ok(nodes)
}
