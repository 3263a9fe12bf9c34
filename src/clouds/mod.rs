//! Whose server is it, and what does it want as a login?
//!
//! One file or folder per cloud: it turns the user's data (a product key and a device secret, say) into an [`Endpoint`] and
//! a CONNECT packet, and it knows the cloud's limits and topics. The list below is all else that a cloud takes here.
//! Nothing here knows of sessions, sockets or time.

#[cfg(any(feature = "onenet", feature = "tencent"))]
mod base64;
mod cloud;
mod endpoint;
#[cfg(any(feature = "onenet", feature = "tencent"))]
mod key;
mod moment;
#[cfg(feature = "register")]
pub(crate) mod registration;
mod server;
mod sign;
mod topics;

pub mod aliyun;
#[cfg(feature = "plain")]
pub mod plain;
pub mod vendor;

use cloud::Cloud;
pub use endpoint::{Endpoint, HOST_MAX};
pub(crate) use moment::Moment;
#[cfg(feature = "register")]
pub use registration::Registration;
pub use server::{Server, WrongHost};
pub use sign::SignMethod;
use topics::Topics;

use crate::mqtt::{Connect, SendError, Session};

/// The clouds, each as `module: Name;`.
macro_rules! clouds {
    ($($(#[$cfg:meta])* $module:ident: $Name:ident;)*) => {
        /// A login to one of the clouds.
        #[derive(Clone, Copy)]
        pub enum Login<'a> {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                $(#[$cfg])*
                $Name(&'a $module::Login<'a>),
            )*
        }

        /// A login that cannot be used, as its cloud names the error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum LoginError {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                $(#[$cfg])*
                $Name($module::LoginError),
            )*
        }

        /// Which cloud a device is connected to, for the rules that hold while it is.
        #[derive(Clone, Copy)]
        pub(crate) enum Which {
            $($(#[$cfg])* $Name,)*
        }

        $(
            $(#[$cfg])*
            impl<'a> From<&'a $module::Login<'_>> for Login<'a> {
                fn from(login: &'a $module::Login) -> Self {
                    Self::$Name(login)
                }
            }

            $(#[$cfg])*
            impl From<$module::LoginError> for LoginError {
                fn from(error: $module::LoginError) -> Self {
                    Self::$Name(error)
                }
            }
        )*

        impl Login<'_> {
            /// See [`Cloud::resolve`].
            pub(crate) fn resolve(
                &self,
                keepalive: u16,
                is_clean: bool,
                endpoint: &mut Endpoint,
            ) -> Result<Which, LoginError> {
                match self {
                    $(
                        $(#[$cfg])*
                        Self::$Name(login) => {
                            login.resolve(keepalive, is_clean, endpoint)?;
                            Ok(Which::$Name)
                        }
                    )*
                }
            }

            /// See [`Cloud::names`].
            pub(crate) fn names(&self) -> Option<[&[u8]; 2]> {
                match self {
                    $($(#[$cfg])* Self::$Name(login) => login.names(),)*
                }
            }

            /// See [`Cloud::keep`].
            pub(crate) fn keep(
                &self,
                account: &mut vendor::Account,
                session: Option<&mut Session>,
            ) -> Result<(), LoginError> {
                match self {
                    $($(#[$cfg])* Self::$Name(login) => Ok(login.keep(account, session)?),)*
                }
            }

            /// See [`Cloud::write`].
            pub(crate) fn write(
                &self,
                moment: Moment,
                services: bool,
                connect: &mut Connect,
            ) -> Result<(), LoginError> {
                match self {
                    $($(#[$cfg])* Self::$Name(login) => Ok(login.write(moment, services, connect)?),)*
                }
            }
        }

        impl Which {
            /// See [`Cloud::PAYLOAD_MAX`].
            pub(crate) fn payload_max(self) -> usize {
                match self {
                    $($(#[$cfg])* Self::$Name => <$module::Login as Cloud>::PAYLOAD_MAX,)*
                }
            }

            /// See [`Cloud::check_topic`].
            #[cfg_attr(target_os = "none", inline(never))]
            #[cfg_attr(not(target_os = "none"), inline(always))]
            pub(crate) fn check_topic(self, names: &[u8], is_gateway: bool, topic: &[u8]) -> Result<(), SendError> {
                match self {
                    $($(#[$cfg])* Self::$Name => <$module::Login as Cloud>::check_topic(names, is_gateway, topic),)*
                }
            }

            /// See [`Cloud::makes_gateway`].
            pub(crate) fn makes_gateway(self, topic: &[u8]) -> bool {
                match self {
                    $($(#[$cfg])* Self::$Name => <$module::Login as Cloud>::makes_gateway(topic),)*
                }
            }
        }
    };
}

/// The topics that the services of this library speak on: those of Alink.
pub(crate) const ALINK: Topics = <aliyun::Login as Cloud>::TOPICS;

clouds! {
    aliyun: Aliyun;
    #[cfg(feature = "plain")] plain: Plain;
    #[cfg(feature = "vendor")] vendor: Vendor;
}
