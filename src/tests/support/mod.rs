//! What the tests stand on: the application over a clock, a generator and a folder of its own, and its callers.

mod answer;
mod app;
mod call;
mod certificate;
mod counting_store;
mod forge;
mod jar;
mod parameters;
mod postgres;
mod process;
mod redis;
mod socket;
mod tunnel;
mod user;

pub use answer::Answer;
pub use app::TestApp;
pub use call::{Call, HOST, ORIGIN};
pub use certificate::Certificate;
pub use counting_store::{CountingStore, MAD, Mood};
pub use forge::{Forger, private_half, segments, signing_key};
pub use jar::{Jar, SetCookie};
pub use parameters::{ManualClock, START, SeededEntropy, days, hours, minutes, secs};
pub use postgres::PostgresDatabase;
pub use process::{ServerProcess, free_address};
pub use redis::RedisServer;
pub use socket::{Reply, Socket, TestServer, request_text};
pub use tunnel::Tunnel;
pub use user::{PASSWORD, User};
