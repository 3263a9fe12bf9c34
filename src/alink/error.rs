//! Why a message to the platform was not accepted.

use crate::clouds::vendor::NotSent;
use crate::codec::json::{JsonError, NotJson};
use crate::mqtt::SendError;

/// A service cannot be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// The device is not connected, nor connecting.
    NotConnected,
    /// The device did not log in to a cloud that has the service.
    NoService,
}

/// A post that was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostError {
    /// The device did not log in to a cloud that has the service.
    NoService,
    /// The parameters are not one JSON object.
    Json(NotJson),
    /// The parameters are nested deeper than [`NESTING_MAX`](crate::codec::json::NESTING_MAX).
    Nesting {
        /// The offset of the first bracket that is too deep.
        at: usize,
    },
    /// The event's identifier is empty, over 64 characters, or has a character outside `A-Z a-z 0-9 _ - . :`.
    EventId,
    /// The cloud wants properties in services, and the login names no service for them.
    ServiceId,
    /// The call that is to be answered does not wait for an answer any more.
    NoRequest,
    /// It could not be sent.
    Send(SendError),
}

impl From<Unavailable> for PostError {
    fn from(error: Unavailable) -> Self {
        match error {
            Unavailable::NotConnected => Self::Send(SendError::NotConnected),
            Unavailable::NoService => Self::NoService,
        }
    }
}

impl From<SendError> for PostError {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}

impl From<NotSent> for PostError {
    fn from(error: NotSent) -> Self {
        match error {
            NotSent::Lacks => Self::NoService,
            NotSent::ServiceId => Self::ServiceId,
            NotSent::Json(error) => error.into(),
            NotSent::Send(error) => error.into(),
        }
    }
}

impl From<JsonError> for PostError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::NotJson(error) => Self::Json(error),
            JsonError::TooDeep(at) => Self::Nesting { at },
        }
    }
}
