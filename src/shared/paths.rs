//! The URLs that more than one module has to know.

/// Prefix of the calls that may see the refresh cookie; also the cookie's `Path`. No page lives under it.
pub const AUTH: &str = "/auth";
/// Prefix of the calls that need an access token.
pub const API: &str = "/api";

/// Prefix of the calls that need an access token of an administrator.
pub const ADMIN_API: &str = "/api/admin";

/// The description of every call, for programs; open, though it stands among the calls.
pub const OPENAPI: &str = "/api/openapi.json";
/// The same for people.
pub const API_DOCS: &str = "/docs/api";

/// The page that explains every error code; a problem's `type` is a fragment of it.
pub const PROBLEMS: &str = "/problems";
/// The lab, whose pages are no part of the program in the browser.
pub const LAB: &str = "/lab";
/// Prefix of the calls of the lab's pages.
pub const LAB_API: &str = "/lab/api";
/// The sign-in page.
pub const SIGN_IN: &str = "/signin";
/// The sign-up page.
pub const SIGN_UP: &str = "/signup";
/// The page that says that and why a session ended.
pub const SIGNED_OUT: &str = "/signed-out";
/// The account page.
pub const ACCOUNT: &str = "/account";
/// The page of all accounts, for administrators.
pub const ADMIN_USERS: &str = "/admin/users";
/// The page of the keys that sign access tokens, for administrators.
pub const ADMIN_KEYS: &str = "/admin/keys";

/// The path to go to after sign-in, if `next` is a path of this site; anything else is refused.
///
/// A path starts with one slash; `//host`, `/\host` and control characters could leave the site.
pub fn local_path(next: &str) -> Option<&str> {
    let rest = next.strip_prefix('/')?;
    let leaves = rest.starts_with(['/', '\\']) || next.chars().any(|c| c.is_control() || c == '\\');
    (!leaves).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn a_return_path_never_leaves_the_site() {
        assert_eq!(local_path("/account?tab=1"), Some("/account?tab=1"));
        for evil in
            ["", "account", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/a\\b"]
        {
            assert_eq!(local_path(evil), None, "{evil:?}");
        }
    }
}
