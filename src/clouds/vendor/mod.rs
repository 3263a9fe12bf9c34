//! The vendor clouds: Tencent, OneNET, Huawei and others, beside Alibaba's platform.
//!
//! Each is one file or folder. All of them know a product, a device and a secret, so they share one [`Login`], and a script
//! moves from one to another by its keys. Signatures, topics and JSON differ: each cloud implements `Vendor`. The list
//! below is all else that a vendor cloud takes here.

// Without vendor clouds `Brand` has no value, and the compiler drops what needs one.
#![cfg_attr(not(feature = "vendor"), allow(dead_code, unused_imports, unused_variables))]

mod account;
mod cloud;
mod error;
mod login;
mod message;
mod protocol;
mod received;
#[cfg(feature = "register")]
mod registration;

pub(crate) use account::Account;
pub use error::LoginError;
pub(crate) use error::NotSent;
pub use login::Login;
pub(crate) use protocol::{Moment, Post};
pub(crate) use received::{CallId, Received};
#[cfg(feature = "register")]
pub use registration::Registration;

use super::endpoint::Endpoint;
use crate::mqtt::{Connect, Sender};
use protocol::Vendor;

/// The vendor clouds, each as `module: Name = number;`. The number is that of the C ABI.
macro_rules! vendors {
    ($($(#[$cfg:meta])* $module:ident: $Name:ident = $number:literal;)*) => {
        $($(#[$cfg])* mod $module;)*

        /// Which vendor cloud.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Brand {
            $($(#[$cfg])* $Name,)*
        }

        /// The clouds of this build.
        const BRANDS: &[Brand] = &[$($(#[$cfg])* Brand::$Name,)*];

        /// Whether this build has vendor clouds.
        pub(crate) const HAS_BRANDS: bool = !BRANDS.is_empty();

        impl Brand {
            /// The cloud of that number; `None` if there is none, or if this build leaves it out.
            pub(crate) fn of(number: u32) -> Option<Self> {
                match number {
                    $($(#[$cfg])* $number => Some(Self::$Name),)*
                    _ => None,
                }
            }

            /// See [`Vendor::PAYLOAD_MAX`].
            pub(crate) fn payload_max(self) -> usize {
                match self {
                    $($(#[$cfg])* Self::$Name => <$module::$Name as Vendor>::PAYLOAD_MAX,)*
                }
            }

            /// See [`Vendor::HAS_REPLIES`].
            pub(crate) fn has_replies(self) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name => <$module::$Name as Vendor>::HAS_REPLIES,)*
                }
            }

            /// See [`Vendor::HAS_TIME`].
            pub(crate) fn has_time(self) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name => <$module::$Name as Vendor>::HAS_TIME,)*
                }
            }

            /// See [`Vendor::signs_time`].
            pub(crate) fn signs_time(self, login: &Login) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::signs_time(login),)*
                }
            }

            /// See [`Vendor::signs_known_time`].
            pub(crate) fn signs_known_time(self, login: &Login) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::signs_known_time(login),)*
                }
            }

            /// See [`Vendor::expires`].
            pub(crate) fn expires(self, login: &Login) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::expires(login),)*
                }
            }

            /// See [`Vendor::resolve`].
            pub(crate) fn resolve(self, login: &Login, keepalive: u16, endpoint: &mut Endpoint) -> Result<(), LoginError> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::resolve(login, keepalive, endpoint),)*
                }
            }

            /// See [`Vendor::write`].
            pub(crate) fn write(self, login: &Login, moment: Moment, connect: &mut Connect) -> Result<(), LoginError> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::write(login, moment, connect),)*
                }
            }

            /// See [`Vendor::filters`].
            pub(crate) fn filters(self, login: &Login, each: &mut dyn FnMut(&[&[u8]])) {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::filters(login, each),)*
                }
            }

            /// See [`Vendor::post`].
            pub(crate) fn post(self, login: &Login, post: &Post, moment: Moment, out: &mut Sender) -> Result<(), NotSent> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::post(login, post, moment, out),)*
                }
            }

            /// See [`Vendor::read`].
            pub(crate) fn read<'m>(self, login: &Login, topic: &'m [u8], payload: &'m mut [u8]) -> Option<Received<'m>> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::read(login, topic, payload),)*
                }
            }

            /// See [`Vendor::answer`].
            pub(crate) fn answer(
                self,
                login: &Login,
                call: [&[u8]; 2],
                code: i32,
                data: &[u8],
                moment: Moment,
                out: &mut Sender,
            ) -> Result<(), NotSent> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::answer(login, call, code, data, moment, out),)*
                }
            }

            /// See [`Vendor::ask_time`].
            pub(crate) fn ask_time(
                self,
                login: &Login,
                now_ms: u32,
                moment: Moment,
                out: &mut Sender,
            ) -> Result<(), NotSent> {
                match self {
                    $($(#[$cfg])* Self::$Name => $module::$Name::ask_time(login, now_ms, moment, out),)*
                }
            }
        }
    };
}

vendors! {
    #[cfg(feature = "tencent")] tencent: Tencent = 1;
    #[cfg(feature = "onenet")] onenet: Onenet = 2;
    #[cfg(feature = "huawei")] huawei: Huawei = 3;
    #[cfg(feature = "tuya")] tuya: Tuya = 4;
    #[cfg(feature = "baidu")] baidu: Baidu = 5;
    #[cfg(feature = "tlink")] tlink: Tlink = 6;
}
