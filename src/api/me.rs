//! The caller.

use crate::{
    client::transport::Bearer,
    shared::{Problem, wire::Me},
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// Says who is calling.
#[server(name = GetMe, prefix = "/api", endpoint = "me", input = GetUrl, output = Json, client = Bearer)]
pub async fn me() -> Result<Me, Problem> {
    let call = crate::server::call::Call::current()?;
    Ok(call.sessions.describe(call.user()?).await?)
}
