//! The server that a link goes to.

use heapless::String;

use super::server::ServerError;
use crate::bytes::is_name;
use crate::text::{Overflow, append};

/// Longest host name, as in DNS (RFC 1035, 2.3.4, without the trailing dot).
pub const HOST_MAX: usize = 253;

/// The server to open a link to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name, or an address in text form.
    pub host: String<HOST_MAX, u8>,
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
    pub(super) fn set(&mut self, pieces: &[&str], port: u16, tls: bool) -> Result<(), ServerError> {
        self.host.clear();
        append(&mut self.host, pieces).map_err(|Overflow| ServerError::Host)?;
        if !is_name(self.host.as_bytes(), HOST_MAX, b"-._:") {
            return Err(ServerError::Host);
        }
        (self.port, self.tls) = (port, tls);
        if port == 0 { Err(ServerError::Port) } else { Ok(()) }
    }
}
