//! The broker's OpenSSL, 1.1 or 3: the few of its functions that are called here, and a stream made of them.
//!
//! The functions are looked up while the program runs, as `wire` stands before some of them.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_long, c_ulong, c_void};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;

/// Declares C functions, each found behind this library at its first call.
macro_rules! functions {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {$(
        /// # Safety
        /// As OpenSSL's function of this name.
        #[allow(non_snake_case)]
        pub unsafe fn $name($($argument: $type),*) -> $result {
            static PLACE: OnceLock<usize> = OnceLock::new();
            let address = *PLACE.get_or_init(|| find(concat!(stringify!($name), "\0")));
            // SAFETY: this is OpenSSL's function of that name.
            let real: unsafe extern "C" fn($($type),*) -> $result = unsafe { std::mem::transmute(address) };
            // SAFETY: the caller's promise.
            unsafe { real($($argument),*) }
        }
    )*};
}

functions! {
    fn BIO_number_read(bio: *mut c_void) -> u64;
    fn EVP_CIPHER_CTX_free(context: *mut c_void) -> ();
    fn EVP_CIPHER_CTX_new() -> *mut c_void;
    fn EVP_CIPHER_CTX_set_padding(context: *mut c_void, padding: c_int) -> c_int;
    fn EVP_EncryptInit_ex(context: *mut c_void, cipher: *const c_void, engine: *mut c_void, key: *const u8, iv: *const u8) -> c_int;
    fn EVP_EncryptUpdate(context: *mut c_void, out: *mut u8, written: *mut c_int, text: *const u8, length: c_int) -> c_int;
    fn EVP_aes_128_cbc() -> *const c_void;
    fn ERR_clear_error() -> ();
    fn ERR_peek_last_error() -> c_ulong;
    fn ERR_reason_error_string(code: c_ulong) -> *const c_char;
    fn SSL_CTX_ctrl(context: *mut c_void, command: c_int, number: c_long, more: *mut c_void) -> c_long;
    fn SSL_CTX_new(method: *const c_void) -> *mut c_void;
    fn SSL_CTX_set_verify(context: *mut c_void, mode: c_int, callback: *mut c_void) -> ();
    fn SSL_CTX_use_PrivateKey_file(context: *mut c_void, file: *const c_char, kind: c_int) -> c_int;
    fn SSL_CTX_use_certificate_chain_file(context: *mut c_void, file: *const c_char) -> c_int;
    fn SSL_accept(ssl: *mut c_void) -> c_int;
    fn SSL_free(ssl: *mut c_void) -> ();
    fn SSL_get_error(ssl: *const c_void, result: c_int) -> c_int;
    fn SSL_get_fd(ssl: *const c_void) -> c_int;
    fn SSL_get_rbio(ssl: *const c_void) -> *mut c_void;
    fn SSL_get_verify_result(ssl: *const c_void) -> c_long;
    fn SSL_is_init_finished(ssl: *const c_void) -> c_int;
    fn SSL_new(context: *mut c_void) -> *mut c_void;
    fn SSL_read(ssl: *mut c_void, buffer: *mut c_void, count: c_int) -> c_int;
    fn SSL_set_fd(ssl: *mut c_void, fd: c_int) -> c_int;
    fn SSL_shutdown(ssl: *mut c_void) -> c_int;
    fn SSL_write(ssl: *mut c_void, buffer: *const c_void, count: c_int) -> c_int;
    fn TLS_server_method() -> *const c_void;
    fn X509_free(certificate: *mut c_void) -> ();
    fn X509_verify_cert_error_string(code: c_long) -> *const c_char;
    fn i2d_X509(certificate: *const c_void, place: *mut *mut u8) -> c_int;
}

const PEM: c_int = 1;
/// A bit of the mode of `SSL_CTX_set_verify`.
pub const FAIL_WITHOUT_CERTIFICATE: c_int = 2;
const SET_LEAST_VERSION: c_int = 123;
const TLS_1_2: c_long = 0x0303;

/// What `SSL_get_error` says of a call that is to be made again.
const WANTS: [c_int; 2] = [2, 3];
const CLOSED: c_int = 6;

/// Without that function the broker could not go on.
fn find(name: &str) -> usize {
    look_up(name).unwrap_or_else(|| {
        eprintln!("local cloud: the broker has no {}", name.trim_end_matches('\0'));
        std::process::abort()
    })
}

fn look_up(name: &str) -> Option<usize> {
    // SAFETY: the name ends with a zero.
    let place = unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr().cast()) };
    (!place.is_null()).then_some(place as usize)
}

