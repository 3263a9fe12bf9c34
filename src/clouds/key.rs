//! Keys that a cloud's console shows in base64.

use zeroize::Zeroize;

use super::sign::KEY_MAX;
use crate::clouds::base64;

/// A key, which is overwritten at its end.
pub(super) struct Key {
    bytes: [u8; KEY_MAX],
    length: usize,
}

impl Key {
    /// The key with this text; `None` if it is no base64, is empty, or is longer than [`KEY_MAX`] bytes.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let mut key = Self { bytes: [0; KEY_MAX], length: 0 };
        key.length = base64::decode(text, &mut key.bytes)?;
        (key.length > 0).then_some(key)
    }

    /// The bytes of the key.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_length_that_can_sign() {
        let longest = std::format!("{}A==", "A".repeat(85));
        assert_eq!(Key::read(longest.as_bytes()).unwrap().bytes(), [0; KEY_MAX]);
        assert_eq!(Key::read(b"Zm9vYmFy").unwrap().bytes(), b"foobar");
        for text in ["", "Zg", &"A".repeat(88), &"A".repeat(4000)] {
            assert!(Key::read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
