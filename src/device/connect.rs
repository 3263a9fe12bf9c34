//! The beginning and the end of a device's life: connect, close.

use super::status::Status;
use super::{Device, Options};
use crate::alink::Identity;
#[cfg(feature = "plain")]
use crate::clouds::plain;
use crate::clouds::{CredentialsError, Login, aliyun};
use crate::mqtt::{Connect, LoginTooLong};
use crate::services::Services;
use crate::time::Instant;

/// Seconds of keepalive that Alibaba's platform takes (help.aliyun.com document 73742).
const KEEPALIVE: core::ops::RangeInclusive<u16> = 30..=1200;

/// A connect that was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// The login cannot be used.
    Credentials(CredentialsError),
    /// The device is connected, or connecting, already.
    AlreadyConnected,
}

impl From<CredentialsError> for ConnectError {
    fn from(error: CredentialsError) -> Self {
        Self::Credentials(error)
    }
}

impl Device<'_> {
    /// Connects to Alibaba Cloud IoT Platform, and again whenever the session is lost, until [`close`](Self::close).
    pub fn connect(
        &mut self,
        credentials: &aliyun::Credentials,
        options: Options,
        now: Instant,
    ) -> Result<(), ConnectError> {
        self.must_be_off()?;
        if !KEEPALIVE.contains(&options.keepalive) {
            return Err(CredentialsError::Keepalive.into());
        }
        credentials.find(&mut self.endpoint)?;
        let identity = Identity::new(credentials.product_key, credentials.device_name, self.seed);
        let session = &mut self.session;
        session.reset();
        let Options { keepalive, clean_session, offline_queue, .. } = options;
        credentials
            .login(|login| write_login(login, session.configure(keepalive, clean_session, offline_queue)))
            .map_err(|LoginTooLong| CredentialsError::ClientId)?;
        self.start(identity, options.connect_timeout, now);
        Ok(())
    }

    /// Connects to any MQTT 3.1.1 broker: the same session, without the platform's services.
    #[cfg(feature = "plain")]
    pub fn connect_plain(
        &mut self,
        credentials: &plain::Credentials,
        options: Options,
        now: Instant,
    ) -> Result<(), ConnectError> {
        self.must_be_off()?;
        credentials.find(&mut self.endpoint)?;
        if credentials.client_id.is_empty() && !options.clean_session {
            return Err(CredentialsError::ClientId.into());
        }
        let session = &mut self.session;
        session.reset();
        let Options { keepalive, clean_session, offline_queue, .. } = options;
        credentials
            .login(|login| write_login(login, session.configure(keepalive, clean_session, offline_queue)))?
            .map_err(|LoginTooLong| CredentialsError::Password)?;
        self.start(None, options.connect_timeout, now);
        Ok(())
    }

    pub(super) fn must_be_off(&mut self) -> Result<(), ConnectError> {
        self.forget_answer();
        if self.link.is_off() && !self.is_registering() { Ok(()) } else { Err(ConnectError::AlreadyConnected) }
    }

    pub(super) fn start(&mut self, identity: Option<Identity>, connect_timeout: u32, now: Instant) {
        self.identity = identity;
        self.services = Services::new();
        self.was_online = false;
        self.dropped = 0;
        self.link.start(connect_timeout, now);
    }

    /// Sends what waits and a DISCONNECT, waits for the server to close the link, and stays off. Takes two seconds at
    /// most and ends with [`Event::Closed`](super::Event::Closed); `false` if the device is off already.
    pub fn close(&mut self, now: Instant) -> bool {
        // Over HTTP the answer to a registration may be here when the link is gone.
        if self.link.is_off() && !self.is_registering() {
            return false;
        }
        if self.has_answer() {
            self.shut();
            return true;
        }
        if !self.link.is_closing() {
            if let (services, Some(mut uplink), _) = self.parts() {
                services.closing(&mut uplink);
            }
            self.link.closing(now);
            // Nothing may follow a DISCONNECT (MQTT 3.1.1, section 3.14.4): a message in use is finished first.
            if !self.session.is_in_use() {
                self.say_goodbye();
            }
        }
        true
    }

    pub(super) fn say_goodbye(&mut self) {
        if self.session.is_online() {
            self.session.disconnect();
        } else {
            self.shut();
        }
    }

    pub(super) fn shut(&mut self) {
        self.link.stop();
        self.drop_registration();
        self.session.reset();
        self.services.link_down();
        self.report(Status::Closed);
    }

    /// Whether [`connect`](Self::connect) was called, and not [`close`](Self::close).
    pub fn is_started(&self) -> bool {
        !self.link.is_off() && !self.link.is_closing() && !self.is_registering()
    }

    /// Whether the session is up.
    pub fn is_online(&self) -> bool {
        self.session.is_online() && self.is_started()
    }
}

/// Writes `login` into the CONNECT packet.
pub(super) fn write_login(login: Login<'_>, connect: &mut Connect) -> Result<(), LoginTooLong> {
    connect.client_id(login.client_id);
    if let Some(name) = login.user_name {
        connect.user_name(name);
    }
    if let Some(password) = login.password {
        connect.password(password);
    }
    connect.finish()
}
