//! Registrations: a cloud makes a device known, and gives it a secret.
//!
//! Which cloud a registration is for is a value, as with logins. The list below is all that a cloud with registrations takes
//! here.

use super::endpoint::Endpoint;
use super::moment::Moment;
#[cfg(feature = "vendor")]
use super::vendor;
use super::{LoginError, aliyun};
use crate::codec::json::{Place, unescape};
use crate::http::{Following, Request};
use crate::mqtt::Connect;

/// A registration at a cloud, implemented by its struct. A cloud without registrations has none.
pub(crate) trait Register {
    /// What a registration can have wrong.
    type Error;
    /// How to register; the answer depends on it.
    type Way: Copy;

    /// Whether a request of such a registration may be followed by another one.
    const HAS_FOLLOWING: bool = false;

    /// How to register, as the fields say.
    fn way(&self) -> Result<Self::Way, Self::Error>;

    /// Whether such a registration is an HTTP request; else it is a session with a login of its own.
    fn is_request(way: Self::Way) -> bool;

    /// The names of product and device.
    fn names(&self) -> [&[u8]; 2];

    /// Checks all fields and the moment, and has `endpoint` be the server to ask.
    fn resolve(&self, way: Self::Way, moment: Moment, endpoint: &mut Endpoint) -> Result<(), Self::Error>;

    /// Signs the registration and writes the login for it. The fields are good, as [`resolve`](Self::resolve) has found.
    fn write_login(&self, way: Self::Way, moment: Moment, connect: &mut Connect) -> Result<(), Self::Error>;

    /// Signs the registration and writes the HTTP request to `endpoint` for it, with the note that [`read`](Self::read) gets;
    /// see [`write_login`](Self::write_login). Returns the way, which may have changed.
    fn write_request(&self, way: Self::Way, endpoint: &Endpoint, moment: Moment, request: &mut Request) -> Self::Way;

    /// The topic on which the answer comes in a session.
    fn topic(way: Self::Way) -> &'static str;

    /// The request that follows on the success of the present one, and how to register then.
    fn following(_way: Self::Way) -> Option<(Following, Self::Way)> {
        None
    }

    /// Reads the answer that came with the `status` of HTTP. `note` is that of the request, or `product/device/` in a session.
    /// `None` if it is no answer, is for another device, or has a secret that is no string or that no device can log in with.
    /// Its texts are decoded in place, so an answer can be read once only.
    fn read(way: Self::Way, status: u16, note: &[u8], answer: &mut [u8]) -> Option<Answer>;
}

/// A cloud's answer. Its texts stand, decoded, in the bytes that it was read from.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// The device is registered.
    Registered {
        /// A device secret or a device token.
        secret: Place,
        /// The client identifier that goes with a token, or nowhere.
        client_id: Place,
    },
    /// The device is registered, and logs in with a certificate.
    #[cfg(feature = "tencent")]
    Certified {
        /// Its certificate.
        certificate: Place,
        /// Its private key.
        private_key: Place,
    },
    /// The cloud refuses.
    Refused {
        /// Its code.
        code: i32,
        /// Its words, or nowhere.
        message: Place,
    },
}

/// Decodes the string at `place` of `answer`, and returns where it stands then: nowhere if it is no string.
#[cfg_attr(target_os = "none", inline(never))]
pub(super) fn decode(answer: &mut [u8], place: Place) -> Place {
    let place = place.string(answer).unwrap_or_default();
    let length = unescape(place.of_mut(answer));
    Place::new(place.range().start, length)
}

