//! How do commands get in? A JSON line over loopback TCP for each, a JSON line back.
//!
//! The broker's functions may be called on its own thread only, so a command waits in a channel until
//! that thread takes it. A connection that says `{"do":"watch"}` turns into a stream of records.
//!
//! Any program on this machine can connect, a web page in a browser too. So the first line has to carry the token, which
//! lies in a file for its owner alone, and a line that is no JSON object ends the connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// A longer line ends the connection.
const LINE: u64 = 1 << 20;
/// Records that a watcher may be behind.
const BACKLOG: usize = 1024;

/// What the broker's thread is asked for.
pub enum Request {
    Run(Value, Sender<Value>),
    Watch(SyncSender<Arc<str>>),
}

/// Wakes the broker's thread.
pub type Bell = Arc<dyn Fn() + Send + Sync>;

/// Where commands go.
#[derive(Clone)]
pub struct Desk {
    pub requests: Sender<Request>,
    pub bell: Bell,
}

/// Listens on this port of the loopback interface, from a thread of its own, to callers who know the token.
pub fn listen(port: u16, token: &str, desk: &Desk) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let (token, desk): (Arc<str>, Desk) = (token.into(), desk.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (token, desk) = (token.clone(), desk.clone());
            // An error here is a caller that went away.
            thread::spawn(move || serve(stream, &token, &desk));
        }
    });
    Ok(())
}

fn serve(mut stream: TcpStream, token: &str, desk: &Desk) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut known = false;
    loop {
        let mut line = Vec::new();
        if lines.by_ref().take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let reply = match read(&line, token, &mut known) {
            Err(why) => {
                let reply = json!({ "ok": false, "error": why });
                stream.write_all(format!("{reply}\n").as_bytes())?;
                return say_no_more(stream);
            }
            Ok(request) if request["do"] == "watch" => return watch(stream, &desk.requests, &desk.bell),
            Ok(request) => desk.ask(request),
        };
        stream.write_all(format!("{reply}\n").as_bytes())?;
    }
}

/// Closes in order: were bytes left unread, the reply could be lost with them.
fn say_no_more(stream: TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    io::copy(&mut Read::take(stream, 4 * LINE), &mut io::sink()).map(drop)
}

/// The command of this line, without the token. An error ends the connection.
fn read(line: &[u8], token: &str, known: &mut bool) -> Result<Value, String> {
    let mut request = serde_json::from_slice::<Value>(line).map_err(|why| format!("not a JSON line: {why}"))?;
    let fields = request.as_object_mut().ok_or("not a JSON object")?;
    match fields.remove("token") {
        Some(given) if given.as_str().is_some_and(|given| is_same(given, token)) => *known = true,
        Some(_) => return Err("that is not the token; it is in cloud.json".into()),
        None if !*known => return Err("the first line has no token; it is in cloud.json".into()),
        None => {}
    }
    Ok(request)
}

/// Takes as long for a wrong text as for the right one.
fn is_same(given: &str, token: &str) -> bool {
    let differences = given.bytes().zip(token.bytes()).fold(0, |all, (one, other)| all | (one ^ other));
    given.len() == token.len() && differences == 0
}

impl Desk {
    /// Has the broker's thread carry out a command.
    pub fn ask(&self, request: Value) -> Value {
        run(request, &self.requests, &self.bell)
    }
}

fn run(request: Value, requests: &Sender<Request>, bell: &Bell) -> Value {
    let (sender, reply) = channel();
    let sent = requests.send(Request::Run(request, sender));
    bell();
    sent.ok()
        .and_then(|()| reply.recv_timeout(Duration::from_secs(10)).ok())
        .unwrap_or_else(|| json!({ "ok": false, "error": "the broker does not answer" }))
}

fn watch(mut stream: TcpStream, requests: &Sender<Request>, bell: &Bell) -> io::Result<()> {
    let (sender, records) = sync_channel(BACKLOG);
    let _ = requests.send(Request::Watch(sender));
    bell();
    stream.write_all(b"{\"ok\":true}\n")?;
    for record in records {
        stream.write_all(format!("{record}\n").as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_begins_with_the_token() {
        let mut known = false;
        for line in [
            &b"POST / HTTP/1.1\r\n"[..],
            b"[]",
            b"\xff\n",
            b"{\"do\":\"online\"}",
            b"{\"do\":\"online\",\"token\":\"b\"}",
            b"{\"do\":\"online\",\"token\":\"\"}",
            b"{\"do\":\"online\",\"token\":null}",
            b"{\"do\":\"online\",\"token\":\"abc\"} {\"do\":\"online\"}",
        ] {
            assert!(read(line, "abc", &mut known).is_err() && !known, "{line:?}");
        }
        let request = read(br#"{"do":"online","token":"abc"}"#, "abc", &mut known);
        assert_eq!(request, Ok(json!({"do": "online"})));
        assert_eq!(read(br#"{"do":"clear"}"#, "abc", &mut known), Ok(json!({"do": "clear"})));
        assert!(read(b"hello", "abc", &mut known).is_err());
    }
}
