//! The platform's HTTPS service: where a device of the old public instance registers.
//!
//! The cloud decides what a request means. Here are the bytes, over the broker's own OpenSSL, and the ways in which a test can
//! have them go wrong, which no HTTP server offers. It runs in the broker's process: OpenSSL has every cipher suite that a
//! device may be limited to, and no TLS library of Rust's has those with RSA key exchange.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::handshakes::{self, Ends};
use crate::openssl::{Context, Stream};

/// A request that takes longer, or is larger, is dropped.
const PATIENCE: Duration = Duration::from_secs(10);
const REQUEST: usize = 16384;

/// Carries out a command.
pub type Ask = Arc<dyn Fn(Value) -> Value + Send + Sync>;

/// Listens on this port of the loopback interface, from a thread of its own, with the certificates in `folder`.
pub fn listen(port: u16, folder: &Path, ask: Ask) -> Result<(), String> {
    let file = |name: &str| folder.join(name);
    let context = Context::new(&[
        (&file("server.pem"), &file("server.key")),
        (&file("server-rsa.pem"), &file("server-rsa.key")),
    ])?;
    let context = Arc::new(context);
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|e| e.to_string())?;
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (context, ask) = (context.clone(), ask.clone());
            // An error here is a client that went away.
            thread::spawn(move || serve(socket, &context, &*ask));
        }
    });
    Ok(())
}

fn serve(socket: TcpStream, context: &Context, ask: &dyn Fn(Value) -> Value) -> io::Result<()> {
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.set_nodelay(true)?;
    let ends = Ends::of(&socket);
    let mut stream = match Stream::accept(context, socket) {
        Ok(stream) => stream,
        Err(why) => {
            if let Some(why) = why {
                handshakes::note(ends, why);
            }
            return Ok(());
        }
    };
    let (head, body) = read_request(&mut stream)?;
    let told = ask(json!({ "do": "post", "head": head, "body": body }));
    let text = |key: &str| told[key].as_str().unwrap_or_default();
    let manner = text("manner");
    let headers = told["headers"].as_object().into_iter().flatten();
    let headers: String =
        headers.map(|(name, value)| format!("{name}: {}\r\n", value.as_str().unwrap_or_default())).collect();
    let response = response(told["status"].as_u64().unwrap_or(500), &headers, text("body"), manner);
    match manner {
        "cut" => stream.write_all(&response[..response.len() / 2])?,
        "stall" => {
            stream.write_all(&response[..response.len() / 2])?;
            // Until the client goes, or patience ends.
            stream.read_exact(&mut [0])?;
        }
        "trickle" => {
            for piece in response.chunks(7) {
                stream.write_all(piece)?;
                thread::sleep(Duration::from_millis(1));
            }
        }
        _ => stream.write_all(&response)?,
    }
    stream.say_goodbye();
    Ok(())
}

fn response(status: u64, headers: &str, body: &str, manner: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} \r\nServer: local-cloud\r\n{headers}Content-Type: application/json\r\n");
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

/// The head with the empty line at its end, and a body of the length that it tells.
fn read_request(stream: &mut impl Read) -> io::Result<(String, String)> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
        if head.len() > REQUEST {
            return Err(wrong("a head without end"));
        }
    }
    let mut body = vec![0; content_length(&head).filter(|length| *length <= REQUEST).unwrap_or(0)];
    stream.read_exact(&mut body)?;
    let text = |bytes| String::from_utf8(bytes).map_err(|_| wrong("a request that is no text"));
    Ok((text(head)?, text(body)?))
}

fn content_length(head: &[u8]) -> Option<usize> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    // What is wrong with the head, the cloud says.
    let _ = request.parse(head);
    let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"))?;
    std::str::from_utf8(length.value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_to_its_end_and_no_further() {
        let mut bytes = &b"POST /x HTTP/1.1\r\nContent-length: 3\r\n\r\nabcd"[..];
        let (head, body) = read_request(&mut bytes).unwrap();
        assert_eq!((&*head, &*body), ("POST /x HTTP/1.1\r\nContent-length: 3\r\n\r\n", "abc"));
        assert_eq!(bytes, b"d");
        assert!(read_request(&mut &b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"[..]).is_err());
        assert!(read_request(&mut &[b'x'; REQUEST + 9][..]).is_err());
    }

    #[test]
    fn chunks_are_as_the_standard_has_them() {
        let text = String::from_utf8(response(200, "", "abcdef", "chunked")).unwrap();
        assert!(text.ends_with("\r\n\r\n2;of=two\r\nab\r\n4;of=two\r\ncdef\r\n0\r\n\r\n"), "{text}");
    }
}
