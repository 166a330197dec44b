//! Why a session ended.

use super::words::words;

words! {
    /// Why a session ended; told only to the holder of an authentic refresh token of it (DESIGN section 3).
    EndReason {
        SignedOut "signed_out"
            "You signed out."
        Replaced "replaced"
            "This browser signed in again, so the earlier session was closed."
        Revoked "revoked"
            "You were signed out from another of your devices."
        RefreshTokenReused "refresh_token_reused"
            "An old refresh token of your session was presented again. Somebody may hold a copy of it, \
             so we ended the session everywhere. If that was not you, change your password."
        PasswordChanged "password_changed"
            "The password of your account was changed. Sign in with the new one."
        RoleChanged "role_changed"
            "The role of your account changed, so you need to sign in again."
        RevokedByAdmin "revoked_by_admin"
            "An administrator signed you out."
        AccountDeleted "account_deleted"
            "Your account and everything that was kept about it have been deleted."
        Idle "idle"
            "You were away for longer than a session stays open."
        Absolute "absolute"
            "A session lasts a limited time from sign-in, and yours has reached it."
    }
}

#[cfg(test)]
mod tests {
    use super::EndReason;

    #[test]
    fn the_word_on_the_wire_is_the_word_in_the_store() {
        for reason in EndReason::ALL {
            assert_eq!(EndReason::parse(reason.as_str()), Some(*reason));
            let json = serde_json::to_string(reason).unwrap();
            assert_eq!(json, format!("\"{}\"", reason.as_str()));
            assert_eq!(serde_json::from_str::<EndReason>(&json).unwrap(), *reason);
        }
        assert!(serde_json::from_str::<EndReason>("\"no_such_reason\"").is_err());
    }
}
