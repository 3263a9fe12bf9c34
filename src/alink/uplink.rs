//! The way up: what a service sends with.

use super::identity::Identity;
use super::request::Requests;
use crate::clouds::aliyun::PAYLOAD_MAX;
use crate::clouds::vendor::Account;
use crate::codec::template::{Value, fill};
use crate::mqtt::{SendError, Sender, Session};

/// The session, and who the device is in it.
pub(crate) struct Uplink<'u, 'b> {
    /// The MQTT session.
    pub(crate) session: &'u mut Session<'b>,
    /// The device.
    pub(crate) identity: &'u Identity,
    /// The login to a vendor cloud, if it is one.
    pub(crate) account: &'u Account,
    /// The requests.
    pub(crate) requests: &'u mut Requests,
    /// The device's random number.
    #[allow(dead_code)] // Used by services that a build may leave out.
    pub(crate) seed: u32,
}

/// Publishes a [template](crate::codec::template) and its values on a topic in pieces.
pub(crate) fn publish(session: &mut Session, topic: &[&[u8]], text: &[Value]) -> Result<(), SendError> {
    send(&mut session.sender()?, topic, text)
}

/// The same for a message whose sender is given. All that services send goes through here, within the platform's limit.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn send(sender: &mut Sender, topic: &[&[u8]], text: &[Value]) -> Result<(), SendError> {
    let length = fill(&mut [], text);
    if length > PAYLOAD_MAX {
        return Err(SendError::Payload);
    }
    fill(sender.begin(topic, length)?, text);
    Ok(())
}
