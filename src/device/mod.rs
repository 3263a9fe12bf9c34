//! One device's life: ties login, link, session and services together.

mod connect;
#[allow(clippy::module_inception)]
mod device;
mod event;
mod link;
mod lost;
mod messages;
mod options;
mod progress;
#[cfg(feature = "register")]
mod register;
#[cfg(not(feature = "register"))]
#[path = "unregistered.rs"]
mod register;
mod status;

pub use connect::ConnectError;
pub use device::Device;
pub use event::{Event, Loss};
pub use link::LinkWanted;
pub use options::Options;
#[cfg(feature = "register")]
pub use register::{REGISTER_TRIES, RESPONSE_MAX};

pub use crate::mqtt::Buffers;
