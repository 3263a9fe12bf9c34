//! The clouds: one file each, with its login, its calls, its statuses and its words.

mod aliyun;
mod plain;

pub use aliyun::*;
pub use plain::*;

use super::words::Rows;

/// The words of all statuses, by cloud.
pub(super) const WORDS: &[Rows] = &[aliyun::WORDS, plain::WORDS];

/// The features in this build, as bits.
pub(super) const FEATURES: u32 = aliyun::FEATURES | plain::FEATURES;
