//! Topics of the platform's services.

use super::identity::Identity;

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
    /// What is behind the route in `topic`; empty for a route of one topic. `sys` is what follows
    /// `/sys/{product key}/{device name}/`, if the topic begins so.
    pub(crate) fn rest<'a>(self, identity: &Identity, topic: &'a [u8], sys: Option<&'a [u8]>) -> Option<&'a [u8]> {
        let (text, path) = match self {
            Self::Sys(path) => (sys?, path),
            Self::Around(before, path) => {
                (topic.strip_prefix(before.as_bytes())?.strip_prefix(identity.names())?, path)
            }
            Self::Any(path) => (topic, path),
        };
        let rest = text.strip_prefix(path.as_bytes())?;
        (rest.is_empty() || path.ends_with('/')).then_some(rest)
    }
}
