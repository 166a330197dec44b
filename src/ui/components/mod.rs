//! Parts that more than one page uses.

pub mod asked;
pub mod busy_button;
pub mod change;
pub mod credential_form;
pub mod dialog;
pub mod error_summary;
pub mod event_list;
pub mod field;
pub mod heading;
pub mod moment;
pub mod session_list;
pub mod sign_out;
pub mod step_up;
pub mod ticket;
pub mod wait;
