//! What a vendor cloud's message is.

use crate::codec::json::Place;
use crate::text::Text;

/// The id of a call, which its answer carries.
#[derive(Clone, Copy)]
pub(crate) struct CallId<'m> {
    /// As it stands in the payload, or in the topic.
    pub(crate) text: Text<'m>,
    /// Where it is in the payload; nowhere if the topic has it, or if there is none.
    pub(crate) place: Place,
}

impl<'m> CallId<'m> {
    /// That at `place` of the payload.
    pub(crate) fn in_payload(payload: &'m [u8], place: Place) -> Self {
        Self { text: Text::known(place.of(payload)), place }
    }

    /// One that the topic has.
    pub(crate) fn in_topic(text: &'m [u8]) -> Self {
        Self { text: Text::known(text), place: Place::default() }
    }
}

/// The parameters of a call as they came; an empty object if there are none.
pub(super) fn params_of(payload: &[u8], place: Place) -> Text<'_> {
    Text::known(if place.is_empty() { b"{}" } else { place.of(payload) })
}

/// A message of the thing model.
pub(crate) enum Received<'m> {
    /// The reply to a post.
    Reply {
        /// The id of the post.
        id: u32,
        /// 200 for success, else the cloud's own code.
        code: i32,
        /// Where the cloud's words are in the payload, a string that is still to be decoded; nowhere if there are none.
        words: Place,
        /// The payload. The user gets it as it is if this is no reply to a post of the library's.
        payload: &'m mut [u8],
    },
    /// The cloud sets properties.
    Set {
        /// The id of the call.
        id: CallId<'m>,
        /// A JSON object of names and values.
        params: Text<'m>,
    },
    /// The cloud calls a service: a command, an action.
    Call {
        /// The id of the call.
        id: CallId<'m>,
        /// The identifier of the service.
        service: Text<'m>,
        /// JSON, as it came.
        params: Text<'m>,
    },
    /// The reply to the question for the time.
    Time {
        /// The device's clock when it asked, in milliseconds, if the cloud sends it back.
        asked: Option<u64>,
        /// The cloud's clock when the question came, in milliseconds since 1970.
        received: u64,
        /// The cloud's clock when the reply left, in milliseconds since 1970.
        sent: u64,
    },
}
