//! One device's life: ties login, link, session and services together.

mod connect;
#[allow(clippy::module_inception)]
mod device;
mod event;
mod link;
mod lost;
mod messages;
mod options;
mod own;
mod progress;
mod status;
#[cfg(test)]
mod tests;

pub use connect::ConnectError;
pub use device::Device;
pub use event::Event;
pub(crate) use event::Listener;
pub use options::Options;

pub use crate::http::RESPONSE_MAX;
pub use crate::link::{LinkId, LinkWanted, Loss};
pub use crate::mqtt::Buffers;
