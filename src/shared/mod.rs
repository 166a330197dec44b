//! What both halves speak: wire types, error codes, parsers and paths. No cfg, no I/O.

pub mod code;
pub mod email;
pub mod end_reason;
pub mod password;
pub mod paths;
pub mod problem;
pub mod role;
pub mod wire;

pub use code::Code;
pub use email::Email;
pub use end_reason::EndReason;
pub use password::{NewPassword, PasswordFlaw};
pub use problem::Problem;
pub use role::Role;
