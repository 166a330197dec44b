//! What a server function can ask about its call, and say beside its result.

use super::{
    auth::{
        access_token::Claims, administration::Actor, answer::CookieChanges, refresh_token::RefreshToken,
        throttle::attempt::Attempt,
    },
    error::Error,
    id::UserId,
    state::AppState,
    store::model::ClientInfo,
};
use crate::shared::{Code, Email, Problem};
use axum::http::{
    Extensions, HeaderMap,
    header::{AUTHORIZATION, SET_COOKIE, USER_AGENT},
    request::Parts,
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::Deref,
};

/// The most characters of a `User-Agent` that are kept.
const USER_AGENT_CHARS: usize = 256;

/// The address that the connection came from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The address of the client, behind whatever proxies are trusted.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address that a request comes from.
    pub fn of(extensions: &Extensions) -> IpAddr {
        extensions.get::<Self>().map_or(Ipv4Addr::UNSPECIFIED.into(), |client| client.0)
    }
}

/// One call of a server function.
pub struct Call {
    state: AppState,
    parts: Parts,
    response: ResponseOptions,
}

/// Who is calling: a verified access token. Having one is the access check.
#[derive(Clone, Debug)]
pub struct CurrentUser(pub Claims);

/// An administrator is calling: the store has been asked. Having one is the access check.
#[derive(Clone, Copy, Debug)]
pub struct Administrator(pub UserId);

impl Call {
    /// The present call.
    ///
    /// # Errors
    /// `internal_error` outside of one: a server function called while a page renders has no call of its own.
    pub fn current() -> Result<Self, Problem> {
        match (use_context(), use_context(), use_context()) {
            (Some(state), Some(parts), Some(response)) => Ok(Self { state, parts, response }),
            _ => Err(Code::InternalError.into()),
        }
    }

    /// Who is calling.
    ///
    /// # Errors
    /// `missing_token` when no access token was verified on the way here.
    pub fn user(&self) -> Result<&Claims, Problem> {
        let user = self.parts.extensions.get::<CurrentUser>().ok_or(Error::MissingToken)?;
        Ok(&user.0)
    }

    /// The administrator who is calling, who has given the password a short time ago.
    ///
    /// # Errors
    /// `forbidden` when no administrator was let through on the way here, `insufficient_user_authentication`.
    pub async fn stepped_up_admin(&self) -> Result<Actor, Problem> {
        let Administrator(id) = self.parts.extensions.get().ok_or(Error::Forbidden)?;
        self.sessions.require_step_up(self.user()?).await?;
        Ok(Actor { id: Some(*id), client: self.client() })
    }

    /// The owner of the account, who is calling.
    pub fn owner(&self) -> Actor {
        Actor { id: None, client: self.client() }
    }

    /// The refresh tokens that came with the call.
    ///
    /// # Errors
    /// `malformed_request` for twins, `missing_refresh_token` when there is no refresh cookie at all.
    pub fn refresh_tokens(&self) -> Result<Vec<RefreshToken>, Problem> {
        let texts = self.cookies.read(&self.parts.headers)?;
        if texts.is_empty() {
            return Err(Error::MissingRefreshToken.into());
        }
        Ok(self.sessions.read_tokens(texts.into_iter()))
    }

    /// The refresh tokens that came with the call, if any did.
    ///
    /// # Errors
    /// `malformed_request` for twins.
    pub fn refresh_tokens_if_any(&self) -> Result<Vec<RefreshToken>, Problem> {
        Ok(self.sessions.read_tokens(self.cookies.read(&self.parts.headers)?.into_iter()))
    }

    /// The access token that came with the call, not verified.
    pub fn bearer(&self) -> Option<&str> {
        bearer(&self.parts.headers).ok()
    }

    /// Where the call came from.
    pub fn client(&self) -> ClientInfo {
        let user_agent = self.parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        ClientInfo {
            user_agent: user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARS).collect(),
            ip: ClientAddress::of(&self.parts.extensions).to_string(),
        }
    }

    /// Counts a try to sign in.
    ///
    /// # Errors
    /// When the limiter fails.
    pub async fn attempt(&self, email: &str) -> Result<Attempt<'_>, Error> {
        self.throttle.attempt(email, self.device_cookie.read(&self.parts.headers), self.client()).await
    }

    /// Lets the device know the account from now on.
    pub fn remember_device(&self, email: &Email) {
        let device = self.throttle.remember(self.device_cookie.read(&self.parts.headers), email);
        if let Some(header) = self.device_cookie.write(&device) {
            self.response.append_header(SET_COOKIE, header);
        }
    }

    /// Clears the refresh cookie of the caller's session, which has ended.
    pub fn forget_session(&self, caller: &Claims) {
        self.change_cookies(&CookieChanges { set: None, clear: vec![caller.session_id] });
    }

    /// Sends the changes of cookies with the answer, be it a success or an error.
    pub fn change_cookies(&self, changes: &CookieChanges) {
        for header in self.cookies.write(changes) {
            self.response.append_header(SET_COOKIE, header);
        }
    }
}

impl Deref for Call {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.state
    }
}

/// The account with this identifier, as text.
///
/// # Errors
/// `not_found`: text that is no identifier names no account.
pub fn user_id(text: &str) -> Result<UserId, Problem> {
    text.parse().map_err(|_| Error::NotFound.into())
}

/// The access token of a request (RFC 6750 section 2.1): one `Authorization` header, scheme in any case.
///
/// # Errors
/// [`Error::MissingToken`] without the header or with another scheme, [`Error::Malformed`] with two.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Error> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Error::MissingToken)?;
    if values.next().is_some() {
        return Err(Error::Malformed("There are two Authorization headers."));
    }
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or(Error::MissingToken)?;
    if scheme.eq_ignore_ascii_case("Bearer") { Ok(token.trim_start_matches(' ')) } else { Err(Error::MissingToken) }
}
