//! Whether this node sees what the others revoke.

use crate::server::{auth::denylist::Denylist, metrics};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// How often the time without sight is counted.
const TICK: Duration = Duration::from_secs(1);

/// Marks the denylist as blind when no proof of its being whole has come for `patience`, and as seeing with the next
/// one. Ends when there can be none any more.
pub async fn watch(denylist: Arc<Denylist>, mut proofs: watch::Receiver<()>, patience: Duration) {
    loop {
        let is_blind = denylist.is_blind();
        let wait = if is_blind { TICK } else { patience };
        match tokio::time::timeout(wait, proofs.changed()).await {
            Ok(Ok(())) if is_blind => {
                denylist.set_blind(false);
                tracing::info!("the denylist is whole");
            }
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) if is_blind => metrics::was_blind_for(TICK),
            Err(_) => {
                denylist.set_blind(true);
                tracing::error!("nothing was heard of the other nodes: this one cannot know what they revoke");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::watch;
    use crate::server::auth::denylist::Denylist;
    use std::{sync::Arc, time::Duration};
    use tokio::{sync::watch::channel, time::sleep};

    #[tokio::test(start_paused = true)]
    async fn silence_makes_blind_and_a_proof_makes_see() {
        let denylist = Arc::new(Denylist::default());
        let (proof, proofs) = channel(());
        tokio::spawn(watch(denylist.clone(), proofs, Duration::from_secs(5)));
        for _ in 0..3 {
            sleep(Duration::from_secs(4)).await;
            proof.send_replace(());
        }
        sleep(Duration::from_millis(4900)).await;
        assert!(!denylist.is_blind());
        sleep(Duration::from_millis(200)).await;
        assert!(denylist.is_blind());
        proof.send_replace(());
        sleep(Duration::from_millis(1)).await;
        assert!(!denylist.is_blind());
    }
}
