//! The connections that a port holds open for a device.

use crate::text::Text;

/// One of the links of a device. Each has a connection of its own, which comes and goes without the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum LinkId {
    /// The MQTT session.
    Session,
    /// HTTP requests.
    Http,
}

impl LinkId {
    /// All links.
    pub const ALL: [Self; 2] = [Self::Session, Self::Http];
}

/// The connection that a device wants on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkWanted<'a> {
    /// None: close it if it is open.
    Closed,
    /// This one: if the open one is of another attempt, close that and open this.
    Open {
        /// Number of the attempt on this link.
        attempt: u16,
        /// Host name, or an address in text form.
        host: Text<'a>,
        /// TCP port.
        port: u16,
        /// Whether the link must be TLS, with the chain and the host name verified.
        tls: bool,
    },
}
