//! What a browser has, on the server: nothing happens.

use super::transport::{Incoming, Outgoing, Unreachable};
use std::future::{Ready, ready};
use zeroize::Zeroizing;

pub fn now() -> u64 {
    0
}

pub fn random_below(_: u64) -> u64 {
    0
}

pub fn fetch(_: &Outgoing, _: Option<&str>, _: &Abort, _: u32) -> Ready<Result<Incoming, Unreachable>> {
    ready(Err(Unreachable))
}

pub fn lock(_: &str) -> Ready<()> {
    ready(())
}

pub fn on_wake(_: impl Fn(bool) + 'static) {}

pub fn every_second(_: impl Fn() + 'static) {}

/// Tells tests and styles that the page has come alive.
pub fn mark_hydrated() {}

/// An attribute of the document's root element.
pub fn root_attribute(_: &str) -> Option<String> {
    None
}

/// Focuses the element with this id.
pub fn focus(_: &str) {}

/// Opens the dialog with this id above everything else. The focus goes into it, and back when it is closed.
pub fn open_dialog(_: &str) {}

/// Closes the dialog with this id, if it is open.
pub fn close_dialog(_: &str) {}

/// Hands the visitor a file of JSON.
pub fn download(_: &str, _: &str) {}

/// The present moment by the visitor's clock, in seconds since 1970 UTC.
pub fn unix_time() -> i64 {
    0
}

/// A moment in the visitor's own time and language.
pub fn local_date(_: i64) -> String {
    String::new()
}

/// The time of day of a moment in the visitor's own time and language.
pub fn local_time(_: i64) -> String {
    String::new()
}

/// A moment for machines (RFC 3339).
pub fn iso_date(_: i64) -> String {
    String::new()
}

pub struct Timer;

impl Timer {
    pub fn after(_: u64, _: impl FnOnce() + 'static) -> Self {
        Self
    }
}

#[derive(Clone)]
pub struct Abort;

impl Abort {
    pub fn new() -> Self {
        Self
    }
}

pub struct Channel;

#[expect(clippy::unused_self, reason = "the surface is the browser's")]
impl Channel {
    pub fn open(_: &str, _: impl Fn(Zeroizing<String>) + 'static) -> Option<Self> {
        None
    }

    pub fn post(&self, _: &str) {}
}
