//! The clouds: one file each, with its login, its calls, its statuses and its words. The list below is all else that a cloud
//! takes here.

use super::words::Rows;

macro_rules! clouds {
    ($($module:ident;)*) => {
        $(mod $module; pub use $module::*;)*

        /// The words of all statuses, by cloud.
        pub(super) const WORDS: &[Rows] = &[$($module::WORDS),*];

        /// The features in this build, as bits.
        pub(super) const FEATURES: u32 = 0 $(| $module::FEATURES)*;
    };
}

clouds! {
    aliyun;
    plain;
    vendor;
    vendor_registration;
}