/// The clouds with registrations, each as `module: Name;`.
macro_rules! registrations {
    ($($(#[$cfg:meta])* $module:ident: $Name:ident;)*) => {
        /// A registration at one of the clouds.
        #[derive(Clone, Copy)]
        pub enum Registration<'a> {
            $(
                #[doc = concat!("See [`", stringify!($module), "`](super::", stringify!($module), ").")]
                $(#[$cfg])*
                $Name(&'a $module::Registration<'a>),
            )*
        }

        /// Where and how to register.
        #[derive(Clone, Copy)]
        pub(crate) enum Way {
            $($(#[$cfg])* $Name(<$module::Registration<'static> as Register>::Way),)*
        }

        $(
            $(#[$cfg])*
            impl<'a> From<&'a $module::Registration<'_>> for Registration<'a> {
                fn from(registration: &'a $module::Registration) -> Self {
                    Self::$Name(registration)
                }
            }
        )*

        /// See [`Register::HAS_FOLLOWING`].
        pub(crate) const HAS_FOLLOWING: bool = {
            let flags: &[bool] = &[$($(#[$cfg])* $module::Registration::HAS_FOLLOWING,)*];
            crate::bytes::any(flags)
        };

        impl Registration<'_> {
            /// See [`Register::way`].
            pub(crate) fn way(&self) -> Result<Way, LoginError> {
                match self {
                    $($(#[$cfg])* Self::$Name(registration) => Ok(Way::$Name(Register::way(*registration)?)),)*
                }
            }

            /// See [`Register::names`].
            pub(crate) fn names(&self) -> [&[u8]; 2] {
                match self {
                    $($(#[$cfg])* Self::$Name(registration) => registration.names(),)*
                }
            }

            /// See [`Register::resolve`].
            pub(crate) fn resolve(&self, way: Way, moment: Moment, endpoint: &mut Endpoint) -> Result<(), LoginError> {
                match (self, way) {
                    $(
                        $(#[$cfg])*
                        (Self::$Name(registration), Way::$Name(way)) => Ok(registration.resolve(way, moment, endpoint)?),
                    )*
                    #[allow(unreachable_patterns)] // With one cloud alone.
                    _ => Ok(()),
                }
            }

            /// See [`Register::write_login`].
            pub(crate) fn write_login(&self, way: Way, moment: Moment, connect: &mut Connect) -> Result<(), LoginError> {
                match (self, way) {
                    $(
                        $(#[$cfg])*
                        (Self::$Name(registration), Way::$Name(way)) => {
                            Ok(registration.write_login(way, moment, connect)?)
                        }
                    )*
                    #[allow(unreachable_patterns)] // As above.
                    _ => Ok(()),
                }
            }

            /// See [`Register::write_request`].
            pub(crate) fn write_request(
                &self,
                way: Way,
                endpoint: &Endpoint,
                moment: Moment,
                request: &mut Request,
            ) -> Way {
                match (self, way) {
                    $(
                        $(#[$cfg])*
                        (Self::$Name(registration), Way::$Name(way)) => {
                            Way::$Name(registration.write_request(way, endpoint, moment, request))
                        }
                    )*
                    #[allow(unreachable_patterns)] // As above.
                    _ => way,
                }
            }
        }

        impl Way {
            /// Of a registration that is not under way.
            pub(crate) const NONE: Self = Self::Aliyun(aliyun::Way::Https);

            /// See [`Register::is_request`].
            pub(crate) fn is_request(self) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name(way) => $module::Registration::is_request(way),)*
                }
            }

            /// See [`Register::topic`].
            pub(crate) fn topic(self) -> &'static str {
                match self {
                    $($(#[$cfg])* Self::$Name(way) => $module::Registration::topic(way),)*
                }
            }

            /// See [`Register::following`].
            pub(crate) fn following(self) -> Option<(Following, Self)> {
                match self {
                    $(
                        $(#[$cfg])*
                        Self::$Name(way) => {
                            let (following, way) = $module::Registration::following(way)?;
                            Some((following, Self::$Name(way)))
                        }
                    )*
                }
            }

            /// See [`Register::read`].
            pub(crate) fn read(self, status: u16, note: &[u8], answer: &mut [u8]) -> Option<Answer> {
                match self {
                    $($(#[$cfg])* Self::$Name(way) => $module::Registration::read(way, status, note, answer),)*
                }
            }
        }
    };
}

registrations! {
    aliyun: Aliyun;
    #[cfg(feature = "vendor")] vendor: Vendor;
}
