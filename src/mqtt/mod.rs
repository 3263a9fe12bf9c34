//! One MQTT 3.1.1 session: handshake, window of unacknowledged messages, subscriptions, keepalive.
//!
//! Sections named in this folder are those of the OASIS standard "MQTT Version 3.1.1".

mod buffers;
mod careful;
mod connect;
#[cfg(test)]
mod differences;
mod inbox;
mod keepalive;
mod message;
mod outbox;
mod packet;
mod send_error;
mod session;
mod subscriptions;
mod suspects;

pub use buffers::{Buffers, RX_MIN, TX_MIN};
pub(crate) use careful::Cut;
pub use connect::Refusal;
pub(crate) use connect::{Connect, LoginTooLong};
pub(crate) use message::Message;
pub(crate) use outbox::BYTES_KEPT_BACK;
pub use outbox::WINDOW;

pub(crate) use packet::is_topic_name;
pub use packet::{PeerError, Qos};
pub use send_error::SendError;
pub(crate) use session::{Incoming, Sender, Session};
pub use subscriptions::FILTER_MAX;
pub use suspects::Sent;
