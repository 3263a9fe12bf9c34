//! What a user may say of the server, whatever the cloud.

/// The server, as far as it differs from the cloud's usual one.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// Another host than the one that follows from the login.
    pub host: Option<&'a str>,
    /// Another port than the usual one.
    pub port: Option<u16>,
    /// Verified TLS, or plain TCP: then anybody on the way can read and change all messages.
    pub tls: bool,
}

impl Server<'_> {
    /// The usual one, over TLS.
    pub const fn usual() -> Self {
        Self { host: None, port: None, tls: true }
    }
}

/// A server that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerError {
    /// The host is empty, longer than [`HOST_MAX`](super::HOST_MAX), or has a character that no host name has.
    Host,
    /// The port is 0.
    Port,
}
