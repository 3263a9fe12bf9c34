//! What does the broker's plugin interface not see, and not say?
//!
//! It does not tell a plugin whether a client came through TLS or brought a will, and it lets a plugin
//! refuse a login with one CONNACK code only (5). The platform looks at the former and has several
//! codes. So the launcher also preloads this library: the broker then reads and writes its sockets
//! through the functions below, which pass everything on, look at the CONNECT packet as it comes in and
//! put the right code into the CONNACK that refuses it.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};
use std::mem::transmute;
use std::slice;
use std::sync::OnceLock;

use libc::{size_t, ssize_t};

thread_local! {
    static FROM_TLS: Cell<bool> = const { Cell::new(false) };
    static WILL: Cell<bool> = const { Cell::new(false) };
    static REFUSAL: Cell<Option<u8>> = const { Cell::new(None) };
}

/// The CONNECT packet that is being handled.
pub struct Connect {
    pub tls: bool,
    pub will: bool,
}

/// To be called while a login is judged: the last bytes that this thread read were its CONNECT.
pub fn connect() -> Connect {
    Connect { tls: FROM_TLS.get(), will: WILL.take() }
}

/// The next CONNACK that refuses will carry this code.
pub fn refuse_with(code: u8) {
    REFUSAL.set(Some(code));
}

fn came_in(bytes: &[u8], tls: bool) {
    FROM_TLS.set(tls);
    // Protocol name, level, flags: the variable header of CONNECT, read in one go by the broker.
    if let [0, 4, b'M', b'Q', b'T', b'T', 4, flags, ..] = bytes {
        WILL.set(flags & 4 != 0);
    }
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
/// As read(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, count: size_t) -> ssize_t {
    // SAFETY: the arguments are passed on as they came.
    let got = unsafe { libc::syscall(libc::SYS_read, fd, buffer, count) } as ssize_t;
    if got > 0 {
        // SAFETY: the kernel has just written `got` bytes there.
        came_in(unsafe { bytes(buffer, got as usize) }, false);
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

/// # Safety
/// As OpenSSL's SSL_read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SSL_read(ssl: *mut c_void, buffer: *mut c_void, count: c_int) -> c_int {
    static NEXT: OnceLock<usize> = OnceLock::new();
    let address = next(&NEXT, c"SSL_read".as_ptr());
    // SAFETY: this is OpenSSL's function of that name.
    let real: unsafe extern "C" fn(*mut c_void, *mut c_void, c_int) -> c_int = unsafe { transmute(address) };
    // SAFETY: the arguments are passed on as they came.
    let got = unsafe { real(ssl, buffer, count) };
    if got > 0 {
        // SAFETY: OpenSSL has just written `got` bytes there.
        came_in(unsafe { bytes(buffer, got as usize) }, true);
    }
    got
}

/// # Safety
/// As OpenSSL's SSL_write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SSL_write(ssl: *mut c_void, buffer: *const c_void, count: c_int) -> c_int {
    static NEXT: OnceLock<usize> = OnceLock::new();
    let address = next(&NEXT, c"SSL_write".as_ptr());
    // SAFETY: this is OpenSSL's function of that name.
    let real: unsafe extern "C" fn(*mut c_void, *const c_void, c_int) -> c_int = unsafe { transmute(address) };
    // SAFETY: the caller lends `count` bytes.
    let other = going_out(unsafe { bytes(buffer, count.max(0) as usize) });
    let from = other.as_ref().map_or(buffer, |packet| packet.as_ptr().cast());
    // SAFETY: `from` holds `count` bytes: the caller's, or four for four.
    unsafe { real(ssl, from, count) }
}

/// The function that this library stands before. Without it the broker could not go on.
fn next(cache: &OnceLock<usize>, name: *const c_char) -> *const c_void {
    let address = *cache.get_or_init(|| {
        // SAFETY: the name is a C string.
        unsafe { libc::dlsym(libc::RTLD_NEXT, name) as usize }
    });
    if address == 0 {
        std::process::abort();
    }
    address as *const c_void
}
