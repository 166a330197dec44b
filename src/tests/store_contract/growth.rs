//! The database grows with sessions and not with refreshes (DESIGN section 3).

use super::{ALICE, Place, begin, id, places, session, with_accounts};
use crate::support::{START, minutes};
use counterfoil::server::auth::{
    refresh_token::RefreshTokenHash,
    rotation::{Session, Superseded},
};
use sqlx::{Connection, PgConnection};
use std::fs;

const SESSIONS: u8 = 200;
const ROTATIONS: u32 = 20;
/// The room that pages keep for the next version of a row. Without it, the bytes would be those of every rotation.
const FACTOR: u64 = 2;

/// Bytes of the sessions in PostgreSQL, with their indexes; of the whole file in SQLite.
async fn size(place: &Place) -> u64 {
    match place {
        Place::Sqlite(folder) => fs::metadata(folder.path().join("test.db")).unwrap().len(),
        Place::Postgres(database) => {
            let mut connection = PgConnection::connect_with(&database.options()).await.unwrap();
            let size = sqlx::query_scalar("SELECT pg_total_relation_size('sessions')").fetch_one(&mut connection).await;
            let size: i64 = size.unwrap();
            connection.close().await.unwrap();
            size.try_into().unwrap()
        }
    }
}

#[tokio::test]
async fn many_rotations_leave_one_row_a_session_and_no_more_bytes_than_its_page_has_room_for() {
    for place in places().await {
        let store = with_accounts(&place).await;
        for byte in 1..=SESSIONS {
            begin(&store, byte, ALICE).await;
        }
        store.close().await;
        let before = size(&place).await;
        let store = place.open().await;
        for generation in 0..ROTATIONS {
            let at = START + minutes(10) * (generation + 1);
            for byte in 1..=SESSIONS {
                let mut hash = [byte; 32];
                hash[..4].copy_from_slice(&generation.to_be_bytes());
                let rotated = Session {
                    generation: generation + 1,
                    token_hash: RefreshTokenHash::from_bytes(hash),
                    rotated_at: at,
                    superseded: vec![Superseded { generation, at }],
                    ..session(&store, byte).await
                };
                assert!(store.rotate(generation, &rotated).await.unwrap());
                store.prove(id(byte), generation + 1, at).await.unwrap();
            }
        }
        assert_eq!(store.sessions_of(ALICE, u32::MAX).await.unwrap().len(), usize::from(SESSIONS));
        store.close().await;
        let after = size(&place).await;
        assert!(after <= before * FACTOR, "{before} bytes became {after}");
    }
}
