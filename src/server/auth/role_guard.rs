//! The role guard: who may administer.

use super::{access_token::Claims, sessions::Sessions};
use crate::{
    server::{error::Error, id::UserId},
    shared::Role,
};

impl Sessions {
    // region: guard
    /// Lets administrators pass. The store is asked, so that a role in an access token is never trusted after it
    /// changed, whichever node changed it.
    ///
    /// # Errors
    /// [`Error::Forbidden`], or when the session is no more, or the store's.
    pub async fn require_admin(&self, claims: &Claims) -> Result<UserId, Error> {
        if claims.role == Role::Admin && self.of_claims(claims).await?.1.role == Role::Admin {
            return Ok(claims.user_id);
        }
        tracing::warn!(user.id = %claims.user_id, "administration refused");
        Err(Error::Forbidden)
    }
    // endregion
}
