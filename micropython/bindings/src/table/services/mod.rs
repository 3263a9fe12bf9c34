//! The services of a device: one file each, with its methods, events, constants and error codes.

use super::entry::Family;

macro_rules! services {
    ($($name:ident,)*) => {
        $(mod $name;)*

        pub const FAMILIES: &[&Family] = &[$(&$name::FAMILY),*];
    };
}

services! {
    register,
    model,
    call,
    raw,
    ntp,
    upload,
    desired,
}
