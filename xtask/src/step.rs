//! How is a long step shown? One line while it runs; its output goes to a log, whose end is shown
//! when the step fails and nothing makes that good.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::{Failure, Result, places};

/// A step that is over sooner than this is not worth a line.
const WORTH_A_LINE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(10);

/// Says on standard error what is being done.
pub fn say(title: &str) {
    eprintln!("==> {title}");
}

/// Runs `command`; `name` names its log.
pub fn run(title: &str, name: &str, command: &mut Command) -> Result {
    run_within(title, name, command, Duration::MAX)
}

/// Runs `command`, and ends it when it takes longer than `limit`.
pub fn run_within(title: &str, name: &str, command: &mut Command, limit: Duration) -> Result {
    let output = fresh_log(name)?;
    let errors = clone(&output)?;
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    watch(title, name, command, limit)
}

/// Runs `command` and gives back its standard output; the log holds the rest.
pub fn output(title: &str, name: &str, command: &mut Command) -> Result<String> {
    output_within(title, name, command, Duration::MAX)
}

/// The same, but ends `command` when it takes longer than `limit`.
pub fn output_within(title: &str, name: &str, command: &mut Command, limit: Duration) -> Result<String> {
    let kept = places::log(name).with_extension("out");
    let errors = fresh_log(name)?;
    let output = File::create(&kept).map_err(|e| Failure::at("write", &kept, e))?;
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    watch(title, name, command, limit)?;
    fs::read_to_string(&kept).map_err(|e| Failure::at("read", &kept, e))
}

/// A new log for what is started under `name`.
pub fn fresh_log(name: &str) -> Result<File> {
    let path = places::log(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| Failure::at("make", folder, e))?;
    }
    File::create(&path).map_err(|e| Failure::at("write", &path, e))
}

/// Waits for `child` to end; `None` when it is still running after `limit`.
pub fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        let ended = child.try_wait();
        match ended.map_err(|e| Failure::new(format!("lost a program that was started: {e}")))? {
            Some(status) => return Ok(Some(status)),
            None if start.elapsed() >= limit => return Ok(None),
            None => std::thread::sleep(TICK),
        }
    }
}

fn watch(title: &str, name: &str, command: &mut Command, limit: Duration) -> Result {
    let mut child = command.spawn().map_err(|e| cannot_start(command, &e))?;
    let soon = WORTH_A_LINE.min(limit);
    let mut status = wait(&mut child, soon)?;
    if status.is_none() {
        say(title);
        status = wait(&mut child, limit.saturating_sub(soon))?;
    }
    let how = match status {
        Some(status) if status.success() => return Ok(()),
        Some(status) => status.to_string(),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            format!("stopped after {} s", limit.as_secs())
        }
    };
    let log = places::log(name);
    let line = format!("{title} failed ({how}); the whole output is in {}", places::shown(&log));
    Err(Failure::new(line).with_log(log))
}

/// `command` is not there, or may not be run.
pub fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::at("start", Path::new(command.get_program()), error)
}

fn clone(file: &File) -> Result<File> {
    file.try_clone().map_err(|e| Failure::new(format!("cannot write a log: {e}")))
}
