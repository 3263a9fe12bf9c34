//! Any MQTT 3.1.1 broker: host, port, client identifier, user name and password as given.

use super::cloud::Cloud;
use super::endpoint::Endpoint;
use super::server::{Server, ServerError};
use crate::bytes::contains_byte;
use crate::codec::template::Value::Text;
use crate::codec::template::template;
use crate::mqtt::{Connect, LoginTooLong};

/// A login that needs no signing.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// Where to; the host must be given. The usual port is 8883 over TLS, else 1883.
    pub server: Server<'a>,
    /// Client identifier; may be empty only with a clean session (MQTT 3.1.1, section 3.1.3.1).
    pub client_id: &'a str,
    /// User name, if any.
    pub user_name: Option<&'a str>,
    /// Password, if any; MQTT 3.1.1 forbids one without a user name (section 3.1.2.9).
    pub password: Option<&'a [u8]>,
}

/// A login that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginError {
    /// The host is missing, longer than [`HOST_MAX`](super::HOST_MAX), or has a character that no host name has.
    Host,
    /// The port is 0.
    Port,
    /// The client identifier has a NUL, or is empty and the session is to be kept.
    ClientId,
    /// The user name has a NUL, or is missing beside a password.
    UserName,
    /// The login makes a CONNECT of over 512 bytes.
    TooLong,
}

impl From<ServerError> for LoginError {
    fn from(error: ServerError) -> Self {
        match error {
            ServerError::Host => Self::Host,
            ServerError::Port => Self::Port,
        }
    }
}

impl Cloud for Login<'_> {
    type Error = LoginError;

    fn resolve(&self, _: u16, is_clean: bool, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let Server { host, port, tls } = self.server;
        let usual_port = if tls { 8883 } else { 1883 };
        endpoint.set(&[host.unwrap_or_default()], port.unwrap_or(usual_port), tls)?;
        // A text has no NUL (section 1.5.3).
        if contains_byte(self.client_id.as_bytes(), 0) || self.client_id.is_empty() && !is_clean {
            return Err(LoginError::ClientId);
        }
        let is_wrong = |name: &str| contains_byte(name.as_bytes(), 0);
        if self.user_name.map_or(self.password.is_some(), is_wrong) { Err(LoginError::UserName) } else { Ok(()) }
    }

    fn write(&self, _: u32, connect: &mut Connect) -> Result<(), LoginError> {
        connect.client_id(&[template!("%"), Text(self.client_id.as_bytes())]);
        if let Some(name) = self.user_name {
            connect.user_name(&[template!("%"), Text(name.as_bytes())]);
        }
        if let Some(password) = self.password {
            connect.password(password);
        }
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }
}
