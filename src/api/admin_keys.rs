//! The signing keys: the router lets administrators alone reach them.

use crate::{
    client::transport::Bearer,
    shared::{Problem, wire::SigningKeyList},
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// Lists the keys that sign access tokens, without their private halves.
#[server(prefix = "/api/admin", endpoint = "keys", input = GetUrl, output = Json, client = Bearer)]
pub async fn signing_keys() -> Result<SigningKeyList, Problem> {
    let call = crate::server::call::Call::current()?;
    let keys = call.sessions.access_tokens.keys().get().describe(call.sessions.clock.now());
    Ok(SigningKeyList { keys })
}
