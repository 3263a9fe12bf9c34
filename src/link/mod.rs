//! Links: which connections a device wants of its port, how long an attempt at one may take, and how long the wait for the
//! next attempt is.

mod backoff;
mod loss;
mod reconnect;
mod wanted;

pub use loss::Loss;
pub use reconnect::{CLOSE_TIMEOUT_MS, CONNECT_TIMEOUT_MS, LINGER_MS};
pub(crate) use reconnect::{End, Reconnect};
pub use wanted::{LinkId, LinkWanted};
