//! What a login or a registration can have wrong.

use crate::clouds::WrongHost;

/// A login or a registration that cannot be used, by the field at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum LoginError {
    /// The host is empty, longer than [`HOST_MAX`](crate::clouds::HOST_MAX), or has a character that no host name has.
    Host,
    /// The client identifier is empty, over 64 characters, or has a character that the platform forbids; or there is none,
    /// and a device token needs the one that it came with.
    ClientId,
    /// The keepalive is outside 30..=1200 seconds.
    Keepalive,
    /// `product_key` is missing, longer than 20 characters, or has a character outside `A-Z a-z 0-9`.
    ProductKey,
    /// `device_name` is missing, longer than 32 characters, or has a character outside `A-Z a-z 0-9 - _ @ . :`.
    DeviceName,
    /// `device_secret` is missing, longer than 64 characters, or not printable ASCII.
    DeviceSecret,
    /// `device_token` is empty, longer than 128 characters, or not printable ASCII.
    DeviceToken,
    /// `region` is longer than 32 characters or has a character outside `A-Z a-z 0-9 -`.
    Region,
    /// `instance_id` is longer than 64 characters or has a character outside `A-Z a-z 0-9 - _`.
    InstanceId,
    /// The signing method is unknown, or was left out of this build.
    SignMethod,
    /// `product_secret` is missing, longer than 64 characters, or not printable ASCII.
    ProductSecret,
    /// The way to register is not one of the platform's.
    AuthType,
}

impl From<WrongHost> for LoginError {
    fn from(WrongHost: WrongHost) -> Self {
        Self::Host
    }
}
