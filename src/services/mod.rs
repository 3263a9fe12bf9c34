//! The services of the platform: what a device says, and what is said to it.
//!
//! One file per service: its topics, messages, deadlines and retries, its events, its calls and its tests. The list below
//! is all else that a service takes here.

mod routes;
mod service;

use routes::{seconds, size, table};
pub use service::Handle;
pub(crate) use service::{Delivery, Parts};
use service::{Downlink, Report, Service};

use crate::alink::{Identity, Requests, Route, Uplink};
use crate::bytes::any;
use crate::clouds::vendor::Received;
use crate::http::Following;
use crate::link::{LinkId, Loss};
use crate::time::{Earliest, Instant};

static SYS: [u8; size(ROUTES, true)] = table(ROUTES, true);
static OTHERS: [u8; size(ROUTES, false)] = table(ROUTES, false);
/// MicroPython's linker for native modules finds no place for a static without a byte, which this is without services.
const OTHERS_IF_ANY: &[u8] = if OTHERS.is_empty() { &[] } else { &OTHERS };
const SECONDS: u32 = seconds(&table::<{ size(ROUTES, false) }>(ROUTES, false));

/// Makes everything that knows all services. `$module` is the name of the file and of the accessor, `$Type` that of the
/// state in it and of the variant here, `$Event` what it reports.
macro_rules! services {
    (<$a:lifetime, $b:lifetime> $($(#[$cfg:meta])* $module:ident: $Type:ident $(<$life:lifetime>)? => $Event:ty;)*) => {
        $($(#[$cfg])* pub mod $module;)*

        /// The state of each service.
        pub(crate) struct Services<$b> {
            $($(#[$cfg])* pub(crate) $module: $module::$Type $(<$life>)?,)*
            /// A service may hold memory of the caller's.
            memory: core::marker::PhantomData<&$b mut [u8]>,
        }

        /// Something that a service reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Event<$a> {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                $(#[$cfg])*
                $Type($Event),
            )*
        }

        $(
            $(#[$cfg])*
            impl<$a, L: Listener> Report<$Event> for Reports<'_, L> {
                #[inline(always)]
                fn report(self, event: $Event) {
                    self.0.on_service(Event::$Type(event));
                }
            }
        )*

        /// A service by its place in the list.
        #[derive(Clone, Copy)]
        enum Which {
            $($(#[$cfg])* $Type,)*
        }

        /// Where messages come in, and for which service.
        const ROUTES: &[(u8, &[Route])] = &[
            $($(#[$cfg])* (Which::$Type as u8, <$module::$Type as Service>::ROUTES),)*
        ];

        impl Services<'_> {
            /// Whether there are services with links of their own.
            pub(crate) const HAS_LINKS: bool = any(&[$($(#[$cfg])* <$module::$Type as Service>::HAS_LINKS,)*]);

            /// Whether a request of such a service may be followed by another one.
            pub(crate) const HAS_FOLLOWING: bool = any(&[$($(#[$cfg])* <$module::$Type as Service>::HAS_FOLLOWING,)*]);

            /// Services that have nothing to do.
            #[inline(always)] // Or they are made on the stack first, and copied.
            pub(crate) fn new() -> Self {
                Self { $($(#[$cfg])* $module: Service::new(),)* memory: core::marker::PhantomData }
            }

            /// Another session begins.
            pub(crate) fn start(&mut self) {
                $($(#[$cfg])* self.$module.start();)*
            }

            /// The link that is a service's alone.
            pub(crate) fn own_link(&self) -> Option<LinkId> {
                let link = None;
                $($(#[$cfg])* let link = link.or(self.$module.own_link());)*
                link
            }

            /// Gives a message in that session to the service; `None` if it is not for it.
            pub(crate) fn on_reply(&mut self, topic: &[u8], names: &[u8], payload: &mut [u8]) -> Option<Result<(), Loss>> {
                $(
                    $(#[$cfg])*
                    if self.$module.own_link().is_some() {
                        return self.$module.on_reply(topic, names, payload);
                    }
                )*
                None
            }

            /// Gives an HTTP response on that link to the service.
            pub(crate) fn on_response(&mut self, status: u16, note: &[u8], body: &mut [u8]) -> Result<(), Loss> {
                $(
                    $(#[$cfg])*
                    if self.$module.own_link().is_some() {
                        return self.$module.on_response(status, note, body);
                    }
                )*
                Err(Loss::Answer)
            }

            /// The request that follows on a successful response on that link.
            pub(crate) fn following(&self) -> Option<Following> {
                $(
                    $(#[$cfg])*
                    if Self::HAS_FOLLOWING && self.$module.own_link().is_some() {
                        return self.$module.following();
                    }
                )*
                None
            }

            /// That request is under way.
            pub(crate) fn followed(&mut self) {
                $(
                    $(#[$cfg])*
                    if self.$module.own_link().is_some() {
                        self.$module.followed();
                    }
                )*
            }

            /// An attempt at that link has failed. Returns whether it was the last one.
            pub(crate) fn on_attempt_failed(&mut self, loss: Loss) -> bool {
                $(
                    $(#[$cfg])*
                    if self.$module.own_link().is_some() {
                        return self.$module.on_attempt_failed(loss);
                    }
                )*
                false
            }

            /// Reports the end of that link; see [`Service::report_end`].
            pub(crate) fn report_end(&mut self, payload: &mut [u8], listener: &mut impl Listener) {
                $(
                    $(#[$cfg])*
                    if self.$module.own_link().is_some() {
                        return self.$module.report_end(payload, Reports(listener));
                    }
                )*
            }

            /// That link is no more.
            pub(crate) fn close_link(&mut self) {
                $($(#[$cfg])* self.$module.close_link();)*
            }

            /// The link is lost.
            #[cfg_attr(target_os = "none", inline(never))]
            pub(crate) fn link_down(&mut self) {
                $($(#[$cfg])* self.$module.link_down();)*
            }

            /// The device closes.
            pub(crate) fn closing(&mut self, uplink: &mut Uplink) {
                $($(#[$cfg])* self.$module.closing(uplink);)*
            }

            /// When to [`poll`](Self::poll), on a link with a session or without one.
            pub(crate) fn deadline(&self, is_online: bool, now: Instant, earliest: &mut Earliest) {
                $($(#[$cfg])* self.$module.deadline(is_online, now, earliest);)*
            }

            /// Has each service go on until one reports an event; `false` when all is done for now.
            pub(crate) fn poll(&mut self, uplink: &mut Uplink, now: Instant, listener: &mut impl Listener) -> bool {
                $($(#[$cfg])* if self.$module.poll(uplink, now, Reports(listener)) { return true; })*
                false
            }

            /// Gives the message on `topic` to the service whose route it took.
            #[cfg_attr(target_os = "none", inline(never))]
            pub(crate) fn on_message(
                &mut self,
                identity: &Identity,
                requests: &mut Requests,
                topic: &[u8],
                payload: &mut [u8],
                now: Instant,
                listener: &mut impl Listener,
            ) -> Delivery {
                let Some((which, route, rest)) = routes::find(&SYS, OTHERS_IF_ANY, SECONDS, identity, topic) else { return Delivery::Other };
                let message = Downlink { identity, topic, route, rest, payload };
                match which {
                    $($(#[$cfg])* which if which == Which::$Type as u8 => self.$module.on_message(message, requests, now, Reports(listener)),)*
                    _ => Delivery::Other,
                }
            }

            /// Gives a message of a vendor cloud to the service that it is for.
            pub(crate) fn on_received(
                &mut self,
                mut received: Received,
                requests: &mut Requests,
                now: Instant,
                listener: &mut impl Listener,
            ) -> Delivery {
                $(
                    $(#[$cfg])*
                    match self.$module.on_received(&mut received, requests, now, Reports(listener)) {
                        Delivery::Other => {}
                        delivery => return delivery,
                    }
                )*
                // It is to something that the user has sent, or for a service that this build leaves out.
                Delivery::Other
            }

            /// The server has acknowledged a message at QoS 1. Returns whether a service has sent it, and has reported an event.
            pub(crate) fn on_delivered(&mut self, packet_id: u16, listener: &mut impl Listener) -> bool {
                $($(#[$cfg])* if self.$module.on_delivered(packet_id, Reports(listener)) { return true; })*
                false
            }

            /// The message in use is finished.
            pub(crate) fn finish(&mut self, uplink: &mut Uplink) {
                $($(#[$cfg])* self.$module.finish(uplink);)*
            }

            /// A message that is too large for the receive buffer, of `size` bytes, has come in. Returns whether a service
            /// has reported it.
            pub(crate) fn on_oversize(&mut self, uplink: &mut Uplink, size: usize, listener: &mut impl Listener) -> bool {
                $($(#[$cfg])* if self.$module.on_oversize(uplink, size, Reports(listener)) { return true; })*
                false
            }
        }

        /// Gives `Device`, which is above the services, an accessor for each.
        macro_rules! accessors {
            () => {
                /// The services, each with its calls.
                impl<$b> Device<$b> {
                    $(
                        #[doc = concat!("The calls of [`services::", stringify!($module), "`](crate::services::", stringify!($module), ").")]
                        $(#[$cfg])*
                        pub fn $module(&mut self) -> crate::services::Handle<'_, $b, crate::services::$module::$Type $(<$life>)?> {
                            let (services, parts) = self.service_parts();
                            crate::services::Handle::new(&mut services.$module, parts)
                        }
                    )*
                }
            };
        }
        pub(crate) use accessors;
    };
}

/// What gets the events of services.
pub(crate) trait Listener {
    /// A service reports this.
    fn on_service(&mut self, event: Event<'_>);
}

/// Reports the event of one service as one of services.
struct Reports<'l, L>(&'l mut L);

services! {
    <'a, 'b>
    model: Model => model::Event<'a>;
    #[cfg(feature = "call")] call: Call<'b> => call::Event<'a>;
    #[cfg(feature = "raw")] raw: Raw => raw::Event<'a>;
    #[cfg(feature = "ntp")] ntp: Ntp => ntp::Event;
    #[cfg(feature = "upload")] upload: Upload => upload::Event<'a>;
    #[cfg(feature = "register")] register: Register => register::Event<'a>;
    #[cfg(feature = "desired")] desired: Desired<'b> => desired::Event<'a>;
}
