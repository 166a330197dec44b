//! What both halves speak: wire types, error codes, parsers and paths. No cfg, no I/O.

pub mod code;
pub mod email;
pub mod end_reason;
pub mod event_kind;
pub mod password;
pub mod paths;
pub mod problem;
pub mod role;
pub mod wire;
mod words;

pub use code::Code;
pub use email::Email;
pub use end_reason::EndReason;
pub use event_kind::EventKind;
pub use password::{NewPassword, PasswordFlaw};
pub use problem::Problem;
pub use role::Role;
