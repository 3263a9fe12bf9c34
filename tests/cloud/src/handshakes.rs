//! TLS handshakes that failed, on any thread, until the cloud writes them into its journal.

use std::mem;
use std::net::TcpStream;
use std::sync::Mutex;

use crate::journal::Record;

/// More than these between two looks are not kept.
const MOST: usize = 1024;

static FAILED: Mutex<Vec<Record>> = Mutex::new(Vec::new());

/// The two ends of a connection, as they were at its beginning: a reset takes them away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    peer: Option<String>,
    port: Option<u16>,
}

impl Ends {
    pub fn of(socket: &TcpStream) -> Ends {
        Ends {
            peer: socket.peer_addr().ok().map(|peer| peer.to_string()),
            port: socket.local_addr().ok().map(|local| local.port()),
        }
    }

    /// Which listener it came to.
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

/// The handshake between these has failed.
pub fn note(ends: Ends, reason: String) {
    let record = Record::of_nobody("tls_failure");
    let record = record.with("port", ends.port).with("peer", ends.peer).with("reason", reason);
    let mut failed = FAILED.lock().unwrap_or_else(|e| e.into_inner());
    if failed.len() < MOST {
        failed.push(record);
    }
}

/// Those since the last time.
pub fn take() -> Vec<Record> {
    mem::take(&mut *FAILED.lock().unwrap_or_else(|e| e.into_inner()))
}
