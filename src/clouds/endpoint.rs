//! The server that a link goes to.

use heapless::Vec;

use super::server::{Server, WrongHost};
use crate::bytes::is_name;

/// Longest host name, as in DNS (RFC 1035, 2.3.4, without the trailing dot).
pub const HOST_MAX: usize = 253;

/// The server to open a link to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name, or an address in text form.
    pub host: Vec<u8, HOST_MAX, u8>,
    /// TCP port.
    pub port: u16,
    /// Whether the link must be TLS, with the chain and the host name verified.
    pub tls: bool,
}

impl Endpoint {
    /// Nowhere.
    pub(crate) const fn none() -> Self {
        Self { host: Vec::new(), port: 0, tls: true }
    }

    /// Points to `server`. Its usual host is the one whose name has these `pieces`. The name is checked for length and
    /// characters.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn set(&mut self, server: &Server, pieces: &[&[u8]], usual_port: u16) -> Result<(), WrongHost> {
        let given;
        let pieces = match server.host {
            Some(host) => {
                given = [host];
                &given
            }
            None => pieces,
        };
        self.host.clear();
        for piece in pieces {
            self.host.extend_from_slice(piece).map_err(|_| WrongHost)?;
        }
        if !is_name(&self.host, HOST_MAX, b"-._:") {
            return Err(WrongHost);
        }
        self.port = if server.port == 0 { usual_port } else { server.port };
        self.tls = !server.without_tls;
        Ok(())
    }
}
