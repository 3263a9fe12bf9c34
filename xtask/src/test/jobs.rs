//! Do the jobs run that a newcomer types first, as they are typed?

use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Failure, Result, cargo, cloud, places, step};

/// What they are to print: `examples/post_props.py` says it once the property is on its way.
const REPORTED: &str = "属性上报成功";

/// What `demo` is to show of the cloud, which saw it arrive.
const ARRIVED: &str = "property_post";

const TO_END: Duration = Duration::from_secs(180);

pub fn run() -> Result {
    job("job-demo", &["demo"], &[REPORTED, ARRIVED])?;
    job("job-run", &["run", "qemu", "examples/post_props.py"], &[REPORTED])?;
    job("job-run-m4f", &["run", "qemu", "--board", "MPS2_AN386", "examples/post_props.py"], &[REPORTED])?;
    against_a_running_cloud()
}

/// `run qemu` finds the cloud that `cargo xtask cloud` has running.
fn against_a_running_cloud() -> Result {
    let _started = match cloud::running() {
        Some(_) => None,
        None => Some(Started::cloud()?),
    };
    let running = cloud::running().ok_or("`cargo xtask cloud` runs, but is not found")?;
    let before = running.seen()?.len();
    job("job-run-again", &["run", "qemu", "examples/post_props.py"], &[REPORTED])?;
    match running.seen()?.iter().skip(before).any(|line| line.contains(ARRIVED)) {
        true => Ok(()),
        false => Err("`cargo xtask run qemu` did not use the cloud that runs".into()),
    }
}

/// A cloud as a person starts it, but on free ports, that ends when this is dropped.
struct Started(Child);

impl Started {
    fn cloud() -> Result<Self> {
        let mut xtask = cargo::command();
        xtask.args([
            "xtask",
            "cloud",
            "--quiet",
            "--until-eof",
            "--tls-port",
            "0",
            "--tcp-port",
            "0",
            "--https-port",
            "0",
        ]);
        xtask.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(step::fresh_log("job-cloud")?);
        let started = Started(xtask.spawn().map_err(|e| step::cannot_start(&xtask, &e))?);
        let end = Instant::now() + TO_END;
        while cloud::running().is_none() {
            if Instant::now() > end {
                return Err(Failure::new("`cargo xtask cloud` did not start").with_log(places::log("job-cloud")));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(started)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        if !matches!(step::wait(&mut self.0, TO_END), Ok(Some(_))) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

/// Runs one to a good end; it has to print `words`.
fn job(log: &str, arguments: &[&str], words: &[&str]) -> Result {
    let title = format!("cargo xtask {}", arguments.join(" "));
    let mut xtask = cargo::command();
    xtask.arg("xtask").args(arguments);
    // A cloud of its own, or the one that `cargo xtask cloud` has running; none that the environment names.
    xtask.env_remove("ALIYUN_IOT_ENDPOINT").env_remove("ALIYUN_DEVICE_NAME");
    let said = step::output_within(&title, log, &mut xtask, TO_END)?;
    if let Some(missing) = words.iter().find(|words| !said.contains(**words)) {
        let line = format!("`{title}` ended well, but did not print `{missing}`");
        return Err(Failure::new(line).with_log(places::log(log).with_extension("out")));
    }
    println!("{title}: {}", words.join(", "));
    Ok(())
}
