//! Parts that more than one page uses.

pub mod busy_button;
pub mod credential_form;
pub mod error_summary;
pub mod field;
pub mod heading;
pub mod sign_out;
pub mod ticket;
pub mod wait;
