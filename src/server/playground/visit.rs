//! What one visitor of the lab does: sessions of the real service, under a clock that the visitor can put forward.

use super::{
    ACCESS_TOKEN_LIFE, Ground,
    checklist::Checklist,
    forgery::{Forgery, Workshop},
};
use crate::{
    server::{
        auth::{
            access_token::{AccessTokens, Claims, Grant},
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
        store::model::{Account, ClientInfo},
    },
    shared::Role,
};
use serde::Serialize;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// `iss` and `aud` of the tokens of the lab; no server of that name exists (RFC 2606 section 2).
pub const ISSUER: &str = "https://lab.invalid";
/// The times of the app, but for sessions that end within the hour.
const POLICY: RotationPolicy =
    RotationPolicy { grace: Duration::from_secs(10), unproven_cap: None, idle: Duration::from_mins(30) };
const ABSOLUTE_LIFE: Duration = Duration::from_hours(1);
/// The most that one visit may put its clock forward, and sign in.
const MAX_WAIT: Duration = Duration::from_hours(2);
const MAX_SIGN_INS: u64 = 64;

/// One visit.
pub struct Visit {
    /// When it began.
    pub began_at: Timestamp,
    sessions: Sessions,
    clock: Arc<ForwardClock>,
    sign_ins: AtomicU64,
    user: Account,
    admin: Account,
}

/// A clock that runs ahead of another.
struct ForwardClock {
    inner: Arc<dyn Clock>,
    ahead_millis: AtomicU64,
}

impl Clock for ForwardClock {
    fn now(&self) -> Timestamp {
        self.inner.now() + Duration::from_millis(self.ahead_millis.load(Ordering::Relaxed))
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
    /// A visit that begins now.
    pub fn new(ground: &Ground, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let began_at = clock.now();
        let clock = Arc::new(ForwardClock { inner: clock, ahead_millis: AtomicU64::new(0) });
        let revocation = Arc::new(Revocation {
            denylist: Arc::new(Denylist::default()),
            access_token_life: ACCESS_TOKEN_LIFE,
            herald: None,
            when_blind: WhenBlind::Refuse,
        });
        let sessions = Sessions {
            refresh_keys: RefreshKeys::derive(&ground.refresh_secret),
            access_tokens: AccessTokens::new(ground.keys.clone(), ISSUER.into(), ISSUER.into(), ACCESS_TOKEN_LIFE),
            revocation,
            proof_of_use: ProofOfUse::start(ground.store.clone(), clock.clone()),
            policy: POLICY,
            absolute_life: ABSOLUTE_LIFE,
            step_up_life: Duration::from_mins(5),
            store: ground.store.clone(),
            clock: clock.clone(),
            entropy,
        };
        let (user, admin) = (ground.user.clone(), ground.admin.clone());
        Self { began_at, sessions, clock, sign_ins: AtomicU64::new(0), user, admin }
    }

    /// Begins a session.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] when the visit has begun very many, or the store's.
    pub async fn sign_in(&self, role: Role) -> Result<Tokens, Error> {
        if self.sign_ins.fetch_add(1, Ordering::Relaxed) >= MAX_SIGN_INS {
            return Err(Error::TooManyAttempts(super::VISIT_LIFE));
        }
        let account = if role == Role::Admin { &self.admin } else { &self.user };
        let answer = self.sessions.begin(account, &[], ClientInfo::default()).await?;
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
        let now = self.clock.now();
        let verified = self.sessions.access_tokens.verify(access_token, &self.sessions.revocation.denylist, now);
        if let Ok(claims) = &verified {
            self.sessions.proof_of_use.observe(claims, now);
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

    /// Puts the clock of this visit forward.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it has been put forward far enough.
    pub fn wait(&self, seconds: u32) -> Result<(), Error> {
        let limit = u64::try_from(MAX_WAIT.as_millis()).unwrap_or(u64::MAX);
        let later = |ahead: u64| Some(ahead + u64::from(seconds) * 1000).filter(|ahead| *ahead <= limit);
        self.clock
            .ahead_millis
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, later)
            .map_err(|_| Error::Malformed("This visit has waited for long enough; reload the page for a new one."))?;
        Ok(())
    }

    /// Makes an access token that is not as it should be.
    ///
    /// # Errors
    /// When a library fails, which it does for no input of ours.
    pub fn forge(&self, forgery: Forgery) -> Result<String, Error> {
        let now = self.clock.now();
        let entropy = &*self.sessions.entropy;
        let grant = Grant {
            user_id: self.user.id,
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

    async fn tokens(&self, answer: crate::server::auth::answer::Answer) -> Result<Tokens, Error> {
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
            proven: session.proven || self.sessions.proof_of_use.has_seen(id, session.generation),
            ended: session.end_reason(self.clock.now()).map(crate::shared::EndReason::as_str),
        })
    }
}
