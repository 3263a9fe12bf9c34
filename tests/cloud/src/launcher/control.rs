//! One command to the cloud, over its control port.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::Value;

/// The reply to this command.
pub fn ask(port: u16, command: &Value) -> io::Result<Value> {
    let mut lines = say(port, command)?;
    let mut line = String::new();
    lines.read_line(&mut line)?;
    serde_json::from_str(&line).map_err(io::Error::other)
}

/// Sends this command; the lines that come back.
pub fn say(port: u16, command: &Value) -> io::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(format!("{command}\n").as_bytes())?;
    Ok(BufReader::new(stream))
}
