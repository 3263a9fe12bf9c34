//! The platform's HTTPS service: where a device of the old public instance registers.
//!
//! What a request means the cloud decides, over the control port. Here are TLS, the bytes, and the ways in which a test
//! can have them go wrong, which no HTTP server lets itself be told.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use crate::control;

/// A request that takes longer, or is larger, is dropped.
const PATIENCE: Duration = Duration::from_secs(10);
const REQUEST: usize = 8192;

/// Listens on this port of the loopback interface (0: any), from a thread of its own; the port.
pub fn start(port: u16, directory: &Path, control_port: u16) -> Result<u16, String> {
    let config = configuration(directory).map_err(|e| format!("HTTPS: {e}"))?;
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|e| format!("port {port}: {e}"))?;
    let port = listener.local_addr().map_err(|e| e.to_string())?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = config.clone();
            // An error here is a client that went away, or did not like the certificate.
            thread::spawn(move || serve(stream, config, control_port));
        }
    });
    Ok(port)
}

fn configuration(directory: &Path) -> Result<Arc<ServerConfig>, Box<dyn std::error::Error>> {
    let certificate = CertificateDer::from_pem_slice(&fs::read(directory.join("server.pem"))?)?;
    let key = PrivateKeyDer::from_pem_slice(&fs::read(directory.join("server.key"))?)?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    Ok(Arc::new(config))
}

fn serve(stream: TcpStream, config: Arc<ServerConfig>, control_port: u16) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let (head, body) = read_request(&mut stream)?;
    let told = control::ask(control_port, &json!({ "do": "post", "head": head, "body": body }))?;
    let text = |key: &str| told[key].as_str().unwrap_or_default();
    let manner = text("manner");
    let response = response(told["status"].as_u64().unwrap_or(500), text("body"), manner);
    match manner {
        "cut" => stream.write_all(&response[..response.len() / 2])?,
        "stall" => {
            stream.write_all(&response[..response.len() / 2])?;
            stream.flush()?;
            // Until the client goes, or patience ends.
            stream.read_exact(&mut [0])?;
        }
        "trickle" => {
            for piece in response.chunks(7) {
                stream.write_all(piece)?;
                stream.flush()?;
                thread::sleep(Duration::from_millis(1));
            }
        }
        _ => stream.write_all(&response)?,
    }
    stream.conn.send_close_notify();
    stream.flush()
}

fn response(status: u64, body: &str, manner: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} \r\nServer: local-cloud\r\nContent-Type: application/json\r\n");
    let text = match manner {
        "garbage" => "SSH-2.0-local-cloud\r\n".into(),
        "until_close" => format!("{head}Connection: close\r\n\r\n{body}"),
        "chunked" => {
            let (one, two) = body.split_at(body.len() / 3);
            let chunk = |text: &str| format!("{:x};of=two\r\n{text}\r\n", text.len());
            format!("{head}Transfer-Encoding: chunked\r\n\r\n{}{}0\r\n\r\n", chunk(one), chunk(two))
        }
        _ => format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()),
    };
    text.into_bytes()
}

/// The head up to the empty line, and a body of the length that it tells.
fn read_request(stream: &mut impl Read) -> io::Result<(String, String)> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        bytes.push(byte[0]);
        if bytes.len() > REQUEST {
            return Err(wrong("a head without end"));
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("a head that is no text"))?;
    let length = text.lines().filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())
    });
    let length = length.flatten().filter(|length| *length <= REQUEST).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let body = String::from_utf8(body).map_err(|_| wrong("a body that is no text"))?;
    Ok((text[..text.len() - 2].to_owned(), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_to_its_end_and_no_further() {
        let mut bytes = &b"POST /x HTTP/1.1\r\nContent-length: 3\r\n\r\nabcd"[..];
        let (head, body) = read_request(&mut bytes).unwrap();
        assert_eq!((&*head, &*body), ("POST /x HTTP/1.1\r\nContent-length: 3\r\n", "abc"));
        assert_eq!(bytes, b"d");
        assert!(read_request(&mut &b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"[..]).is_err());
        assert!(read_request(&mut &[b'x'; REQUEST + 9][..]).is_err());
    }

    #[test]
    fn chunks_are_as_the_standard_has_them() {
        let text = String::from_utf8(response(200, "abcdef", "chunked")).unwrap();
        assert!(text.ends_with("\r\n\r\n2;of=two\r\nab\r\n4;of=two\r\ncdef\r\n0\r\n\r\n"), "{text}");
    }
}
