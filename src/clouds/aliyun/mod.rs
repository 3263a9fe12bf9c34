//! Alibaba Cloud IoT Platform.
//!
//! [`Login`] logs a device in that has a secret, or a token, of its own. [`Registration`] asks the platform for one.

mod error;
mod identity;
mod login;
#[cfg(feature = "register")]
mod register;
#[cfg(test)]
mod tests;
mod topics;

pub use error::LoginError;
pub use identity::Identity;
pub use login::Login;
#[cfg(feature = "register")]
pub(crate) use login::{SECRET_MAX, TOKEN_MAX, is_token_client_id};
#[cfg(feature = "register")]
pub use register::{Registration, Way};
pub use topics::PAYLOAD_MAX;
