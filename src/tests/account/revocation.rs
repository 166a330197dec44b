//! Revocation is immediate: whatever ends a session, its access tokens are refused at once, also after a restart, and
//! nothing else is (SECURITY E-02, E-04, E-05, E-07, K-06).

use crate::support::{PASSWORD, TestApp, User, minutes, secs};
use counterfoil::shared::Code;
use serde_json::json;

/// Everything that refuses access tokens which were good.
#[derive(Clone, Copy, Debug)]
enum Cause {
    Logout,
    Revoke,
    RevokeOthers,
    RevokeAll,
    PasswordChange,
    RoleChange,
    RevokedByAdmin,
    Deletion,
    DeletionByAdmin,
    Reuse,
}

const CAUSES: [Cause; 10] = [
    Cause::Logout,
    Cause::Revoke,
    Cause::RevokeOthers,
    Cause::RevokeAll,
    Cause::PasswordChange,
    Cause::RoleChange,
    Cause::RevokedByAdmin,
    Cause::Deletion,
    Cause::DeletionByAdmin,
    Cause::Reuse,
];

/// Makes it happen to `victim`, a session of the same account as `owner`.
async fn happen(cause: Cause, app: &TestApp, owner: &User, victim: &User) {
    let admin = User::admin(app, "admin@example.com").await;
    let id = owner.id().to_string();
    let answer = match cause {
        Cause::Logout => app.post("/auth/logout").cookies(&victim.jar).send().await,
        Cause::Revoke => {
            owner.post(app, "/api/sessions/revoke").json(&json!({ "id": victim.session_id() })).send().await
        }
        Cause::RevokeOthers => owner.post(app, "/api/sessions/revoke-others").send().await,
        Cause::RevokeAll => owner.post(app, "/api/sessions/revoke-all").send().await,
        Cause::PasswordChange => {
            let body = json!({ "current": PASSWORD, "new": "a different sentence" });
            owner.post(app, "/api/password").json(&body).send().await
        }
        Cause::RoleChange => {
            admin.post(app, "/api/admin/users/role").json(&json!({ "id": id, "role": "admin" })).send().await
        }
        Cause::RevokedByAdmin => admin.post(app, "/api/admin/users/revoke").json(&json!({ "id": id })).send().await,
        Cause::Deletion => owner.post(app, "/api/account/delete").send().await,
        Cause::DeletionByAdmin => admin.delete(app, &format!("/api/admin/users?id={id}")).send().await,
        Cause::Reuse => {
            let mut thief = victim.clone();
            let mut used = victim.clone();
            used.refresh(app).await;
            used.me(app).await.assert_ok();
            app.advance(secs(30));
            thief.try_refresh(app).await.assert_problem(Code::RefreshTokenReused);
            return;
        }
    };
    answer.assert_ok();
}

#[tokio::test]
async fn every_cause_refuses_good_access_tokens_at_once_and_after_a_restart() {
    for cause in CAUSES {
        let (mut app, owner) = TestApp::with_user().await;
        let mut victim = owner.elsewhere(&app).await;
        let first = victim.token.clone();
        victim.refresh(&app).await;
        victim.me(&app).await.assert_ok();
        let bystander = User::register(&app, "bystander@example.com").await;
        happen(cause, &app, &owner, &victim).await;
        for restarted in [false, true] {
            if restarted {
                app.restart().await;
            }
            for token in [&first, &victim.token] {
                let answer = app.get("/api/me").bearer(token).send().await;
                assert_eq!(answer.status, 401, "{cause:?}, restarted: {restarted}");
                answer.assert_problem(Code::TokenRevoked);
            }
            bystander.me(&app).await.assert_ok();
        }
    }
}

#[tokio::test]
async fn a_plain_rotation_refuses_nothing_that_is_in_flight() {
    let (app, mut user) = TestApp::with_user().await;
    let before = user.token.clone();
    for _ in 0..3 {
        user.refresh(&app).await;
        app.get("/api/me").bearer(&before).send().await.assert_ok();
        app.advance(minutes(1));
    }
    app.get("/api/me").bearer(&before).send().await.assert_ok();
}

#[tokio::test]
async fn a_denial_dies_with_the_last_token_that_it_refuses() {
    let (app, mut user) = TestApp::with_user().await;
    user.logout(&app).await;
    let denylist = &app.state.sessions.revocation.denylist;
    assert!(!denylist.is_empty());
    app.advance(minutes(16));
    denylist.prune(app.state.sessions.clock.now());
    assert!(denylist.is_empty());
    app.get("/api/me").bearer(&user.token).send().await.assert_problem(Code::TokenExpired);
}
