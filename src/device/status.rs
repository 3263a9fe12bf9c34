//! What the device is going to report: the end of a link, of an attempt, of the device.

use crate::link::Loss;

/// Something to report about the session. The session knows the rest.
#[derive(Clone, Copy)]
#[repr(u32)] // Copies are whole words then.
pub(super) enum Status {
    Disconnected(Loss),
    DisconnectedBehind(Loss),
    GivenUp(u16),
    Failed(Loss),
    Closed,
}

/// What has come on a session of a service's own.
pub(super) enum Own {
    Nothing,
    /// The end is to be reported. It may wait until an acknowledgement has left.
    Ended,
    /// The event is in use.
    Reported,
}
