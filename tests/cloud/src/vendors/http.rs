//! What a vendor's HTTPS service reads and answers: devices that register.

use httparse::{EMPTY_HEADER, Status};
use serde_json::{Map, Value, json};

use super::envelope;

/// A request with more headers is none.
const HEADERS: usize = 32;

/// A request: `POST` with a JSON object, over HTTP/1.1, with a host.
pub struct Request<'a> {
    pub path: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    pub body: &'a str,
}

impl<'a> Request<'a> {
    /// Reads a head with its empty line. `None` if it is not HTTP.
    pub fn read(head: &'a str, body: &'a str) -> Option<(&'a str, Request<'a>)> {
        let mut headers = [EMPTY_HEADER; HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let Ok(Status::Complete(_)) = request.parse(head.as_bytes()) else {
            return None;
        };
        let (method, target) = (request.method?, request.path?);
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        let text = |header: &httparse::Header<'a>| Some((header.name, std::str::from_utf8(header.value).ok()?));
        let headers = request.headers.iter().filter_map(text).collect();
        Some((method, Request { path, headers, body }))
    }

    /// The value of a header; empty if there is none.
    pub fn header(&self, name: &str) -> &'a str {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| *value)
    }

    /// The host that the client connected to, without a port.
    pub fn host(&self) -> &'a str {
        let host = self.header("host");
        host.split_once(':').map_or(host, |(name, _)| name)
    }

    pub fn json(&self) -> Result<Map<String, Value>, String> {
        if !self.header("content-type").to_ascii_lowercase().starts_with("application/json") {
            return Err("the content type is not application/json".into());
        }
        envelope::object(self.body.as_bytes())
    }
}

/// What goes back, and what the journal gets.
pub struct Response {
    pub status: u64,
    pub headers: Map<String, Value>,
    pub body: Value,
    /// Which product and device it is about, as far as the request said.
    pub about: (String, String),
    /// Why it was refused: a code, and words for it.
    pub fault: Option<(Value, String)>,
}

impl Response {
    pub fn new(status: u64, body: Value) -> Response {
        Response { status, headers: Map::new(), body, about: Default::default(), fault: None }
    }

    pub fn header(mut self, name: &str, value: &str) -> Response {
        self.headers.insert(name.into(), json!(value));
        self
    }

    pub fn about(mut self, product: &str, device: &str) -> Response {
        self.about = (product.to_owned(), device.to_owned());
        self
    }

    pub fn refused(mut self, code: impl Into<Value>, reason: &str) -> Response {
        self.fault = Some((code.into(), reason.to_owned()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read() {
        let head = "POST /a/b?c=d HTTP/1.1\r\nHost: x.y:8443\r\nContent-Type: Application/JSON; charset=utf-8\r\n\r\n";
        let (method, request) = Request::read(head, "{\"a\":1}").unwrap();
        assert_eq!((method, request.path, request.host(), request.header("HOST")), ("POST", "/a/b", "x.y", "x.y:8443"));
        assert_eq!(request.json().unwrap()["a"], 1);
        let (_, request) = Request::read("POST / HTTP/1.1\r\n\r\n", "{}").unwrap();
        assert!(request.json().is_err() && request.host().is_empty());
        assert!(Request::read("hello\r\n\r\n", "").is_none());
    }
}
