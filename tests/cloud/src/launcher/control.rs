//! One command to the cloud, over its control port.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::Value;

/// Where the cloud takes commands, and the token that it asks for.
#[derive(Clone)]
pub struct Control {
    pub port: u16,
    pub token: String,
}

impl Control {
    /// The reply to this command.
    pub fn ask(&self, command: Value) -> io::Result<Value> {
        let mut lines = self.say(command)?;
        let mut line = String::new();
        lines.read_line(&mut line)?;
        serde_json::from_str(&line).map_err(io::Error::other)
    }

    /// Sends this command; the lines that come back.
    pub fn say(&self, mut command: Value) -> io::Result<BufReader<TcpStream>> {
        command["token"] = Value::from(&*self.token);
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(format!("{command}\n").as_bytes())?;
        Ok(BufReader::new(stream))
    }
}
