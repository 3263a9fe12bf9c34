//! Any MQTT 3.1.1 broker: host, port, client identifier, user name and password as given.

use super::{CredentialsError, Endpoint, Login, host};

/// A login that needs no signing.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Host name or address.
    pub host: &'a str,
    /// TCP port.
    pub port: u16,
    /// Whether the link must be verified TLS.
    pub tls: bool,
    /// Client identifier; may be empty only with a clean session (MQTT 3.1.1, section 3.1.3.1).
    pub client_id: &'a str,
    /// User name, if any.
    pub user_name: Option<&'a str>,
    /// Password, if any; MQTT 3.1.1 forbids one without a user name (section 3.1.2.9).
    pub password: Option<&'a [u8]>,
}

impl Credentials<'_> {
    /// Which server to log in to.
    pub fn endpoint(&self) -> Result<Endpoint, CredentialsError> {
        if self.port == 0 {
            return Err(CredentialsError::Port);
        }
        Ok(Endpoint { host: host(self.host)?, port: self.port, tls: self.tls })
    }

    /// The login as given.
    pub fn login(&self) -> Result<Login<'_>, CredentialsError> {
        if self.user_name.is_none() && self.password.is_some() {
            return Err(CredentialsError::UserName);
        }
        Ok(Login { client_id: self.client_id, user_name: self.user_name, password: self.password })
    }
}
