//! Whose server is it, and what does it want as a login?
//!
//! One file per cloud: it turns what the user has (a product key and a device secret, say) into an [`Endpoint`] and the
//! three texts of an MQTT CONNECT. Nothing here knows of sessions, sockets or time.

pub mod aliyun;
#[cfg(feature = "plain")]
pub mod plain;
mod sign;

use heapless::String;
pub use sign::SignMethod;
use sign::Signature;

use crate::bytes::have;
use crate::text::{Overflow, append};

/// Longest host name, as in DNS (RFC 1035, 2.3.4, without the trailing dot).
pub const HOST_MAX: usize = 253;

/// The server to open a link to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name, or an address in text form.
    pub host: String<HOST_MAX>,
    /// TCP port.
    pub port: u16,
    /// Whether the link must be TLS, with the chain and the host name verified.
    pub tls: bool,
}

impl Endpoint {
    /// Nowhere.
    pub(crate) const fn none() -> Self {
        Self { host: String::new(), port: 0, tls: true }
    }

    /// Points to the host whose name has these `pieces`, checked for length and characters.
    fn set(&mut self, pieces: &[&str], port: u16, tls: bool) -> Result<(), CredentialsError> {
        self.host.clear();
        append(&mut self.host, pieces).map_err(|Overflow| CredentialsError::Host)?;
        if !is_name(&self.host, HOST_MAX, b"-._:") {
            return Err(CredentialsError::Host);
        }
        (self.port, self.tls) = (port, tls);
        if port == 0 { Err(CredentialsError::Port) } else { Ok(()) }
    }
}

/// What an MQTT CONNECT says of the device (MQTT 3.1.1, section 3.1.3).
pub struct Login<'a> {
    /// Client identifier, in pieces.
    pub client_id: &'a [&'a [u8]],
    /// User name, in pieces, if the server wants one.
    pub user_name: Option<&'a [&'a [u8]]>,
    /// Password, if the server wants one.
    pub password: Option<&'a [u8]>,
}

/// A login that cannot be used, by the field at fault. In the order of the C ABI's statuses, which saves a table there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsError {
    /// `productKey` is missing, longer than 20 characters, or has a character outside `A-Z a-z 0-9`.
    ProductKey,
    /// `deviceName` is missing, longer than 32 characters, or has a character outside `A-Z a-z 0-9 - _ @ . :`.
    DeviceName,
    /// `deviceSecret` is missing, longer than 64 characters, or not printable ASCII.
    DeviceSecret,
    /// `region` is longer than 32 characters or has a character outside `a-z 0-9 -`.
    Region,
    /// `instanceId` is longer than 64 characters or has a character outside `A-Z a-z 0-9 - _`.
    InstanceId,
    /// The host is empty, longer than [`HOST_MAX`], or has a character that no host name has.
    Host,
    /// The port is 0.
    Port,
    /// The client identifier is empty, too long for the cloud, or has a character that it forbids.
    ClientId,
    /// The user name does not fit.
    UserName,
    /// The password does not fit.
    Password,
    /// The signing method is unknown, or was left out of this build.
    SignMethod,
    /// The keepalive is outside 30..=1200 seconds (Alibaba), or over 65,535.
    Keepalive,
    /// `productSecret` is missing, longer than 64 characters, or not printable ASCII.
    ProductSecret,
    /// `deviceToken` is empty, longer than 128 characters, or not printable ASCII.
    DeviceToken,
    /// The way to register is none of those there are.
    AuthType,
}

/// Whether `text` is `1..=max` printable ASCII characters: a secret, a token, or the name that goes with one.
pub(crate) fn is_printable(text: &[u8], max: usize) -> bool {
    !text.is_empty() && text.len() <= max && text.iter().all(u8::is_ascii_graphic)
}

/// Whether every byte of `text` is a letter, a digit or in `also`, and its length is within `1..=max`.
fn is_name(text: &str, max: usize, also: &[u8]) -> bool {
    !text.is_empty() && text.len() <= max && text.bytes().all(|b| b.is_ascii_alphanumeric() || have(also, b))
}
