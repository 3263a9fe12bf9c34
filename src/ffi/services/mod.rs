//! The services: one file each, with its calls, numbers, words, structs and conversion.

use super::words::Family;

// A registration is not a service of a session, so `services::Event` does not have it.
mod register;
pub use register::*;

/// Makes everything that knows all services. A line has the condition of the build, the name of the file and of the member
/// of `aliyun_iot_event_as`, and the name in `services::Event`.
macro_rules! services {
    ($($(#[$cfg:meta])* $module:ident: $Type:ident;)*) => {
        $(pub(super) mod $module; pub use $module::*;)*

        /// The families of events.
        pub(super) const FAMILIES: &[&Family] = &[$(&$module::FAMILY,)* &register::FAMILY];

        /// Writes an event of a service to its member, and gives its kind.
        macro_rules! write_service {
            ($event:expr, $to:expr) => {
                match $event {
                    $(
                        $(#[$cfg])*
                        crate::services::Event::$Type(event) => {
                            // SAFETY: all bytes of the union are initialised, and any bytes are a member.
                            let member = unsafe { &mut $to.$module };
                            crate::ffi::services::$module::write(event, member)
                        }
                    )*
                }
            };
        }
        pub(super) use write_service;
    };
}

services! {
    model: Model;
    call: Call;
    raw: Raw;
    #[cfg(feature = "ntp")] ntp: Ntp;
    #[cfg(feature = "upload")] upload: Upload;
}
