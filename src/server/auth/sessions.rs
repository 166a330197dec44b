//! Sessions: how they begin, refresh and end.

use super::{
    access_token::{AccessTokenError, AccessTokens, Claims, Grant},
    answer::{Answer, CookieChanges, Ends},
    denylist::{Denial, Denied},
    proof_of_use::ProofOfUse,
    refresh_token::{RefreshKeys, RefreshToken},
    revocation::Revocation,
    rotation::{self, Outcome, Presented, RotationPolicy, Session},
};
use crate::{
    server::{
        clock::{Clock, Timestamp},
        entropy::Entropy,
        error::Error,
        id::SessionId,
        metrics,
        store::{
            Store,
            model::{Account, ClientInfo, NewSession, SecurityEvent},
        },
    },
    shared::{EndReason, EventKind, wire},
};
use std::{sync::Arc, time::Duration};

/// The most refresh tokens of one request that are looked at: more than a browser collects, few enough for one read.
const MAX_PRESENTED: usize = 16;
/// How often a refresh that lost a race to another is decided anew; each loss means that another one won.
const MAX_ATTEMPTS: usize = 8;

/// Begins, refreshes and ends sessions.
pub struct Sessions {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// Makes and reads refresh tokens.
    pub refresh_keys: RefreshKeys,
    /// Makes and reads access tokens.
    pub access_tokens: AccessTokens,
    /// Refuses the access tokens of ended sessions.
    pub revocation: Arc<Revocation>,
    /// Which generations have been used.
    pub proof_of_use: ProofOfUse,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The times that the protocol turns on.
    pub policy: RotationPolicy,
    /// The longest that a session lives.
    pub absolute_life: Duration,
    /// How long a password counts as given a short time ago.
    pub step_up_life: Duration,
}

impl Sessions {
    /// Reads the refresh tokens among texts that may be anything: those with this server's tag.
    pub fn read_tokens<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<RefreshToken> {
        texts.filter_map(|text| self.refresh_keys.decode(text)).take(MAX_PRESENTED).collect()
    }

