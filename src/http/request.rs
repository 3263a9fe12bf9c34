//! An HTTP request, written into the memory of the caller.

use crate::bytes::behind;
use crate::codec::template::{Value, fill, template};

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
}

impl<'b> Request<'b> {
    pub(crate) fn new(scratch: &'b mut [u8]) -> Self {
        Self { scratch, end: 0, note_end: 0, host_end: 0, port: 0, tls: true }
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

    /// Appends to the request.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn put(&mut self, text: &[Value]) {
        self.end += fill(behind(self.scratch, self.end), text);
    }
}
