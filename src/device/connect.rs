//! The beginning and the end of a device's life: connect, close.

use super::status::{Own, Status};
use super::{Device, Options};
use crate::alink::{Identity, Requests};
use crate::clouds::{Login, LoginError};
use crate::link::LinkId;
use crate::services::Services;
use crate::time::Instant;

/// A connect that was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectError {
    /// The login cannot be used.
    Login(LoginError),
    /// The device is connected, or connecting, already.
    AlreadyConnected,
}

impl<E: Into<LoginError>> From<E> for ConnectError {
    fn from(error: E) -> Self {
        Self::Login(error.into())
    }
}

impl Device<'_> {
    /// Connects to the cloud that `login` is for, and again whenever the session is lost, until [`close`](Self::close).
    pub fn connect<'l>(
        &mut self,
        login: impl Into<Login<'l>>,
        options: Options,
        now: Instant,
    ) -> Result<(), ConnectError> {
        let login = login.into();
        self.must_be_off()?;
        let Options { keepalive, clean_session, offline_queue, .. } = options;
        self.cloud = login.resolve(keepalive, clean_session, &mut self.endpoint)?;
        self.session.reset();
        self.account.forget();
        self.account.advance(now);
        let moment = self.account.moment(self.seed, now);
        let services = !options.without_services;
        login.write(moment, services, self.session.configure(keepalive, clean_session, offline_queue))?;
        let names = if services { login.names() } else { None };
        login.keep(&mut self.account, names.is_some().then_some(&mut self.session))?;
        self.start(names, options.connect_timeout, now);
        Ok(())
    }

    /// Sets the wall clock: milliseconds since 1970-01-01 00:00 UTC. Most vendor clouds have each login signed with the time,
    /// so they need it before [`connect`](Self::connect), and a good one whenever a link is opened. Without such clouds in the
    /// build nothing happens.
    pub fn set_clock(&mut self, unix_ms: u64, now: Instant) {
        self.account.set_clock(unix_ms, now);
    }

    /// Whether the login that the device has is signed with the time.
    pub fn signs_time(&self) -> bool {
        let is_known = self.account.last_moment(self.seed).is_known();
        is_known && self.account.vendor().is_some_and(|(brand, login)| brand.signs_known_time(&login))
    }

    pub(super) fn must_be_off(&mut self) -> Result<(), ConnectError> {
        // A callback may connect at once when it hears of the end of a registration.
        if Services::HAS_LINKS && matches!(self.own, Own::Reported) {
            self.drop_own_session();
        }
        if self.link.is_off() && !self.owns(LinkId::Session) { Ok(()) } else { Err(ConnectError::AlreadyConnected) }
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn start(&mut self, names: Option<[&[u8]; 2]>, connect_timeout: u32, now: Instant) {
        self.identity = names.and_then(Identity::new);
        self.requests = Requests::new(self.seed);
        self.services.start();
        self.was_online = false;
        self.dropped = 0;
        self.link.start(connect_timeout, now);
    }

    /// Sends what waits and a DISCONNECT, waits for the server to close the link, and stays off. Takes two seconds at
    /// most and ends with [`Event::Closed`](super::Event::Closed); `false` if the device is off already.
    pub fn close(&mut self, now: Instant) -> bool {
        let had_http = self.drop_http();
        if self.has_reply() {
            self.shut();
            return true;
        }
        if self.link.is_off() {
            if had_http {
                self.report(Status::Closed);
            }
            return had_http;
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

    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn say_goodbye(&mut self) {
        if self.session.is_online() {
            self.session.disconnect();
        } else {
            self.shut();
        }
    }

    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn shut(&mut self) {
        self.link.stop();
        self.drop_own_session();
        self.session.reset();
        self.account.forget();
        self.services_link_down();
        self.report(Status::Closed);
    }

    /// Whether [`connect`](Self::connect) was called, and not [`close`](Self::close).
    #[cfg_attr(target_os = "none", inline(never))]
    pub fn is_started(&self) -> bool {
        !self.link.is_off() && !self.link.is_closing() && !self.owns(LinkId::Session)
    }

    /// Whether the session is up.
    pub fn is_online(&self) -> bool {
        self.session.is_online() && self.is_started()
    }
}
