//! What does the broker's plugin interface not see, and not say?
//!
//! It does not tell a plugin whether a client came through TLS or brought a will, nor that a handshake failed, and it lets a
//! plugin refuse a login with one CONNACK code only (5). The platform looks at the former and has several codes. So the
//! launcher also preloads this library: the broker then reads and writes its sockets through the functions below, which
//! pass everything on, keep the first bytes of each connection and put the right code into the CONNACK that refuses it.
//!
//! The broker shows one certificate a listener. The function that takes its key adds a second one, for RSA.

#![allow(unsafe_code)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::mem::ManuallyDrop;
use std::net::TcpStream;
use std::os::fd::FromRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::{ptr, slice};

use libc::{size_t, sockaddr, socklen_t, ssize_t};

use crate::connect::{self, HEAD};
use crate::handshakes::{self, Ends};
use crate::openssl;

/// What each connection with TLS begins with.
const TLS_HANDSHAKE: u8 = 0x16;

thread_local! {
    /// Each connection, by its socket, until its login is judged.
    static NEW: RefCell<HashMap<c_int, New>> = RefCell::default();
    /// The connection that was read last, and its TLS; null if it has none.
    static CURRENT: Cell<(c_int, *mut c_void)> = const { Cell::new((-1, ptr::null_mut())) };
    /// OpenSSL reads the socket for itself: those bytes are not the client's.
    static WITHIN_TLS: Cell<bool> = const { Cell::new(false) };
    static REFUSAL: Cell<Option<u8>> = const { Cell::new(None) };
}

/// A connection that has not logged in.
struct New {
    ends: Ends,
    /// Its first bytes.
    head: Vec<u8>,
}

/// The CONNECT packet that is being handled.
pub struct Connect {
    /// The listener that it came to.
    pub port: u16,
    pub tls: bool,
    /// The certificate that the client showed, as DER. It is one that the broker accepts.
    pub certificate: Option<Vec<u8>>,
    pub will: bool,
}

/// To be called while a login is judged: the last bytes that this thread read were the end of its CONNECT.
pub fn connect() -> Connect {
    let (socket, ssl) = CURRENT.get();
    let new = NEW.with_borrow_mut(|new| new.remove(&socket));
    let port = new.as_ref().and_then(|new| new.ends.port()).unwrap_or_default();
    // SAFETY: the broker has just read from this connection, on this thread.
    let certificate = if ssl.is_null() { None } else { unsafe { openssl::peer_certificate(ssl) } };
    Connect { port, tls: !ssl.is_null(), certificate, will: new.is_some_and(|new| connect::brings_will(&new.head)) }
}

/// The next CONNACK that refuses will carry this code.
pub fn refuse_with(code: u8) {
    REFUSAL.set(Some(code));
}

fn begins(socket: c_int) {
    if socket >= 0 {
        // SAFETY: the kernel has just made this socket, and nobody closes it here.
        let stream = ManuallyDrop::new(unsafe { TcpStream::from_raw_fd(socket) });
        let new = New { ends: Ends::of(&stream), head: Vec::with_capacity(HEAD) };
        NEW.with_borrow_mut(|all| all.insert(socket, new));
    }
}

/// Bytes of a client, in whatever pieces they come.
fn came_in(socket: c_int, bytes: &[u8], ssl: *mut c_void) {
    CURRENT.set((socket, ssl));
    let tls = !ssl.is_null();
    NEW.with_borrow_mut(|all| {
        if let Some(New { ends, head }) = all.get_mut(&socket) {
            if head.is_empty() && !tls && bytes.first() == Some(&TLS_HANDSHAKE) {
                handshakes::note(ends.clone(), "the client speaks TLS on the port of plain MQTT".into());
            }
            let room = HEAD.saturating_sub(head.len());
            head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    });
}

/// The packet to send instead of this one, if it is a refusal and another code is wanted.
fn going_out(bytes: &[u8]) -> Option<[u8; 4]> {
    match bytes {
        [0x20, 2, 0, 5] => REFUSAL.take().map(|code| [0x20, 2, 0, code]),
        _ => None,
    }
}

/// # Safety
/// `buffer` is valid for `length` bytes, or null with length 0.
unsafe fn bytes<'a>(buffer: *const c_void, length: usize) -> &'a [u8] {
    if buffer.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(buffer.cast(), length) }
}

/// # Safety
/// As accept(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn accept(listener: c_int, address: *mut sockaddr, length: *mut socklen_t) -> c_int {
    // SAFETY: the arguments are passed on as they came.
    let socket = unsafe { libc::syscall(libc::SYS_accept, listener, address, length) } as c_int;
    begins(socket);
    socket
}

/// # Safety
/// As accept4(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn accept4(
    listener: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
    flags: c_int,
) -> c_int {
    // SAFETY: the arguments are passed on as they came.
    let socket = unsafe { libc::syscall(libc::SYS_accept4, listener, address, length, flags) } as c_int;
    begins(socket);
    socket
}

