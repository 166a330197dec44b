//! Deleting what nobody needs any more, as `serve` and `counterfoil prune` do it (SECURITY O-02).

use crate::support::{TestApp, days, minutes};
use counterfoil::{
    server::{
        auth::denylist::{Denial, Denied},
        clock::Clock,
        id::{SessionId, TokenId},
        pruning::{BATCH, Retention, prune},
        store::{
            SessionStore,
            model::{Pruned, SecurityEvent},
        },
    },
    shared::{Code, EndReason, EventKind},
};

const RETENTION: Retention = Retention { sessions: days(1), events: days(90) };

async fn pruned(app: &TestApp) -> Pruned {
    prune(&*app.store, RETENTION, app.clock.now()).await.unwrap()
}

#[tokio::test]
async fn a_session_that_ended_says_why_until_its_absolute_end_and_is_forgotten_then() {
    let (app, mut user) = TestApp::with_user().await;
    let mut thief = user.clone();
    user.logout(&app).await;
    app.advance(days(20));
    assert_eq!(pruned(&app).await.sessions, 0);
    let problem = thief.clone().try_refresh(&app).await.assert_problem(Code::SessionRevoked);
    assert_eq!(problem["reason"], "signed_out");
    app.advance(days(11));
    assert_eq!(pruned(&app).await.sessions, 1);
    thief.try_refresh(&app).await.assert_problem(Code::InvalidRefreshToken);
}

#[tokio::test]
async fn a_session_in_use_is_not_touched() {
    let (app, mut user) = TestApp::with_user().await;
    for _ in 0..4 {
        app.advance(days(6));
        user.refresh(&app).await;
        assert_eq!(pruned(&app).await.sessions, 0);
    }
    user.me(&app).await.assert_ok();
}

#[tokio::test]
async fn more_than_a_batch_goes_batch_by_batch() {
    let app = TestApp::new().await;
    let count = u128::from(BATCH) * 2 + 1;
    let expires_at = app.clock.now() + minutes(15);
    let denials: Vec<_> = (0..count)
        .map(|number| Denial { subject: Denied::Token(TokenId::from_bytes(number.to_be_bytes())), expires_at })
        .collect();
    let (id, now) = (SessionId::from_bytes([9; 16]), app.clock.now());
    let event = SecurityEvent::of_site(EventKind::SignedOut, now);
    app.store.end_session(id, EndReason::SignedOut, &denials, &event, now).await.unwrap();
    app.advance(minutes(15));
    app.store.forget();
    assert_eq!(pruned(&app).await.denials, u64::try_from(count).unwrap());
    assert_eq!(app.store.take(), ["prune"; 3]);
}
