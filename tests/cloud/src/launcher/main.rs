//! Starts the local cloud: certificates, devices, the broker with the plugin, and a terminal to it.

mod certificates;
mod control;
mod devices;
mod https;
mod mosquitto;
mod options;
// The library is for the broker to load, not to link: this one file is shared as source.
#[path = "../random.rs"]
mod random;
mod terminal;

use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use serde_json::{Value, json};

use mosquitto::Broker;
use options::Options;

fn main() -> ExitCode {
    let outcome = match Options::parse() {
        Ok(Some(options)) => run(&options),
        Ok(None) => {
            print!("{}", options::HELP);
            Ok(())
        }
        Err(why) => Err(why),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("local-cloud: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let end = options.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let directory = &options.directory;
    fs::create_dir_all(directory).map_err(|e| format!("{}: {e}", directory.display()))?;
    let directory = fs::canonicalize(directory).map_err(|e| format!("{}: {e}", directory.display()))?;
    let card = directory.join("cloud.json");
    let _ = fs::remove_file(&card);

    certificates::write(&directory)?;
    let devices = devices::make()?;
    let mut broker = Broker::start(options, &directory, &devices)?;
    let https_port = https::start(options.https_port, &directory, broker.control_port)?;
    let description = json!({
        "host": "localhost",
        "tls_port": broker.tls_port,
        "tcp_port": broker.tcp_port,
        "https_port": https_port,
        "control_port": broker.control_port,
        "ca_file": directory.join("ca.pem"),
        "devices": devices,
        "pid": std::process::id(),
    });
    write_whole(&card, &description).map_err(|e| format!("{}: {e}", card.display()))?;

    let control_port = broker.control_port;
    if options.quiet {
        if options.until_eof {
            thread::spawn(|| {
                let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
                terminal::quit();
            });
        }
    } else {
        terminal::introduce(&description);
        terminal::watch(control_port)?;
        thread::spawn(move || terminal::listen(control_port));
    }
    println!("ready");

    let outcome = wait(&mut broker, end);
    let _ = fs::remove_file(&card);
    outcome
}

/// Until the time is over, someone says so, or the broker ends.
fn wait(broker: &mut Broker, end: Option<Instant>) -> Result<(), String> {
    while !terminal::quitting() && end.is_none_or(|end| Instant::now() < end) {
        if let Some(status) = broker.ended() {
            return Err(format!("mosquitto ended ({status}); see {}", broker.log.display()));
        }
        terminal::pause(Duration::from_millis(500));
    }
    Ok(())
}

/// A reader finds the whole file or none.
fn write_whole(path: &std::path::Path, content: &Value) -> io::Result<()> {
    let draft = path.with_extension("draft");
    fs::write(&draft, format!("{content:#}\n"))?;
    fs::rename(&draft, path)
}
