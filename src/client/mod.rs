//! The browser half: the session, its tokens, and the calls that carry them (DESIGN section 6).
//!
//! What only a browser has stands behind one surface with two bodies: `browser`, and `inert` on the server, where
//! pages are rendered but nothing happens.

#[cfg_attr(feature = "hydrate", path = "browser.rs")]
#[cfg_attr(not(feature = "hydrate"), path = "inert.rs")]
mod platform;

mod driver;
mod held_token;
mod refresh;
mod session;
mod tabs;
pub mod transport;

pub use held_token::Ticket;
pub use platform::{
    close_dialog, download, focus, iso_date, local_date, local_time, mark_hydrated, now, open_dialog, root_attribute,
    unix_time,
};
pub use session::{Client, Session, provide_client, use_client};
