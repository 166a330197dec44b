//! Administration: the router lets administrators alone reach these.

use crate::{
    client::transport::Bearer,
    shared::{
        Problem, Role,
        wire::{Done, EventList, UserDetails, UserPage},
    },
};
use leptos::prelude::*;
use server_fn::codec::{DeleteUrl, GetUrl, Json};

/// Lists accounts.
#[server(prefix = "/api/admin", endpoint = "users", input = GetUrl, output = Json, client = Bearer)]
pub async fn users(
    #[server(default)] search: String,
    role: Option<Role>,
    #[server(default)] offset: u32,
) -> Result<UserPage, Problem> {
    let call = crate::server::call::Call::current()?;
    Ok(call.administration.users(&search, role, offset).await?)
}

/// Shows one account.
#[server(prefix = "/api/admin", endpoint = "user", input = GetUrl, output = Json, client = Bearer)]
pub async fn user(id: String) -> Result<UserDetails, Problem> {
    let call = crate::server::call::Call::current()?;
    Ok(call.administration.user(crate::server::call::user_id(&id)?).await?)
}

/// Lists the latest events that belong to no account.
#[server(name = SiteEvents, prefix = "/api/admin", endpoint = "events", input = GetUrl, output = Json, client = Bearer)]
pub async fn site_events() -> Result<EventList, Problem> {
    let call = crate::server::call::Call::current()?;
    Ok(call.administration.events().await?)
}

/// Deletes an account.
#[server(prefix = "/api/admin", endpoint = "users", input = DeleteUrl, output = Json, client = Bearer)]
pub async fn delete_user(id: String) -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let actor = call.stepped_up_admin().await?;
    call.administration.delete(crate::server::call::user_id(&id)?, actor).await?;
    Ok(Done {})
}

/// Gives an account a role.
#[server(prefix = "/api/admin", endpoint = "users/role", input = Json, output = Json, client = Bearer)]
pub async fn set_role(id: String, role: Role) -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let actor = call.stepped_up_admin().await?;
    call.administration.set_role(crate::server::call::user_id(&id)?, role, actor).await?;
    Ok(Done {})
}

/// Lifts the lock on the sign-in of an account.
#[server(prefix = "/api/admin", endpoint = "users/unlock", input = Json, output = Json, client = Bearer)]
pub async fn unlock(id: String) -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let actor = call.stepped_up_admin().await?;
    call.administration.unlock(crate::server::call::user_id(&id)?, actor).await?;
    Ok(Done {})
}

/// Ends the sessions of an account.
#[server(prefix = "/api/admin", endpoint = "users/revoke", input = Json, output = Json, client = Bearer)]
pub async fn revoke_user_sessions(id: String) -> Result<Done, Problem> {
    let call = crate::server::call::Call::current()?;
    let actor = call.stepped_up_admin().await?;
    call.administration.revoke(crate::server::call::user_id(&id)?, actor).await?;
    Ok(Done {})
}
