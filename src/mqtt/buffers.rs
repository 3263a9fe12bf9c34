//! The memory of a session.

/// The smallest receive buffer that a session can live with, in bytes.
pub const RX_MIN: usize = 256;
/// The smallest send buffer that a session can live with, in bytes; 384 of it are kept for the session's own packets.
pub const TX_MIN: usize = 512;

/// Buffers of the caller's, for one session.
pub struct Buffers<'b> {
    /// What arrives, at least [`RX_MIN`] bytes; bounds the largest packet that can be received.
    pub rx: &'b mut [u8],
    /// What goes out, and the window of unacknowledged messages; at least [`TX_MIN`] bytes.
    pub tx: &'b mut [u8],
    /// Topic filters; each takes its length and 5 bytes.
    pub subscriptions: &'b mut [u8],
}
