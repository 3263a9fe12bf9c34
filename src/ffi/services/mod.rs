//! The services: one file each, with its calls, numbers, words, structs and conversion.

use super::words::Family;

/// Makes everything that knows all services. A line has the condition of the build, the name of the file, the name in
/// `services::Event`, and the member of `aliyun_iot_event_as`.
macro_rules! services {
    ($($(#[$cfg:meta])* $module:ident: $Type:ident as $member:ident;)*) => {
        $(pub(super) mod $module; pub use $module::*;)*

        /// The families of events.
        pub(super) const FAMILIES: &[&Family] = &[$(&$module::FAMILY,)*];

        impl crate::services::Listener for super::event::aliyun_iot_event {
            #[inline(always)]
            fn on_service(&mut self, event: crate::services::Event<'_>) {
                match event {
                    $(
                        $(#[$cfg])*
                        crate::services::Event::$Type(event) => {
                            // SAFETY: all bytes of the union are initialised, and any bytes are a member.
                            let member = unsafe { &mut self.r#as.$member };
                            self.kind = $module::write(event, member);
                        }
                    )*
                }
            }
        }
    };
}

services! {
    model: Model as model;
    #[cfg(feature = "call")] call: Call as call;
    #[cfg(feature = "raw")] raw: Raw as raw;
    #[cfg(feature = "ntp")] ntp: Ntp as ntp;
    #[cfg(feature = "upload")] upload: Upload as upload;
    #[cfg(feature = "register")] register: Register as registration;
    #[cfg(feature = "desired")] desired: Desired as desired;
}
