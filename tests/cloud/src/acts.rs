//! What the cloud has the broker do.

/// What the broker is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Publish {
        /// One client, subscribed or not; `None`: whoever subscribed.
        to: Option<String>,
        topic: String,
        payload: Vec<u8>,
        qos: u8,
    },
    Kick {
        client_id: String,
    },
}

/// How the broker ends what a device tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    /// Take the message; no subscriber gets it.
    Swallow,
    /// SUBACK 0x80.
    Deny,
    Close,
}
