//! Topics of the platform's services.

use super::identity::Identity;
use crate::bytes::strip;

/// Where a service's messages come in. A path that ends with a slash stands for all paths that begin like it.
#[derive(Clone, Copy)]
pub(crate) enum Route {
    /// `/sys/{product key}/{device name}/` and this path.
    Sys(&'static str),
    /// These two with `{product key}/{device name}/` between them.
    #[allow(dead_code)] // Used by services that a build may leave out.
    Around(&'static str, &'static str),
    /// This path, whatever device it is for.
    Any(&'static str),
}

impl Route {
    /// Whether it begins with the device's prefix.
    pub(crate) const fn is_sys(self) -> bool {
        matches!(self, Self::Sys(_))
    }

    /// What its topics begin with.
    pub(crate) const fn start(self) -> &'static [u8] {
        match self {
            Self::Sys(text) | Self::Around(text, _) | Self::Any(text) => text.as_bytes(),
        }
    }

    /// What is behind the route in `topic`, which of a [`Sys`](Self::Sys) route has lost its prefix. Empty for a route of one
    /// topic.
    pub(crate) fn rest<'a>(self, identity: &Identity, topic: &'a [u8]) -> Option<&'a [u8]> {
        let (topic, path) = match self {
            Self::Sys(path) | Self::Any(path) => (topic, path),
            Self::Around(before, path) => (strip(topic, before.as_bytes())?.strip_prefix(identity.names())?, path),
        };
        let rest = strip(topic, path.as_bytes())?;
        (rest.is_empty() || path.ends_with('/')).then_some(rest)
    }
}
