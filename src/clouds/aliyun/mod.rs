//! Alibaba Cloud IoT Platform.
//!
//! [`Login`] logs a device in that has a secret, or a token, of its own. [`Registration`] asks the platform for one.

#[cfg(feature = "register")]
mod answer;
mod error;
mod identity;
mod login;
#[cfg(feature = "register")]
mod register;
#[cfg(test)]
mod tests;
mod topics;
#[cfg(feature = "register")]
mod way;

pub use error::LoginError;
pub use identity::Identity;
pub use login::Login;
#[cfg(feature = "register")]
pub use register::Registration;
pub use topics::PAYLOAD_MAX;
#[cfg(feature = "register")]
pub use way::Way;
