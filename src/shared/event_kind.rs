//! What happened to an account.

use super::words::words;

words! {
    /// The kinds of security events.
    EventKind {
        SignedIn "signed_in"
            "Signed in"
        SignedOut "signed_out"
            "Signed out"
        SessionRevoked "session_revoked"
            "A device was signed out from another one"
        SessionsRevoked "sessions_revoked"
            "Several devices were signed out at once"
        RefreshTokenReused "refresh_token_reused"
            "A refresh token was used twice, so its session was ended"
        FailedSignIns "failed_sign_ins"
            "Several sign-ins with a wrong password"
        Locked "locked"
            "Too many wrong passwords: sign-in from unknown devices was locked for a while"
        Unlocked "unlocked"
            "The lock on sign-in was lifted"
        PasswordChanged "password_changed"
            "The password was changed"
        RoleChanged "role_changed"
            "The role was changed"
        AccountDeleted "account_deleted"
            "An account was deleted"
        KeyRotated "key_rotated"
            "A new key to sign access tokens was published"
        KeyRetired "key_retired"
            "A key that signed access tokens was taken out of use"
    }
}
