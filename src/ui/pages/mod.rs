//! One module a page.

mod account;
mod admin;
mod home;
mod not_found;
mod problems;
mod sign_in;
mod sign_up;
mod signed_out;

pub use account::Account;
pub use admin::{AdminKeys, AdminUser, AdminUsers};
pub use home::Home;
pub use not_found::NotFound;
pub use problems::Problems;
pub use sign_in::SignIn;
pub use sign_up::SignUp;
pub use signed_out::SignedOut;

use crate::{
    client::{Session, use_client},
    shared::{paths, wire::User},
    ui::components::error_summary::Mistake,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use std::time::Duration;

/// Gives a way to go elsewhere that leaves no entry behind which Back would bounce off.
///
/// A moment later, since the router makes a page's own entry only after the page has been built: at once would replace
/// the entry of the page before.
fn use_navigate_instead() -> impl Fn(&str) + Clone {
    let navigate = use_navigate();
    move |path| {
        let (navigate, path) = (navigate.clone(), path.to_owned());
        let options = NavigateOptions { replace: true, ..Default::default() };
        set_timeout(move || navigate(&path, options), Duration::ZERO);
    }
}

/// Once somebody is signed in, here or in another tab, goes on to where they wanted to go.
fn go_on_when_signed_in() {
    let session = use_client().session();
    let query = use_query_map();
    let go = use_navigate_instead();
    Effect::new(move |_| {
        if matches!(session.get(), Session::SignedIn(_)) {
            let next = query.with_untracked(|query| query.get("next"));
            go(next.as_deref().and_then(paths::local_path).unwrap_or(paths::ACCOUNT));
        }
    });
}

/// Who is signed in, for a page that is for nobody else: a session that ends under the page has its end explained, and
/// whoever comes signed out is asked to sign in first.
fn signed_in_user() -> Memo<Option<User>> {
    let session = use_client().session();
    let here = use_location().pathname;
    let go = use_navigate_instead();
    Effect::new(move |was_signed_in: Option<bool>| {
        match session.get() {
            Session::SignedOut(reason)
                if was_signed_in == Some(true) || (reason.is_some() && was_signed_in.is_some()) =>
            {
                go(paths::SIGNED_OUT);
            }
            Session::SignedOut(_) => go(&format!("{}?next={}", paths::SIGN_IN, here.get_untracked())),
            Session::SignedIn(_) => return true,
            Session::Restoring => {}
        }
        was_signed_in == Some(true)
    });
    Memo::new(move |_| match session.get() {
        Session::SignedIn(user) => Some(user),
        _ => None,
    })
}

/// `path` with the query of this page, so that `next` survives a change between signing in and signing up.
fn keep_query(path: &'static str) -> impl Fn() -> String + Clone {
    let search = use_location().search;
    move || match search.get().as_str() {
        "" => path.to_owned(),
        search => format!("{path}?{search}"),
    }
}

/// The title of a page with a form: it says so first if there is an error.
///
/// On the server a title is read after its page was rendered, where another request's arena may be in place or none: so
/// the signal is held by itself, and not looked up in one.
fn form_title(title: &'static str, mistakes: RwSignal<Vec<Mistake>>) -> impl Fn() -> String {
    let mistakes = ArcRwSignal::from(mistakes);
    move || if mistakes.with(Vec::is_empty) { title.to_owned() } else { format!("Error: {title}") }
}

#[cfg(test)]
mod tests {
    use super::form_title;
    use leptos::prelude::{Owner, RwSignal};

    #[test]
    fn a_title_can_be_read_where_no_page_is_rendered() {
        let title = Owner::new().with(|| form_title("Sign in", RwSignal::new(Vec::new())));
        assert_eq!(std::thread::spawn(title).join().unwrap(), "Sign in");
    }
}
