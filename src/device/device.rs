//! The type that has all the others.

use heapless::Deque;

#[cfg(feature = "register")]
use super::register;
use super::status::Status;
use crate::alink::{Identity, Uplink};
use crate::clouds::{Endpoint, Which};
use crate::link::Link;
use crate::mqtt::{Buffers, Session};
use crate::services::{Services, accessors};

/// One device.
///
/// It does nothing by itself: call [`poll`](Self::poll) until it returns `None` whenever bytes have arrived, the link
/// has changed or the [`deadline`](Self::deadline) is reached, then send what [`to_send`](Self::to_send) gives.
pub struct Device<'b> {
    pub(super) session: Session<'b>,
    pub(super) link: Link,
    pub(super) endpoint: Endpoint,
    pub(super) cloud: Which,
    /// Who the device is, on a cloud with services.
    pub(super) identity: Option<Identity>,
    pub(super) services: Services<'b>,
    pub(super) statuses: Deque<Status, 4>,
    pub(super) seed: u32,
    pub(super) was_online: bool,
    /// Messages larger than the receive buffer, since `connect`.
    pub(super) dropped: u32,
    #[cfg(feature = "register")]
    pub(super) registration: register::Phase,
}

impl<'b> Device<'b> {
    /// A device at rest. `seed` is any random number: it spreads reconnects of many devices in time.
    ///
    /// `buffers.tx` should have at least 1 KiB: 384 bytes of it are kept for the session's own packets.
    #[inline(never)] // Inlined, it takes its size in stack again.
    pub fn new(buffers: Buffers<'b>, seed: u32) -> Self {
        Self {
            session: Session::new(buffers),
            link: Link::new(seed),
            endpoint: Endpoint::none(),
            cloud: Which::Aliyun,
            identity: None,
            services: Services::new(),
            statuses: Deque::new(),
            seed,
            was_online: false,
            dropped: 0,
            #[cfg(feature = "register")]
            registration: register::Phase::idle(),
        }
    }

    /// The services, and what they send with: none if the cloud has no such services.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(super) fn parts(&mut self) -> (&mut Services<'b>, Option<Uplink<'_, 'b>>, bool) {
        let is_started = self.is_started();
        let Self { session, identity, services, seed, .. } = self;
        (services, identity.as_mut().map(|identity| Uplink { session, identity, seed: *seed }), is_started)
    }

    #[inline(never)]
    pub(super) fn report(&mut self, status: Status) {
        // Four hold all that can happen between two polls.
        let _ = self.statuses.push_back(status);
    }
}

accessors!();
