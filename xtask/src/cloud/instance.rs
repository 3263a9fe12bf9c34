//! A local cloud that runs for as long as a job needs it, or one that a person has running: how is it started, found and asked?

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use super::control::{self, Control};
use crate::{Failure, Result, places, step};

const LOG: &str = "demo-cloud";
const TO_START: Duration = Duration::from_secs(20);
const TO_END: Duration = Duration::from_secs(5);

/// A cloud that ends when this is dropped, and its files with it.
pub struct Instance {
    child: Child,
    ends_at_eof: Option<ChildStdin>,
    folder: PathBuf,
    about: About,
}

/// What a cloud says of itself in `cloud.json`.
pub struct About {
    tls_port: u16,
    https_port: u16,
    ca_file: PathBuf,
    control: Control,
    device: Device,
}

/// A device that the cloud knows.
struct Device {
    product_key: String,
    product_secret: String,
    device_name: String,
    device_secret: String,
}

impl Instance {
    /// Starts `program` with its files in a folder of this process below `folder`, and returns when devices may connect.
    pub fn start(program: &Path, folder: &Path) -> Result<Self> {
        let folder = own(folder);
        let mut command = Command::new(program);
        command.args(["--quiet", "--until-eof", "--tls-port", "0", "--tcp-port", "0", "--https-port", "0"]);
        command.arg("--dir").arg(&folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(step::fresh_log(LOG)?);
        let mut child = command.spawn().map_err(|e| step::cannot_start(&command, &e))?;
        let ends_at_eof = child.stdin.take();
        let said = child.stdout.take();

        let (tell, ready) = mpsc::channel();
        std::thread::spawn(move || {
            let lines = said.into_iter().flat_map(|said| BufReader::new(said).lines());
            for line in lines.map_while(|line| line.ok()) {
                if line.trim() == "ready" {
                    let _ = tell.send(());
                }
            }
        });
        if ready.recv_timeout(TO_START).is_err() {
            let _ = child.kill();
            let _ = child.wait();
            let log = places::log(LOG);
            let line = format!("the local cloud did not start; what it said is in {}", places::shown(&log));
            return Err(Failure::new(line).with_log(log));
        }
        let about = About::read(&folder.join("cloud.json"))?;
        Ok(Instance { child, ends_at_eof, folder, about })
    }

    /// Tells a script, by its environment, where this cloud is and which device to be.
    pub fn tell(&self, command: &mut Command) {
        self.about.tell_place(command);
        self.about.tell_device(command);
    }

    /// What the cloud received so far, one line each.
    pub fn seen(&self) -> Result<Vec<String>> {
        self.about.seen()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        drop(self.ends_at_eof.take());
        if !matches!(step::wait(&mut self.child, TO_END), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder below `parent` for this process alone. What ended jobs have left there is removed.
fn own(parent: &Path) -> PathBuf {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_process = entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok());
        if !is_process || !Path::new("/proc").join(entry.file_name()).exists() {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
    parent.join(std::process::id().to_string())
}

impl About {
    /// The cloud that runs with its files in `folder`, if one does.
    pub fn running(folder: &Path) -> Option<About> {
        let about = About::read(&folder.join("cloud.json")).ok()?;
        // The file stays behind where a cloud was killed.
        control::answers(&about.control).then_some(about)
    }

    /// What the cloud received so far, one line each.
    pub fn seen(&self) -> Result<Vec<String>> {
        control::seen(&self.control)
    }

    /// Where this cloud is.
    pub fn tell_place(&self, command: &mut Command) {
        command.env("ALIYUN_IOT_ENDPOINT", format!("localhost:{}", self.tls_port));
        command.env("ALIYUN_IOT_HTTPS_ENDPOINT", format!("localhost:{}", self.https_port));
        command.env("SSL_CERT_FILE", &self.ca_file);
    }

    /// Which device to be.
    pub fn tell_device(&self, command: &mut Command) {
        command.env("ALIYUN_PRODUCT_KEY", &self.device.product_key);
        command.env("ALIYUN_PRODUCT_SECRET", &self.device.product_secret);
        command.env("ALIYUN_DEVICE_NAME", &self.device.device_name);
        command.env("ALIYUN_DEVICE_SECRET", &self.device.device_secret);
    }

    fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).map_err(|e| Failure::at("read", file, e))?;
        let parsed: Value = serde_json::from_str(&text).map_err(|e| Failure::at("understand", file, e))?;
        Self::from_json(&parsed).ok_or_else(|| Failure::at("understand", file, "it lacks a port, a CA or a device"))
    }

    fn from_json(value: &Value) -> Option<Self> {
        let port = |name: &str| u16::try_from(value[name].as_u64()?).ok();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let device = &value["devices"][0];
        Some(About {
            tls_port: port("tls_port")?,
            https_port: port("https_port")?,
            control: Control { port: port("control_port")?, token: text(&value["control_token"])? },
            ca_file: value["ca_file"].as_str()?.into(),
            device: Device {
                product_key: text(&device["productKey"])?,
                product_secret: text(&device["productSecret"])?,
                device_name: text(&device["deviceName"])?,
                device_secret: text(&device["deviceSecret"])?,
            },
        })
    }
}
