//! Any MQTT 3.1.1 broker: host, port, client identifier, user name and password as given.

use super::{CredentialsError, Endpoint, Login};
use crate::bytes::have;

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
    /// Has `endpoint` be the server to log in to.
    pub(crate) fn find(&self, endpoint: &mut Endpoint) -> Result<(), CredentialsError> {
        endpoint.set(&[self.host], self.port, self.tls)
    }

    /// Hands the login as given to `use_it`.
    pub(crate) fn login<R>(&self, use_it: impl FnOnce(Login<'_>) -> R) -> Result<R, CredentialsError> {
        // A text has no NUL (section 1.5.3).
        if have(self.client_id.as_bytes(), 0) {
            return Err(CredentialsError::ClientId);
        }
        let user_name = self.user_name.map(str::as_bytes);
        if user_name.map_or(self.password.is_some(), |name| have(name, 0)) {
            return Err(CredentialsError::UserName);
        }
        Ok(use_it(Login {
            client_id: &[self.client_id.as_bytes()],
            user_name: user_name.is_some().then_some(user_name.as_slice()),
            password: self.password,
        }))
    }
}
