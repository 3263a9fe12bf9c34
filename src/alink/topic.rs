//! Topics of the platform's services.

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

    /// What its topics begin with, and what stands behind the names in them.
    pub(crate) const fn pieces(self) -> [&'static [u8]; 2] {
        match self {
            Self::Sys(text) | Self::Any(text) => [text.as_bytes(), b""],
            Self::Around(before, path) => [before.as_bytes(), path.as_bytes()],
        }
    }
}
