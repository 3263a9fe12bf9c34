//! The type that has all the others.

use heapless::Deque;

use super::status::{Own, Status};
use crate::alink::{Identity, Requests, Uplink};
use crate::clouds::vendor::Account;
use crate::clouds::{Endpoint, Which};
use crate::http::Exchange;
use crate::link::Reconnect;
use crate::mqtt::{Buffers, Session};
use crate::services::{Parts, Services, accessors};

/// One device.
///
/// It does nothing by itself: call [`poll`](Self::poll) until it returns `None` whenever bytes have arrived, the link
/// has changed or the [`deadline`](Self::deadline) is reached, then send what [`to_send`](Self::to_send) gives.
// Small fields come first, in the order of C: a small processor has shorter instructions for the first bytes of a struct.
// Rust's own order takes 200 bytes more.
#[repr(C)]
pub struct Device<'b> {
    /// The session's link.
    pub(super) link: Reconnect,
    pub(super) own: Own,
    pub(super) was_online: bool,
    pub(super) cloud: Which,
    pub(super) seed: u32,
    /// Messages larger than the receive buffer, since `connect`.
    pub(super) dropped: u32,
    /// The other link.
    pub(super) http: Exchange<'b>,
    pub(super) statuses: Deque<Status, 4>,
    pub(super) requests: Requests,
    pub(super) services: Services<'b>,
    pub(super) session: Session<'b>,
    pub(super) endpoint: Endpoint,
    /// Who the device is, on a cloud with services.
    pub(super) identity: Option<Identity>,
    /// The login to a vendor cloud.
    pub(super) account: Account,
}

impl<'b> Device<'b> {
    /// A device at rest. `seed` is any random number: it spreads reconnects of many devices in time.
    ///
    /// `buffers.tx` should have at least 1 KiB: 384 bytes of it are kept for the session's own packets.
    #[inline(always)] // Or it is made on the stack first, and copied.
    pub fn new(buffers: Buffers<'b>, seed: u32) -> Self {
        Self {
            session: Session::new(buffers),
            link: Reconnect::new(seed),
            endpoint: Endpoint::none(),
            cloud: Which::Aliyun,
            identity: None,
            account: Account::none(),
            requests: Requests::new(seed),
            services: Services::new(),
            statuses: Deque::new(),
            seed,
            was_online: false,
            dropped: 0,
            http: Exchange::new(!seed),
            own: Own::Nothing,
        }
    }

    /// The services, and what they send with: none if the cloud has no such services.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn parts(&mut self) -> (&mut Services<'b>, Option<Uplink<'_, 'b>>, bool) {
        let is_started = self.stir();
        let Self { session, identity, account, requests, services, seed, .. } = self;
        let uplink = identity.as_ref().map(|identity| Uplink { session, identity, account, requests, seed: *seed });
        (services, uplink, is_started)
    }

    /// The services are used, which may change when they are to be polled. Returns whether the device is started.
    #[cfg_attr(target_os = "none", inline(never))]
    fn stir(&mut self) -> bool {
        self.session.stir();
        self.is_started()
    }

    /// The link is lost, as the services see it.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn services_link_down(&mut self) {
        self.requests.link_down();
        self.services.link_down();
    }

    /// The services, and what a call of one works with.
    fn service_parts(&mut self) -> (&mut Services<'b>, Parts<'_, 'b>) {
        let is_started = self.stir();
        let Self { session, identity, account, requests, services, seed, link, endpoint, http, .. } = self;
        (services, Parts { session, identity, account, requests, seed: *seed, is_started, link, endpoint, http })
    }

    #[inline(never)]
    pub(super) fn report(&mut self, status: Status) {
        // Four hold all that can happen between two polls.
        let _ = self.statuses.push_back(status);
    }
}

accessors!();
