//! Any MQTT 3.1.1 broker: host, port, client identifier, user name and password as given.

use super::cloud::Cloud;
use super::endpoint::Endpoint;
use super::moment::Moment;
use super::server::{Server, WrongHost};
use crate::bytes::contains_byte;
use crate::codec::template::Value::Text;
use crate::codec::template::template;
use crate::mqtt::{Connect, LoginTooLong};

/// A login that needs no signing. The layout is that of `aliyun_iot_plain_login`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Login<'a> {
    /// Where to; the host must be given. The usual port is 8883 over TLS, else 1883.
    pub server: Server<'a>,
    /// Client identifier; may be empty only with a clean session (MQTT 3.1.1, section 3.1.3.1).
    pub client_id: Option<&'a [u8]>,
    /// User name, if any.
    pub user_name: Option<&'a [u8]>,
    /// Password, if any; MQTT 3.1.1 forbids one without a user name (section 3.1.2.9).
    pub password: Option<&'a [u8]>,
}

/// A login that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginError {
    /// The host is missing, longer than [`HOST_MAX`](super::HOST_MAX), or has a character that no host name has.
    Host,
    /// The client identifier has a NUL, or is empty and the session is to be kept.
    ClientId,
    /// The user name has a NUL, or is missing beside a password.
    UserName,
    /// The login makes a CONNECT of over 512 bytes.
    TooLong,
}

impl From<WrongHost> for LoginError {
    fn from(WrongHost: WrongHost) -> Self {
        Self::Host
    }
}

impl Cloud for Login<'_> {
    type Error = LoginError;

    fn resolve(&self, _: u16, is_clean: bool, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        endpoint.set(&self.server, &[], if self.server.without_tls { 1883 } else { 8883 })?;
        // A text is UTF-8 and has no NUL (section 1.5.3).
        let is_wrong = |text: &[u8]| contains_byte(text, 0) || crate::text::Text::read(text).is_none();
        let client_id = self.client_id.unwrap_or_default();
        if is_wrong(client_id) || client_id.is_empty() && !is_clean {
            return Err(LoginError::ClientId);
        }
        if self.user_name.map_or(self.password.is_some(), is_wrong) { Err(LoginError::UserName) } else { Ok(()) }
    }

    fn write(&self, _: Moment, _: bool, connect: &mut Connect) -> Result<(), LoginError> {
        connect.client_id(&[template!("%"), Text(self.client_id.unwrap_or_default())]);
        if let Some(name) = self.user_name {
            connect.user_name(&[template!("%"), Text(name)]);
        }
        if let Some(password) = self.password {
            connect.password(password);
        }
        connect.finish().map_err(|LoginTooLong| LoginError::TooLong)
    }
}
