//! The caller's own account.

use crate::{
    client::transport::Bearer,
    shared::{
        Problem,
        wire::{Done, Me, StepUp},
    },
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// Says who is calling.
#[server(name = GetMe, prefix = "/api", endpoint = "me", input = GetUrl, output = Json, client = Bearer)]
pub async fn me() -> Result<Me, Problem> {
    let call = crate::server::call::Call::current()?;
    Ok(call.sessions.describe(call.user()?).await?)
}

/// Deletes the account and everything about it.
#[server(prefix = "/api", endpoint = "account/delete", input = Json, output = Json, client = Bearer)]
pub async fn delete_account() -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let caller = call.user()?;
    call.sessions.require_step_up(caller).await?;
    call.administration.delete(caller.user_id, call.owner()).await?;
    call.forget_session(caller);
    Ok(Done {})
}

/// Changes the password and ends the other sessions.
#[server(prefix = "/api", endpoint = "password", input = Json, output = Json, client = Bearer)]
pub async fn change_password(current: String, new: String) -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let (current, new) = (zeroize::Zeroizing::new(current), zeroize::Zeroizing::new(new));
    call.accounts.change_password(call.user()?, current, new, call.client()).await?;
    Ok(Done {})
}

/// Takes the password again, which opens for a while what asks for a fresh one.
#[server(name = PostStepUp, prefix = "/api", endpoint = "step-up", input = Json, output = Json, client = Bearer)]
pub async fn step_up(password: String) -> Result<StepUp, Problem> {
    let call = crate::server::call::Call::current()?;
    let until = call.accounts.step_up(call.user()?, zeroize::Zeroizing::new(password)).await?;
    Ok(StepUp { step_up_until: until.as_secs() })
}
