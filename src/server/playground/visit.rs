//! One call of a visitor of the lab: the real services, under a clock that the visitor has put forward.

use super::{
    checklist::Checklist,
    forgery::{Forgery, Workshop},
    ground::Ground,
};
use crate::{
    server::{
        auth::{
            access_token::{AccessTokens, Claims, Grant},
            answer::Answer,
            denylist::Denylist,
            proof_of_use::ProofOfUse,
            refresh_token::RefreshKeys,
            revocation::{Revocation, WhenBlind},
            rotation::RotationPolicy,
            sessions::Sessions,
        },
        clock::{Clock, Timestamp},
        entropy::Entropy,
        error::Error,
        id::SessionId,
        pruning::{self, Retention},
        store::model::ClientInfo,
    },
    shared::Role,
};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

/// `iss` and `aud` of the tokens of the lab; no server of that name exists (RFC 2606 section 2).
const ISSUER: &str = "https://lab.invalid";
/// Life of an access token, as in the app.
pub const ACCESS_TOKEN_LIFE: Duration = Duration::from_mins(15);
/// The times of the app, but for sessions that end within the hour.
const POLICY: RotationPolicy =
    RotationPolicy { grace: Duration::from_secs(10), unproven_cap: None, idle: Duration::from_mins(30) };
const ABSOLUTE_LIFE: Duration = Duration::from_hours(1);

/// How far a visitor has put the clock forward, in seconds: two hours at most.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(try_from = "u32")]
pub struct Ahead(Duration);

impl TryFrom<u32> for Ahead {
    type Error = &'static str;

    fn try_from(seconds: u32) -> Result<Self, Self::Error> {
        let ahead = Duration::from_secs(seconds.into());
        (ahead <= Duration::from_hours(2)).then_some(Self(ahead)).ok_or("a clock is two hours ahead at most")
    }
}

/// One call of a visitor.
pub struct Visit {
    ground: Arc<Ground>,
    sessions: Sessions,
    /// The time of everybody.
    clock: Arc<dyn Clock>,
}

/// A clock that runs ahead of another.
struct ForwardClock {
    inner: Arc<dyn Clock>,
    ahead: Ahead,
}

impl Clock for ForwardClock {
    fn now(&self) -> Timestamp {
        self.inner.now() + self.ahead.0
    }
}

/// The tokens of a sign-in or a refresh.
#[derive(Serialize)]
pub struct Tokens {
    access_token: String,
    refresh_token: String,
    expires_in: u32,
    family: Family,
}

/// The one row that the server keeps of a session, as far as the lab shows it.
#[derive(Serialize)]
pub struct Family {
    /// How many times it has rotated.
    generation: u32,
    /// The end of the hash of its current refresh token.
    stub: String,
    /// Whether an access token of this generation has been used.
    proven: bool,
    /// Why it ended, if it did.
    ended: Option<&'static str>,
}

impl Visit {
    /// The services of the ground at the visitor's time.
    pub fn new(ground: Arc<Ground>, ahead: Ahead, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let ahead: Arc<dyn Clock> = Arc::new(ForwardClock { inner: clock.clone(), ahead });
        let revocation = Arc::new(Revocation {
            denylist: Arc::new(Denylist::default()),
            access_token_life: ACCESS_TOKEN_LIFE,
            herald: None,
            when_blind: WhenBlind::Refuse,
        });
        let sessions = Sessions {
            refresh_keys: RefreshKeys::derive(&ground.secret),
            access_tokens: AccessTokens::new(ground.keys.clone(), ISSUER.into(), ISSUER.into(), ACCESS_TOKEN_LIFE),
            revocation,
            proof_of_use: ProofOfUse::start(ground.store.clone(), ahead.clone()),
            policy: POLICY,
            absolute_life: ABSOLUTE_LIFE,
            step_up_life: Duration::from_mins(5),
            store: ground.store.clone(),
            clock: ahead,
            entropy,
        };
        Self { ground, sessions, clock }
    }