/// # Safety
/// As read(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, count: size_t) -> ssize_t {
    // SAFETY: the arguments are passed on as they came.
    let got = unsafe { libc::syscall(libc::SYS_read, fd, buffer, count) } as ssize_t;
    if got > 0 && !WITHIN_TLS.get() {
        // SAFETY: the kernel has just written `got` bytes there.
        came_in(fd, unsafe { bytes(buffer, got as usize) }, ptr::null_mut());
    }
    got
}

/// # Safety
/// As write(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, buffer: *const c_void, count: size_t) -> ssize_t {
    // SAFETY: the caller lends `count` bytes.
    let other = going_out(unsafe { bytes(buffer, count) });
    let from = other.as_ref().map_or(buffer, |packet| packet.as_ptr().cast());
    // SAFETY: `from` holds `count` bytes: the caller's, or four for four.
    unsafe { libc::syscall(libc::SYS_write, fd, from, count) as ssize_t }
}

/// # Safety
/// As send(2). Later 2.0 brokers write with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn send(fd: c_int, buffer: *const c_void, count: size_t, flags: c_int) -> ssize_t {
    // SAFETY: the caller lends `count` bytes.
    let other = going_out(unsafe { bytes(buffer, count) });
    let from = other.as_ref().map_or(buffer, |packet| packet.as_ptr().cast());
    // SAFETY: `from` holds `count` bytes: the caller's, or four for four.
    unsafe { libc::sendto(fd, from, count, flags, std::ptr::null(), 0) }
}

/// Lets OpenSSL go on with a connection, and notes a handshake that fails.
///
/// # Safety
/// `ssl` is an `SSL` with a socket.
unsafe fn within_tls(ssl: *mut c_void, go_on: impl FnOnce() -> c_int) -> c_int {
    // SAFETY: the caller's promise.
    let shaking = unsafe { openssl::SSL_is_init_finished(ssl) } == 0;
    if shaking {
        // SAFETY: no arguments. What lies there is another connection's.
        unsafe { openssl::ERR_clear_error() };
    }
    WITHIN_TLS.set(true);
    let result = go_on();
    WITHIN_TLS.set(false);
    if shaking {
        // SAFETY: the caller's promise.
        if let (Some(why), socket) = unsafe { (openssl::failed_handshake(ssl, result), openssl::SSL_get_fd(ssl)) } {
            let ends = NEW.with_borrow(|all| all.get(&socket).map(|new| new.ends.clone()));
            handshakes::note(ends.unwrap_or_default(), why);
        }
    }
    result
}

/// # Safety
/// As OpenSSL's SSL_accept.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SSL_accept(ssl: *mut c_void) -> c_int {
    // SAFETY: the argument is passed on as it came.
    unsafe { within_tls(ssl, || openssl::SSL_accept(ssl)) }
}

/// # Safety
/// As OpenSSL's SSL_read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SSL_read(ssl: *mut c_void, buffer: *mut c_void, count: c_int) -> c_int {
    // SAFETY: the arguments are passed on as they came.
    let got = unsafe { within_tls(ssl, || openssl::SSL_read(ssl, buffer, count)) };
    if got > 0 {
        // SAFETY: OpenSSL has just written `got` bytes there.
        came_in(unsafe { openssl::SSL_get_fd(ssl) }, unsafe { bytes(buffer, got as usize) }, ssl);
    }
    got
}

/// # Safety
/// As OpenSSL's SSL_write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SSL_write(ssl: *mut c_void, buffer: *const c_void, count: c_int) -> c_int {
    // SAFETY: the caller lends `count` bytes.
    let other = going_out(unsafe { bytes(buffer, count.max(0) as usize) });
    let from = other.as_ref().map_or(buffer, |packet| packet.as_ptr().cast());
    // SAFETY: `from` holds `count` bytes: the caller's, or four for four.
    unsafe { openssl::SSL_write(ssl, from, count) }
}

/// Where the broker would require a certificate of each client, it asks for one and accepts a client without.
///
/// # Safety
/// As OpenSSL's SSL_CTX_set_verify.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SSL_CTX_set_verify(context: *mut c_void, mode: c_int, callback: *mut c_void) {
    // SAFETY: the arguments are passed on as they came, but for a bit of the mode.
    unsafe { openssl::SSL_CTX_set_verify(context, mode & !openssl::FAIL_WITHOUT_CERTIFICATE, callback) };
}

/// Takes the broker's key, and beside `server.key` the certificate `server-rsa` for clients that know RSA only.
///
/// # Safety
/// As OpenSSL's SSL_CTX_use_PrivateKey_file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SSL_CTX_use_PrivateKey_file(context: *mut c_void, file: *const c_char, kind: c_int) -> c_int {
    // SAFETY: the arguments are passed on as they came.
    let taken = unsafe { openssl::SSL_CTX_use_PrivateKey_file(context, file, kind) };
    // SAFETY: the broker passes a C string.
    let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(file) }.to_bytes()));
    if taken != 1 || !path.ends_with("server.key") {
        return taken;
    }
    let (certificate, key) = (path.with_file_name("server-rsa.pem"), path.with_file_name("server-rsa.key"));
    // SAFETY: the broker passes a context.
    match unsafe { openssl::also_show(context, &certificate, &key) } {
        Ok(()) => 1,
        Err(why) => {
            eprintln!("local cloud: {why}");
            0
        }
    }
}
