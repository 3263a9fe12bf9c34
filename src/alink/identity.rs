//! Who the device is on the platform.

use heapless::Vec;

use crate::clouds::ALINK;

/// A device of a product.
pub(crate) struct Identity {
    /// `/sys/{product key}/{device name}/`, which most topics begin with.
    prefix: Vec<u8, 59, u8>,
    /// Whether the device also sends for other devices.
    pub(crate) is_gateway: bool,
}

impl Identity {
    /// `None` if the names are too long.
    pub(crate) fn new([product_key, device_name]: [&[u8]; 2]) -> Option<Self> {
        let mut prefix = Vec::new();
        for piece in [ALINK.device.as_bytes(), product_key, b"/", device_name, b"/"] {
            prefix.extend_from_slice(piece).ok()?;
        }
        Some(Self { prefix, is_gateway: false })
    }

    /// `/sys/{product key}/{device name}/`.
    pub(crate) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// `{product key}/{device name}/`.
    pub(crate) fn names(&self) -> &[u8] {
        self.prefix.get(ALINK.device.len()..).unwrap_or_default()
    }

    /// What follows `/sys/{product key}/{device name}/` in `topic`.
    pub(crate) fn path<'a>(&self, topic: &'a [u8]) -> Option<&'a [u8]> {
        topic.strip_prefix(self.prefix())
    }
}
