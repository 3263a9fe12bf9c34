//! How do commands get in? A JSON line over loopback TCP for each, a JSON line back.
//!
//! The broker's functions may be called on its own thread only, so a command waits in a channel until
//! that thread takes it. A connection that says `{"do":"watch"}` turns into a stream of records.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
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

/// Listens on this port of the loopback interface, from a thread of its own.
pub fn listen(port: u16, bell: Bell) -> io::Result<Receiver<Request>> {
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (sender, bell) = (sender.clone(), bell.clone());
            // An error here is a caller that went away.
            thread::spawn(move || serve(stream, &sender, &bell));
        }
    });
    Ok(receiver)
}

fn serve(mut stream: TcpStream, requests: &Sender<Request>, bell: &Bell) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = String::new();
        if lines.by_ref().take(LINE).read_line(&mut line)? == 0 {
            return Ok(());
        }
        let reply = match serde_json::from_str::<Value>(&line) {
            Err(why) => json!({ "ok": false, "error": format!("not a JSON line: {why}") }),
            Ok(request) if request["do"] == "watch" => return watch(stream, requests, bell),
            Ok(request) => run(request, requests, bell),
        };
        stream.write_all(format!("{reply}\n").as_bytes())?;
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
