//! Registrations at vendor clouds: the device is created, or asks for its secret, over HTTPS.
//!
//! The list below is all that a cloud with a registration takes here.

// A build may have vendor clouds without registrations alone.
#![cfg_attr(
    not(any(feature = "tencent", feature = "onenet", feature = "huawei")),
    allow(dead_code, unused_imports, unused_variables)
)]

mod answer;
#[cfg(feature = "tencent")]
mod cipher;
mod creation;
mod fields;
#[cfg(test)]
mod tests;

pub use fields::Registration;

use super::LoginError;
use crate::clouds::Endpoint;
use crate::clouds::moment::Moment;
use crate::clouds::registration::{Answer, Register};
use crate::clouds::sign::clear_stack;
use crate::codec::json::Place;
use crate::http::{Following, Request};
use crate::mqtt::Connect;
use creation::Creation;

/// The clouds with registrations, each as `module: Name = number;`. The number is that of the C ABI.
macro_rules! creations {
    ($($(#[$cfg:meta])* $module:ident: $Name:ident = $number:literal;)*) => {
        $($(#[$cfg])* mod $module;)*

        /// At which cloud a device registers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum At {
            $($(#[$cfg])* $Name,)*
        }

        /// See [`Creation::HAS_FOLLOWING`].
        const HAS_FOLLOWING: bool = crate::bytes::any(&[$($(#[$cfg])* $module::$Name::HAS_FOLLOWING,)*]);

        impl At {
            fn of(number: u32) -> Option<Self> {
                match number {
                    $($(#[$cfg])* $number => Some(Self::$Name),)*
                    _ => None,
                }
            }

            fn signs_time(self) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::SIGNS_TIME,)*
                }
            }

            #[inline(never)] // So that `clear_stack` overwrites what it leaves of a key.
            fn resolve(self, registration: &Registration, endpoint: &mut Endpoint) -> Result<(), LoginError> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::resolve(registration, endpoint),)*
                }
            }

            #[inline(never)] // As above.
            fn write(
                self,
                registration: &Registration,
                endpoint: &Endpoint,
                moment: Moment,
                request: &mut Request,
            ) -> Option<Following> {
                match self {
                    $(
                        $(#[$cfg])*
                        Self::$Name => {
                            request.accept($module::$Name::RESPONSE_MAX);
                            $module::$Name::write(registration, endpoint, moment, request)
                        }
                    )*
                }
            }

            #[inline(never)] // As above.
            fn read(self, status: u16, note: &[u8], answer: &mut [u8]) -> Option<Answer> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::read(status, note, answer),)*
                }
            }
        }
    };
}

creations! {
    #[cfg(feature = "tencent")] tencent: Tencent = 1;
    #[cfg(feature = "onenet")] onenet: Onenet = 2;
    #[cfg(feature = "huawei")] huawei: Huawei = 3;
}

/// How to register.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    at: At,
    following: Option<Following>,
}

impl Register for Registration<'_> {
    type Error = LoginError;
    type Way = Way;

    const HAS_FOLLOWING: bool = HAS_FOLLOWING;

    fn way(&self) -> Result<Way, LoginError> {
        let at = At::of(self.vendor).ok_or(LoginError::Registration)?;
        Ok(Way { at, following: None })
    }

    fn is_request(_: Way) -> bool {
        true
    }

    fn names(&self) -> [&[u8]; 2] {
        [self.product_id.unwrap_or_default(), self.device_name.unwrap_or_default()]
    }

    fn resolve(&self, way: Way, moment: Moment, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        let resolved = way.at.resolve(self, endpoint);
        clear_stack();
        resolved?;
        if way.at.signs_time() && !moment.is_known() { Err(LoginError::Clock) } else { Ok(()) }
    }

    fn write_login(&self, _: Way, _: Moment, _: &mut Connect) -> Result<(), LoginError> {
        Err(LoginError::Registration)
    }

    fn write_request(&self, way: Way, endpoint: &Endpoint, moment: Moment, request: &mut Request) -> Way {
        let following = way.at.write(self, endpoint, moment, request);
        clear_stack();
        Way { following, ..way }
    }

    fn topic(_: Way) -> &'static str {
        ""
    }

    fn following(way: Way) -> Option<(Following, Way)> {
        Some((way.following?, Way { following: None, ..way }))
    }

    fn read(way: Way, status: u16, note: &[u8], answer: &mut [u8]) -> Option<Answer> {
        // A proxy on the way refuses without JSON.
        let refused = Answer::Refused { code: status.into(), message: Place::default() };
        let read = way.at.read(status, note, answer);
        clear_stack();
        read.or((status >= 300).then_some(refused))
    }
}
