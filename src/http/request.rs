//! An HTTP request, written into the memory of the caller.

use crate::bytes::behind;
use crate::codec::template::{Value, fill, template};

/// A larger response is refused unless the request says otherwise, even if the buffer could hold it: each part that arrives has
/// it read again.
pub const RESPONSE_MAX: usize = 4096;

/// Writes a request to the front of the scratch buffer: a note for the owner, the host, and the request itself, in this
/// order. Bytes that do not fit are counted.
pub(crate) struct Request<'b> {
    pub(super) scratch: &'b mut [u8],
    /// Where what has been written ends.
    pub(super) end: usize,
    pub(super) note_end: usize,
    pub(super) host_end: usize,
    pub(super) port: u16,
    pub(super) tls: bool,
    /// Bytes of the largest response that is accepted.
    pub(super) response_max: usize,
}

impl<'b> Request<'b> {
    pub(crate) fn new(scratch: &'b mut [u8]) -> Self {
        Self { scratch, end: 0, note_end: 0, host_end: 0, port: 0, tls: true, response_max: RESPONSE_MAX }
    }

    /// Notes what the owner wants to know when the response is there.
    pub(crate) fn note(&mut self, text: &[Value]) {
        self.put(text);
        self.note_end = self.end;
    }

    /// Sets the server.
    pub(crate) fn server(&mut self, host: &[u8], port: u16, tls: bool) {
        self.put(&[template!("%"), Value::Text(host)]);
        (self.host_end, self.port, self.tls) = (self.end, port, tls);
    }

    /// Accepts a response of another size than [`RESPONSE_MAX`].
    #[allow(dead_code)] // Used by registrations that a build may leave out.
    pub(crate) fn accept(&mut self, response_max: usize) {
        self.response_max = response_max;
    }

    /// Bytes written so far.
    #[allow(dead_code)] // As above.
    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// Appends to the request.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn put(&mut self, text: &[Value]) {
        self.end += fill(behind(self.scratch, self.end), text);
    }
}

/// A request that follows on the success of the one before, with the value of one of its response's headers in it.
///
/// All else of it stands in the note of the first request: behind the note that the owner keeps come the part of the request
/// behind the value, its host, and the part before the value.
#[derive(Clone, Copy)]
#[allow(dead_code)] // As above.
pub(crate) struct Following {
    /// The name of the header.
    pub(crate) header: &'static [u8],
    /// Where the note ends that the owner keeps.
    pub(crate) note_end: usize,
    /// Where the part behind the value ends.
    pub(crate) tail_end: usize,
    /// Where the host ends.
    pub(crate) host_end: usize,
}
