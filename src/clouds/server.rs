//! What a user may say of the server, whatever the cloud.

/// The server, as far as it differs from the cloud's usual one. The layout is that of `aliyun_iot_server`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Server<'a> {
    /// Another host than the one that follows from the login.
    pub host: Option<&'a [u8]>,
    /// Another port than the usual one; 0 for the usual one.
    pub port: u16,
    /// Plain TCP in place of verified TLS: then anybody on the way can read and change all messages.
    pub without_tls: bool,
}

impl Server<'_> {
    /// The usual one, over TLS.
    pub const fn usual() -> Self {
        Self { host: None, port: 0, without_tls: false }
    }
}

/// The host is missing, longer than [`HOST_MAX`](super::HOST_MAX), or has a character that no host name has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongHost;
