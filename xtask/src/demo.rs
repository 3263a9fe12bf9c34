//! Does the whole path work? Two scripts on the unix MicroPython, over verified TLS, against the
//! local cloud; what both sides saw is shown.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::cloud::{self, Instance};
use crate::setup::{self, Purpose};
use crate::{Failure, Result, micropython, places, step};

const SCRIPTS: [&str; 2] = ["connect.py", "post_props.py"];
const TO_FINISH: Duration = Duration::from_secs(60);

pub fn run() -> Result {
    setup::ensure(&[Purpose::Build, Purpose::Cloud])?;
    let micropython = micropython::program(micropython::Purpose::Use)?;
    let launcher = cloud::program()?;

    step::say("starting the local cloud");
    let cloud = Instance::start(&launcher, &places::target().join("demo-cloud"))?;
    for script in SCRIPTS {
        step::say(&format!("running examples/{script}"));
        play(script, &micropython, &cloud)?;
    }
    step::say("what the cloud received");
    for line in cloud.seen()? {
        println!("cloud | {line}");
    }
    Ok(())
}

/// Runs one script to its end.
fn play(script: &str, micropython: &Path, cloud: &Instance) -> Result {
    let mut command = Command::new(micropython);
    command.arg(places::root().join("examples").join(script));
    cloud.tell(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());

    let mut child = command.spawn().map_err(|e| step::cannot_start(&command, &e))?;
    let shown = [
        child.stdout.take().map(|output| show(script, output)),
        child.stderr.take().map(|output| show(script, output)),
    ];
    let ended = step::wait(&mut child, TO_FINISH)?;
    if ended.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    for thread in shown.into_iter().flatten() {
        let _ = thread.join();
    }
    match ended {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(Failure::new(format!("examples/{script} failed ({status})"))),
        None => Err(Failure::new(format!("examples/{script} did not finish within {} s", TO_FINISH.as_secs()))),
    }
}

/// Prints what a script says, line by line as it comes, with the script's name before it.
fn show(script: &str, output: impl Read + Send + 'static) -> JoinHandle<()> {
    let name = script.to_owned();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while matches!(output.read_until(b'\n', &mut line), Ok(1..)) {
            println!("{name} | {}", String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    })
}