/// The certificate that a client showed, as DER.
///
/// # Safety
/// `ssl` is an `SSL` after its handshake.
pub unsafe fn peer_certificate(ssl: *mut c_void) -> Option<Vec<u8>> {
    // The name of OpenSSL 3, and that of 1.1.
    let address = look_up("SSL_get1_peer_certificate\0").unwrap_or_else(|| find("SSL_get_peer_certificate\0"));
    // SAFETY: this is OpenSSL's function of that name.
    let get: unsafe extern "C" fn(*const c_void) -> *mut c_void = unsafe { std::mem::transmute(address) };
    // SAFETY: the caller's promise.
    let certificate = unsafe { get(ssl) };
    if certificate.is_null() {
        return None;
    }
    // SAFETY: without a place, it tells the length; then the place has room for that.
    let der = unsafe {
        let mut der = vec![0; usize::try_from(i2d_X509(certificate, ptr::null_mut())).unwrap_or(0)];
        let mut place = der.as_mut_ptr();
        i2d_X509(certificate, &raw mut place);
        X509_free(certificate);
        der
    };
    Some(der)
}

/// AES-128 in CBC mode, without padding: `text` is a number of whole blocks.
pub fn encrypt(key: &[u8; 16], iv: &[u8; 16], text: &[u8]) -> Result<Vec<u8>, String> {
    let length = c_int::try_from(text.len()).map_err(|e| e.to_string())?;
    let mut out = vec![0; text.len()];
    let mut written = 0;
    // SAFETY: key and vector have 16 bytes each, as that cipher needs; `out` has room for as many bytes as `text` has.
    let done = unsafe {
        let context = EVP_CIPHER_CTX_new();
        let done = EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), ptr::null_mut(), key.as_ptr(), iv.as_ptr()) == 1
            && EVP_CIPHER_CTX_set_padding(context, 0) == 1
            && EVP_EncryptUpdate(context, out.as_mut_ptr(), &raw mut written, text.as_ptr(), length) == 1;
        EVP_CIPHER_CTX_free(context);
        done
    };
    match done && written == length {
        true => Ok(out),
        false => Err(format!("cannot encrypt {length} bytes: {}", last_error())),
    }
}

/// Shows this certificate as well. OpenSSL keeps one for each kind of key, and takes the one that a client can check.
///
/// # Safety
/// `context` is an `SSL_CTX`.
pub unsafe fn also_show(context: *mut c_void, certificate: &Path, key: &Path) -> Result<(), String> {
    let name = |path: &Path| CString::new(path.as_os_str().as_encoded_bytes()).map_err(|e| e.to_string());
    let (certificate_name, key_name) = (name(certificate)?, name(key)?);
    // SAFETY: the caller's promise, and two C strings.
    let taken = unsafe {
        SSL_CTX_use_certificate_chain_file(context, certificate_name.as_ptr()) == 1
            && SSL_CTX_use_PrivateKey_file(context, key_name.as_ptr(), PEM) == 1
    };
    if taken { Ok(()) } else { Err(format!("{}: {}", certificate.display(), last_error())) }
}

/// The reason of this thread's last error, in OpenSSL's words; empty if there is none.
pub fn last_error() -> String {
    // SAFETY: no arguments that could be wrong; the text is OpenSSL's own and stays.
    unsafe {
        let reason = ERR_reason_error_string(ERR_peek_last_error());
        if reason.is_null() { String::new() } else { CStr::from_ptr(reason).to_string_lossy().into_owned() }
    }
}

/// Why did the handshake fail, if this result of `SSL_accept` or `SSL_read` says that it has? To be asked right after that.
///
/// # Safety
/// `ssl` is an `SSL` with a socket.
pub unsafe fn failed_handshake(ssl: *mut c_void, result: c_int) -> Option<String> {
    // SAFETY: the caller's promise.
    let (error, done) = unsafe { (SSL_get_error(ssl, result), SSL_is_init_finished(ssl) != 0) };
    if result > 0 || done || WANTS.contains(&error) {
        return None;
    }
    // SAFETY: the caller's promise.
    let received = unsafe { BIO_number_read(SSL_get_rbio(ssl)) };
    // Somebody looked whether the port is open.
    if received == 0 {
        return None;
    }
    let reason = last_error();
    if reason.contains("certificate verify failed") {
        // SAFETY: the caller's promise; the text is OpenSSL's own and stays.
        let why = unsafe { CStr::from_ptr(X509_verify_cert_error_string(SSL_get_verify_result(ssl))) };
        return Some(format!("the client's certificate is not accepted: {}", why.to_string_lossy()));
    }
    Some(in_words(&reason))
}

/// OpenSSL's reason, and what it means here.
fn in_words(reason: &str) -> String {
    let hints = [
        ("wrong version number", "the client does not speak TLS; plain MQTT has another port"),
        ("http request", "the client does not speak TLS"),
        ("unknown ca", "the client does not trust the certificate; its trust root is ca.pem"),
        ("bad certificate", "the client does not accept the certificate; its trust root is ca.pem, the name localhost"),
        (
            "certificate unknown",
            "the client does not accept the certificate; its trust root is ca.pem, the name localhost",
        ),
        ("certificate expired", "the client takes the certificate for outdated; is its clock right?"),
        ("no shared cipher", "the client has no cipher suite that the cloud has"),
        ("unsupported protocol", "the client has no TLS 1.2"),
        ("protocol version", "the client has no version of TLS that the cloud has"),
        ("unexpected eof", "the client closed the connection before the end; it may not accept the certificate"),
    ];
    match hints.iter().find(|(part, _)| reason.contains(part)) {
        Some((_, hint)) => format!("{reason}: {hint}"),
        None if reason.is_empty() => "the client closed the connection before the end".into(),
        None => reason.into(),
    }
}

