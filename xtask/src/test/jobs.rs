//! Do the jobs run that a newcomer types first, as they are typed?

use std::time::Duration;

use crate::{Failure, Result, cargo, places, step};

/// What they are to print: `examples/post_props.py` says it once the property is on its way.
const REPORTED: &str = "属性上报成功";

/// What `demo` is to show of the cloud, which saw it arrive.
const ARRIVED: &str = "property_post";

const TO_END: Duration = Duration::from_secs(180);

pub fn run() -> Result {
    job("job-demo", &["demo"], &[REPORTED, ARRIVED])?;
    job("job-run", &["run", "qemu", "examples/post_props.py"], &[REPORTED])?;
    job("job-run-m4f", &["run", "qemu", "--board", "MPS2_AN386", "examples/post_props.py"], &[REPORTED])
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
