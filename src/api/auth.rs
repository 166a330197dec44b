//! Register, login, refresh and logout.

use crate::{
    client::transport::{Anonymous, Bearer},
    shared::{
        Problem,
        wire::{Done, TokenResponse},
    },
};
use leptos::prelude::*;
use server_fn::codec::Json;

/// Creates an account and signs in.
#[server(prefix = "/auth", endpoint = "register", input = Json, output = Json, client = Anonymous)]
pub async fn register(email: String, password: String) -> Result<TokenResponse, Problem> {
    let call = crate::server::call::Call::current()?;
    let presented = call.refresh_tokens_if_any()?;
    let account = call.accounts.create(&email, &password, crate::shared::Role::User).await?;
    let answer = call.sessions.begin(&account, &presented, call.client()).await?;
    call.change_cookies(&answer.cookies);
    call.remember_device(&account.email);
    Ok(answer.body?)
}

/// Begins a session.
#[server(prefix = "/auth", endpoint = "login", input = Json, output = Json, client = Anonymous)]
pub async fn login(email: String, password: String) -> Result<TokenResponse, Problem> {
    let call = crate::server::call::Call::current()?;
    let presented = call.refresh_tokens_if_any()?;
    let attempt = call.attempt(&email).await?;
    let account = call.accounts.authenticate(&email, zeroize::Zeroizing::new(password), attempt).await?;
    let answer = call.sessions.begin(&account, &presented, call.client()).await?;
    call.change_cookies(&answer.cookies);
    call.remember_device(&account.email);
    Ok(answer.body?)
}

/// Rotates the refresh token and issues an access token.
#[server(prefix = "/auth", endpoint = "refresh", input = Json, output = Json, client = Anonymous)]
pub async fn refresh() -> Result<TokenResponse, Problem> {
    let call = crate::server::call::Call::current()?;
    let answer = call.sessions.refresh(&call.refresh_tokens()?, &call.client()).await;
    call.change_cookies(&answer.cookies);
    Ok(answer.body?)
}

/// Ends the session; there need not be one.
#[server(prefix = "/auth", endpoint = "logout", input = Json, output = Json, client = Bearer)]
pub async fn logout() -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let presented = call.refresh_tokens_if_any()?;
    call.change_cookies(&call.sessions.sign_out(&presented, call.bearer(), &call.client()).await?);
    Ok(Done {})
}
