//! Sign-up, sign-in, refresh and sign-out, through the router.

mod access_token;
mod login;
mod logout;
mod me;
mod passwords;
mod refresh_cookie;
mod register;
mod replay;
mod roles;
mod rotation;
mod several_cookies;
