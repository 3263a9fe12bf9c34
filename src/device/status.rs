//! What the device reports by itself: the end of a link, of an attempt, of the device.

use super::event::Loss;

/// Something to report. The session knows the rest.
#[derive(Clone, Copy)]
pub(super) enum Status {
    Disconnected(Loss),
    DisconnectedBehind(Loss),
    GivenUp(u16),
    Failed(Loss),
    Closed,
    #[cfg(feature = "register")]
    RegistrationRefused(u16),
    #[cfg(feature = "register")]
    RegistrationFailed(Loss),
}
