//! What a login to a vendor cloud can have wrong, and why a message to one is not sent.

use crate::clouds::WrongHost;
use crate::codec::json::JsonError;
use crate::mqtt::SendError;

/// A login that cannot be used, by the field at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum LoginError {
    /// This build has no such cloud.
    Vendor,
    /// The host is longer than [`HOST_MAX`](crate::clouds::HOST_MAX), or has a character that no host name has.
    Host,
    /// The keepalive is outside the range of the cloud.
    Keepalive,
    /// `client_id` has a wrong length or a character that the cloud forbids.
    ClientId,
    /// `product_id` is missing, too long, or has a character that the cloud forbids.
    ProductId,
    /// `device_name` is missing, too long, or has a character that the cloud forbids.
    DeviceName,
    /// `device_secret` is missing, too long, or not in the cloud's encoding.
    DeviceSecret,
    /// `product_secret` is missing, too long, or not in the cloud's encoding.
    ProductSecret,
    /// The cloud has no such signing method, or this build leaves it out.
    SignMethod,
    /// The cloud has no such region, or its name is too long.
    Region,
    /// `instance_id` is missing, too long, or has a character that the cloud forbids.
    InstanceId,
    /// `service_id` is too long or has a character that the cloud forbids.
    ServiceId,
    /// The cloud has no login with a certificate.
    Certificate,
    /// The clock is not set, and the signature covers the time.
    Clock,
    /// The cloud has no registration that a device can make, or this build leaves it out.
    Registration,
    /// `user_id` is missing, too long, or has a character that the cloud forbids.
    UserId,
    /// `user_key` is missing, too long, or not in the cloud's encoding.
    UserKey,
    /// `project_id` is missing, too long, or has a character that the cloud forbids.
    ProjectId,
    /// `iam_user` is missing, too long, or has a control character.
    IamUser,
    /// `iam_password` is missing, too long, or has a control character.
    IamPassword,
    /// `iam_domain` is missing, too long, or has a control character.
    IamDomain,
    /// The buffer for subscriptions cannot hold those of the cloud.
    Subscriptions,
    /// The login is longer than the device can keep, or makes a CONNECT of over 512 bytes.
    TooLong,
}

impl From<WrongHost> for LoginError {
    fn from(WrongHost: WrongHost) -> Self {
        Self::Host
    }
}

/// Why a message is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotSent {
    /// The cloud has nothing of the kind.
    Lacks,
    /// The login has no `service_id`, and these properties need one.
    ServiceId,
    /// A text is not the JSON that the cloud needs.
    Json(JsonError),
    /// It could not be sent.
    Send(SendError),
}

impl From<SendError> for NotSent {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}

impl From<JsonError> for NotSent {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}
