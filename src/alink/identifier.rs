//! Identifiers of the thing model: of properties and events.

use crate::bytes::is_name;

/// Longest identifier, in bytes.
const MAX: usize = 64;

/// Whether `name` may be the identifier of a property or an event.
pub(crate) fn is_identifier(name: &[u8]) -> bool {
    is_name(name, MAX, b"_-.:")
}