    /// Begins a session, and ends the ones whose tokens came along.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin(
        &self,
        account: &Account,
        presented: &[RefreshToken],
        client: ClientInfo,
    ) -> Result<Answer, Error> {
        let now = self.clock.now();
        let id = SessionId::generate(&*self.entropy);
        let token = self.refresh_keys.first(id, &*self.entropy);
        let idle_expires_at = now + self.policy.idle;
        let absolute_expires_at = now + self.absolute_life;
        let new = NewSession {
            id,
            user_id: account.id,
            token_hash: self.refresh_keys.hash(&token),
            idle_expires_at,
            absolute_expires_at,
            client,
        };
        let replaced: Vec<_> =
            presented.iter().map(|token| self.revocation.of_session(token.session_id(), now)).collect();
        // As it is in the same unit of work: the role may have changed since the password was checked.
        let account = self.store.begin_session(&new, &replaced, now).await?.ok_or(Error::InvalidCredentials)?;
        self.revocation.enforce(&replaced, now);
        tracing::info!(user.id = %account.id, session.id = %id, "signed in");
        let mut answer = self.issue(&account, &token, Ends { idle_expires_at, absolute_expires_at }, now)?;
        answer.cookies.clear = presented.iter().map(RefreshToken::session_id).collect();
        Ok(answer)
    }

    /// Refreshes the newest live session of those presented (DESIGN sections 2 and 3).
    pub async fn refresh(&self, presented: &[RefreshToken], client: &ClientInfo) -> Answer {
        let mut ended = Vec::new();
        let body = self.try_refresh(presented, client, &mut ended).await;
        match body {
            Ok(mut answer) => {
                answer.cookies.clear = ended;
                answer
            }
            Err(error) => Answer { body: Err(error), cookies: CookieChanges { set: None, clear: ended } },
        }
    }

    async fn try_refresh(
        &self,
        presented: &[RefreshToken],
        client: &ClientInfo,
        ended: &mut Vec<SessionId>,
    ) -> Result<Answer, Error> {
        let ids: Vec<_> = presented.iter().map(RefreshToken::session_id).collect();
        for _ in 0..MAX_ATTEMPTS {
            ended.clear();
            let now = self.clock.now();
            let sessions = self.sessions(&ids).await?;
            let Some(choice) = self.choose(presented, &sessions, ended, now) else {
                return Err(Error::InvalidRefreshToken);
            };
            let Choice { token, session, account, outcome } = choice;
            match outcome {
                Outcome::Rotate | Outcome::Adopt => {
                    let successor = self.refresh_keys.successor(token);
                    let hash = self.refresh_keys.hash(&successor);
                    let rotated = session.rotated(token.generation(), hash, &self.policy, now);
                    if self.store.rotate(session.generation, &rotated).await? {
                        note_refresh(outcome, session);
                        return self.issue(account, &successor, Ends::of(&rotated), now);
                    }
                }
                Outcome::Repeat => {
                    note_refresh(outcome, session);
                    let current = self.refresh_keys.descendant(token, session.generation);
                    return self.issue(account, &current, Ends::of(session), now);
                }
                Outcome::Recover => {
                    let recovered = session.with_grace(token.generation(), &self.policy, now);
                    if self.store.renew_grace(&recovered).await? {
                        note_refresh(outcome, session);
                        let current = self.refresh_keys.descendant(token, session.generation);
                        return self.issue(account, &current, Ends::of(session), now);
                    }
                }
                Outcome::Reuse => {
                    self.end(session, EndReason::RefreshTokenReused, client, now).await?;
                    ended.push(session.id);
                    return Err(Error::RefreshTokenReused(session.id));
                }
                Outcome::Ended(reason) => return Err(Error::SessionEnded(reason)),
                Outcome::Invalid => return Err(Error::InvalidRefreshToken),
                Outcome::TooFast => return Err(Error::TooManyAttempts(self.policy.grace)),
            }
        }
        Err(Error::Contended)
    }

    /// The sessions with these identifiers; none cost nothing.
    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<(Session, Account)>, Error> {
        if ids.is_empty() { Ok(Vec::new()) } else { Ok(self.store.sessions(ids).await?) }
    }

    /// The presented token that counts: the newest live session's, else the newest ended one's.
    fn choose<'a>(
        &self,
        presented: &'a [RefreshToken],
        sessions: &'a [(Session, Account)],
        ended: &mut Vec<SessionId>,
        now: Timestamp,
    ) -> Option<Choice<'a>> {
        let mut best: Option<Choice<'a>> = None;
        for token in presented {
            let Some((session, account)) = sessions.iter().find(|(session, _)| session.id == token.session_id()) else {
                // A good tag on a session that is not kept any more: it is over.
                ended.push(token.session_id());
                continue;
            };
            let outcome = self.decide(session, token, now);
            match outcome {
                Outcome::Invalid => continue,
                Outcome::Ended(_) => ended.push(session.id),
                _ => {}
            }
            let rank = |choice: &Choice<'_>| {
                (!matches!(choice.outcome, Outcome::Ended(_)), choice.session.created_at, choice.token.generation())
            };
            let choice = Choice { token, session, account, outcome };
            if best.as_ref().is_none_or(|best| rank(&choice) > rank(best)) {
                best = Some(choice);
            }
        }
        best
    }

    fn decide(&self, session: &Session, token: &RefreshToken, now: Timestamp) -> Outcome {
        let lineage = self.refresh_keys.lineage(token, session.generation, &session.token_hash);
        let presented = Presented { generation: token.generation(), lineage };
        // A use that is known here but not yet written counts too.
        if !session.proven && self.proof_of_use.has_seen(session.id, session.generation) {
            let proven = Session { proven: true, ..session.clone() };
            return rotation::decide(&proven, presented, &self.policy, now);
        }
        rotation::decide(session, presented, &self.policy, now)
    }

    /// Signs out: ends the presented sessions and the one of the access token, and denies their access tokens.
    /// Tokens that are not authentic change nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(
        &self,
        presented: &[RefreshToken],
        access_token: Option<&str>,
        client: &ClientInfo,
    ) -> Result<CookieChanges, Error> {
        let now = self.clock.now();
        let claims = access_token.and_then(|token| self.access_tokens.authenticate(token, now).ok());
        let mut ids: Vec<_> = presented.iter().map(RefreshToken::session_id).collect();
        ids.extend(claims.as_ref().map(|claims| claims.session_id));
        ids.sort_unstable();
        ids.dedup();
        let mut clear = ids.clone();
        for (session, _) in self.sessions(&ids).await? {
            let by_cookie = presented
                .iter()
                .filter(|token| token.session_id() == session.id)
                .any(|token| self.decide(&session, token, now) != Outcome::Invalid);
            let by_bearer = claims.as_ref().is_some_and(|claims| claims.session_id == session.id);
            if by_cookie || by_bearer {
                self.end(&session, EndReason::SignedOut, client, now).await?;
            } else {
                clear.retain(|id| *id != session.id);
            }
        }
        if let Some(claims) = claims {
            let denial = Denial { subject: Denied::Token(claims.token_id), expires_at: claims.expires_at };
            self.revocation.enforce(&[denial], now);
        }
        Ok(CookieChanges { set: None, clear })
    }

    /// The account and the session behind an access token.
    ///
    /// # Errors
    /// [`AccessTokenError::Revoked`] when either is no more, or the store's.
    pub async fn describe(&self, claims: &Claims) -> Result<wire::Me, Error> {
        let (session, account) = self.of_claims(claims).await?;
        Ok(wire::Me {
            id: account.id.to_string(),
            email: account.email.to_string(),
            role: account.role,
            session_id: session.id.to_string(),
            created_at: account.created_at.as_secs(),
            signed_in_at: session.created_at.as_secs(),
            step_up_until: (session.authenticated_at + self.step_up_life).as_secs(),
        })
    }

    /// The session and the account of an access token as they are now, whatever the token says.
    ///
    /// # Errors
    /// [`AccessTokenError::Revoked`] when either is no more, or the store's.
    pub async fn of_claims(&self, claims: &Claims) -> Result<(Session, Account), Error> {
        let found = self.store.sessions(&[claims.session_id]).await?.pop();
        let is_theirs =
            |(session, account): &(Session, Account)| session.ended.is_none() && account.id == claims.user_id;
        Ok(found.filter(is_theirs).ok_or(AccessTokenError::Revoked)?)
    }

    async fn end(
        &self,
        session: &Session,
        reason: EndReason,
        client: &ClientInfo,
        now: Timestamp,
    ) -> Result<(), Error> {
        let denial = self.revocation.of_session(session.id, now);
        let kind = match reason {
            EndReason::RefreshTokenReused => EventKind::RefreshTokenReused,
            _ => EventKind::SignedOut,
        };
        let event = SecurityEvent {
            session_id: Some(session.id),
            client: client.clone(),
            ..SecurityEvent::of(session.user_id, kind, now)
        };
        let was_live = self.store.end_session(session.id, reason, &[denial], &event, now).await?;
        self.revocation.enforce(&[denial], now);
        if was_live && reason == EndReason::RefreshTokenReused {
            tracing::warn!(user.id = %session.user_id, session.id = %session.id, "refresh token reused, session ended");
        } else if was_live {
            tracing::info!(user.id = %session.user_id, session.id = %session.id, reason = reason.as_str(), "session ended");
        }
        Ok(())
    }

    // region: pair
    fn issue(&self, account: &Account, token: &RefreshToken, ends: Ends, now: Timestamp) -> Result<Answer, Error> {
        let grant = Grant {
            user_id: account.id,
            role: account.role,
            session_id: token.session_id(),
            generation: token.generation(),
            session_expires_at: ends.first(),
        };
        let (access_token, expires_in) = self.access_tokens.issue(&grant, &*self.entropy, now)?;
        let user = wire::User { id: account.id.to_string(), email: account.email.to_string(), role: account.role };
        let body = wire::TokenResponse { access_token, token_type: wire::TokenType::Bearer, expires_in, user };
        let cookie = (token.session_id(), self.refresh_keys.encode(token), ends.cookie_life(now));
        Ok(Answer { body: Ok(body), cookies: CookieChanges { set: Some(cookie), clear: Vec::new() } })
    }
    // endregion
}

/// Counts and logs a refresh that gives tokens.
fn note_refresh(outcome: Outcome, session: &Session) {
    metrics::refreshed(outcome);
    tracing::info!(user.id = %session.user_id, session.id = %session.id, ?outcome, "refreshed");
}

struct Choice<'a> {
    token: &'a RefreshToken,
    session: &'a Session,
    account: &'a Account,
    outcome: Outcome,
}