/// What a server shows, for all its connections.
pub struct Context(*mut c_void);

// SAFETY: OpenSSL counts references to it under a lock, and nothing changes it once it is made.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    /// A server with these certificates and keys.
    pub fn new(shown: &[(&Path, &Path)]) -> Result<Context, String> {
        // SAFETY: plain calls; the context is kept for good.
        let context = unsafe { SSL_CTX_new(TLS_server_method()) };
        if context.is_null() {
            return Err(last_error());
        }
        for (certificate, key) in shown {
            // SAFETY: the context was just made.
            unsafe { also_show(context, certificate, key)? };
        }
        // SAFETY: as above.
        unsafe { SSL_CTX_ctrl(context, SET_LEAST_VERSION, TLS_1_2, ptr::null_mut()) };
        Ok(Context(context))
    }
}

/// A connection after its handshake.
pub struct Stream {
    ssl: *mut c_void,
    socket: TcpStream,
}

impl Stream {
    /// Shakes hands with a client. An inner error says why the handshake failed.
    pub fn accept(context: &Context, socket: TcpStream) -> Result<Stream, Option<String>> {
        // SAFETY: the context lives for good; the socket as long as the stream.
        unsafe {
            let ssl = SSL_new(context.0);
            if ssl.is_null() {
                return Err(None);
            }
            let stream = Stream { ssl, socket };
            ERR_clear_error();
            SSL_set_fd(ssl, stream.socket.as_raw_fd());
            match SSL_accept(ssl) {
                1 => Ok(stream),
                result => Err(failed_handshake(ssl, result)),
            }
        }
    }

    /// What a call that did not succeed comes to.
    fn outcome(&self, result: c_int) -> io::Result<usize> {
        // SAFETY: the connection is this stream's own.
        match unsafe { SSL_get_error(self.ssl, result) } {
            CLOSED => Ok(0),
            error if WANTS.contains(&error) => Err(io::ErrorKind::TimedOut.into()),
            _ => Err(io::Error::other(last_error())),
        }
    }

    pub fn say_goodbye(&mut self) {
        // SAFETY: the connection is this stream's own.
        unsafe { SSL_shutdown(self.ssl) };
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = c_int::try_from(buffer.len()).unwrap_or(c_int::MAX);
        // SAFETY: the buffer has room for `count` bytes.
        let got = unsafe {
            ERR_clear_error();
            SSL_read(self.ssl, buffer.as_mut_ptr().cast(), count)
        };
        if got > 0 { Ok(got as usize) } else { self.outcome(got) }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = c_int::try_from(bytes.len()).unwrap_or(c_int::MAX);
        // SAFETY: `count` bytes are there.
        let sent = unsafe {
            ERR_clear_error();
            SSL_write(self.ssl, bytes.as_ptr().cast(), count)
        };
        if sent > 0 { Ok(sent as usize) } else { self.outcome(sent) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: the connection is this stream's own, and not used any more.
        unsafe { SSL_free(self.ssl) };
    }
}

/// Loads the library for a test, as the broker does.
#[cfg(test)]
pub fn load() {
    let loaded = ["libcrypto.so.3\0", "libcrypto.so.1.1\0"].into_iter().any(|name| {
        // SAFETY: the name ends with a zero.
        !unsafe { libc::dlopen(name.as_ptr().cast(), libc::RTLD_NOW | libc::RTLD_GLOBAL) }.is_null()
    });
    assert!(loaded, "no libcrypto; Debian: apt-get install openssl");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two blocks of NIST SP 800-38A, F.2.1. The broker has this library loaded; a test does not.
    #[test]
    fn encrypts_as_published() {
        load();
        let key = hex::decode("2b7e151628aed2a6abf7158809cf4f3c").unwrap().try_into().unwrap();
        let iv = hex::decode("000102030405060708090a0b0c0d0e0f").unwrap().try_into().unwrap();
        let text = hex::decode("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51").unwrap();
        let sealed = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2";
        assert_eq!(hex::encode(encrypt(&key, &iv, &text).unwrap()), sealed);
        assert!(encrypt(&key, &iv, &text[1..]).is_err());
    }

    #[test]
    fn a_reason_gets_a_hint() {
        assert!(in_words("tlsv1 alert unknown ca").contains("ca.pem"));
        assert!(in_words("no shared cipher").contains("cipher suite"));
        assert_eq!(in_words("something else"), "something else");
        assert!(!in_words("").is_empty());
    }
}
