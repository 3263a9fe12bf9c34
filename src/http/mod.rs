//! HTTP beside the MQTT session: one request and its response, on a link of its own.
//!
//! The contract with the port is that of a session: bytes in, bytes out, and a deadline.

mod exchange;
mod request;

pub(crate) use exchange::{Exchange, Progress};
pub use request::RESPONSE_MAX;
#[allow(unused_imports)] // Used by services that a build may leave out.
pub(crate) use request::{Following, Request};
