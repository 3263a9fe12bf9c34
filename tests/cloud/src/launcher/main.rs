//! Starts the local cloud: certificates, devices, the broker with the plugin, and a terminal to it.

#[path = "../authority.rs"]
mod authority;
mod certificates;
mod control;
mod devices;
mod escape;
// The library is for the broker to load, not to link: two files are shared as source.
#[path = "../files.rs"]
mod files;
mod folder;
#[macro_use]
#[path = "../vendors/list.rs"]
mod list;
mod mosquitto;
mod options;
#[path = "../random.rs"]
mod random;
mod terminal;

use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use serde_json::json;

use control::Control;
use folder::Folder;
use mosquitto::Broker;
use options::Options;

fn main() -> ExitCode {
    let outcome = match Options::parse() {
        Ok(Some(options)) => run(&options),
        Ok(None) => {
            print!("{}", options::help());
            Ok(())
        }
        Err(why) => Err(why),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // The broker's log may be a part of it.
            for line in why.lines() {
                eprintln!("local-cloud: {}", escape::escaped(line));
            }
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let end = options.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let folder = Folder::take(&options.directory)?;
    let directory = &*folder.path;
    let ports = mosquitto::Ports::choose(options)?;
    let card = directory.join("cloud.json");
    let _ = fs::remove_file(&card);

    certificates::write(directory)?;
    let devices = devices::load(directory, &options.given)?;
    let token = random::text(32)?;
    let mut broker = Broker::start(options, directory, &ports, &devices, &token)?;
    let control = Control { port: ports.control, token: token.clone() };
    let vendors =
        control.ask(json!({ "do": "vendors" })).map_err(|e| format!("control port {}: {e}", ports.control))?;
    let description = json!({
        "host": "localhost",
        "tls_port": ports.tls,
        "tcp_port": ports.tcp,
        "https_port": ports.https,
        "control_port": ports.control,
        "control_token": token,
        "ca_file": directory.join("ca.pem"),
        "devices": devices::credentials(&devices),
        "vendors": vendors["vendors"],
        "pid": std::process::id(),
    });
    files::write(&card, format!("{description:#}\n"))?;

    if options.quiet {
        if options.until_eof {
            thread::spawn(|| {
                let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
                terminal::quit();
            });
        }
    } else {
        terminal::introduce(&description);
        terminal::watch(&control)?;
        thread::spawn(move || terminal::listen(&control));
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