    /// Begins a session, and throws away those that are over.
    ///
    /// # Errors
    /// The store's.
    pub async fn sign_in(&self, role: Role) -> Result<Tokens, Error> {
        let nothing = Retention { sessions: Duration::ZERO, events: Duration::ZERO };
        pruning::prune(&*self.ground.store, nothing, self.clock.now()).await?;
        let answer = self.sessions.begin(self.ground.account(role), &[], ClientInfo::default()).await?;
        self.tokens(answer).await
    }

    /// Presents a refresh token.
    ///
    /// # Errors
    /// What the app would answer.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, Error> {
        let presented = self.sessions.read_tokens(std::iter::once(refresh_token));
        let answer = self.sessions.refresh(&presented, &ClientInfo::default()).await;
        self.tokens(answer).await
    }

    /// What the server keeps of the session of a refresh token.
    ///
    /// # Errors
    /// [`Error::InvalidRefreshToken`] when there is none, or the store's.
    pub async fn family(&self, refresh_token: &str) -> Result<Family, Error> {
        let token = self.sessions.refresh_keys.decode(refresh_token).ok_or(Error::InvalidRefreshToken)?;
        self.family_of(token.session_id()).await
    }

    /// Presents an access token, as a call that needs one does, and with `guard` one that is for administrators.
    ///
    /// # Errors
    /// [`Error::Forbidden`] from the guard, or the store's.
    pub async fn present(&self, access_token: &str, guard: bool) -> Result<Checklist, Error> {
        let Sessions { access_tokens, revocation, proof_of_use, store, clock, .. } = &self.sessions;
        let now = clock.now();
        revocation.denylist.add(&store.denials(now).await?, now);
        let verified = access_tokens.verify(access_token, &revocation.denylist, now);
        if let Ok(claims) = &verified {
            proof_of_use.observe(claims, now);
            // The next call may come to another node.
            proof_of_use.finish().await;
            if guard {
                self.sessions.require_admin(claims).await?;
            }
        }
        Ok(Checklist::of(verified.map(|_: Claims| ())))
    }

    /// Signs out with an access token.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(&self, access_token: &str) -> Result<(), Error> {
        self.sessions.sign_out(&[], Some(access_token), &ClientInfo::default()).await?;
        Ok(())
    }

    /// Makes an access token that is not as it should be.
    ///
    /// # Errors
    /// When a library fails, which it does for no input of ours.
    pub fn forge(&self, forgery: Forgery) -> Result<String, Error> {
        let now = self.sessions.clock.now();
        let entropy = &*self.sessions.entropy;
        let grant = Grant {
            user_id: self.ground.account(Role::User).id,
            role: Role::User,
            session_id: SessionId::generate(entropy),
            generation: 0,
            session_expires_at: now + ABSOLUTE_LIFE,
        };
        let (good, _) = self.sessions.access_tokens.issue(&grant, entropy, now)?;
        let keys = self.sessions.access_tokens.keys().get();
        let workshop = Workshop { good: good.expose(), key: keys.current(now), entropy, now };
        workshop.make(forgery)
    }

    async fn tokens(&self, answer: Answer) -> Result<Tokens, Error> {
        let body = answer.body?;
        let (id, refresh_token, _) = answer.cookies.set.ok_or(Error::InvalidRefreshToken)?;
        Ok(Tokens {
            access_token: body.access_token.expose().to_owned(),
            refresh_token: refresh_token.to_string(),
            expires_in: body.expires_in,
            family: self.family_of(id).await?,
        })
    }

    async fn family_of(&self, id: SessionId) -> Result<Family, Error> {
        let (session, _) = self.sessions.store.sessions(&[id]).await?.pop().ok_or(Error::InvalidRefreshToken)?;
        let [.., a, b, c] = session.token_hash.as_bytes();
        Ok(Family {
            generation: session.generation,
            stub: format!("{a:02x}{b:02x}{c:02x}"),
            proven: session.proven,
            ended: session.end_reason(self.sessions.clock.now()).map(crate::shared::EndReason::as_str),
        })
    }
}
