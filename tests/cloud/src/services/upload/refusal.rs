//! The codes of the replies to uploads, and how one is refused.

use serde_json::{Value, json};

pub const OK: u64 = 200;
pub const TOO_LARGE_A_FILE: u64 = 78117;
pub const TOO_LARGE_A_BLOCK: u64 = 78118;
pub const WRONG_OFFSET: u64 = 78119;
pub const TOO_SMALL_A_BLOCK: u64 = 78120;
pub const WRONG_CRC: u64 = 78121;
pub const NO_TASK: u64 = 78122;
pub const SAME_FILE: u64 = 78123;
pub const FINISHED: u64 = 78124;
pub const WRONG_FILE: u64 = 78125;
pub const DUPLICATE: u64 = 78126;
pub const TOO_FAST: u64 = 78127;

/// What a request comes to: the reply's data, or a refusal.
pub type Outcome = Result<Value, No>;

/// The reply's code, words for it, and its data.
pub type No = (u64, String, Value);

pub fn no<T>(code: u64, why: impl Into<String>) -> Result<T, No> {
    Err((code, why.into(), json!({})))
}
