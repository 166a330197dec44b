//! The sessions and the security events of the caller's account.

use crate::{
    client::transport::Bearer,
    shared::{
        Problem,
        wire::{Done, EventList, SessionList},
    },
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// Lists the sessions.
#[server(prefix = "/api", endpoint = "sessions", input = GetUrl, output = Json, client = Bearer)]
pub async fn sessions() -> Result<SessionList, Problem> {
    let call = crate::server::call::Call::current()?;
    Ok(call.sessions.list(call.user()?).await?)
}

/// Ends one session.
#[server(prefix = "/api", endpoint = "sessions/revoke", input = Json, output = Json, client = Bearer)]
pub async fn revoke_session(id: String) -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    call.sessions.revoke(call.user()?, &id, call.client()).await?;
    Ok(Done {})
}

/// Ends all other sessions.
#[server(prefix = "/api", endpoint = "sessions/revoke-others", input = Json, output = Json, client = Bearer)]
pub async fn revoke_other_sessions() -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    call.sessions.revoke_others(call.user()?, call.client()).await?;
    Ok(Done {})
}

/// Ends all sessions, this one too.
#[server(prefix = "/api", endpoint = "sessions/revoke-all", input = Json, output = Json, client = Bearer)]
pub async fn revoke_all_sessions() -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let caller = call.user()?;
    call.sessions.revoke_all(caller, call.client()).await?;
    call.forget_session(caller);
    Ok(Done {})
}

/// Lists the latest security events.
#[server(prefix = "/api", endpoint = "events", input = GetUrl, output = Json, client = Bearer)]
pub async fn events() -> Result<EventList, Problem> {
    let call = crate::server::call::Call::current()?;
    Ok(call.sessions.events(call.user()?).await?)
}
