//! Alink: how a device and Alibaba Cloud IoT Platform talk over MQTT.
//!
//! Who the device is (`Identity`), which topics are its own, the JSON envelope, message ids, and requests that are asked
//! again until their reply comes. What is said in all this is the services' ([`crate::services`]).

mod envelope;
mod error;
mod identifier;
mod identity;
mod request;
// The services that ask the platform may all be left out.
#[allow(dead_code)]
mod retry;
mod topic;
mod uplink;

pub(crate) use envelope::{Answer, answer, request};
pub use error::{PostError, Unavailable};
pub(crate) use identifier::is_identifier;
pub(crate) use identity::Identity;
pub use request::{NoReply, Reply};
pub(crate) use request::{REPLY_MS, Requests};
#[allow(unused_imports)]
pub(crate) use retry::{Action, Retry};
pub(crate) use topic::Route;
pub(crate) use uplink::{Uplink, publish, send};
