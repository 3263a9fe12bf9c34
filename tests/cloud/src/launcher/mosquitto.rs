//! The broker: how it is configured, started and stopped.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::Value;

use crate::devices;
use crate::files;
use crate::options::Options;

const PATIENCE: Duration = Duration::from_secs(10);

/// Where the cloud listens.
pub struct Ports {
    pub tls: u16,
    pub tcp: u16,
    pub https: u16,
    pub control: u16,
}

impl Ports {
    /// Those that were asked for, with a free one for each 0.
    pub fn choose(options: &Options) -> Result<Ports, String> {
        let wanted = [
            ("tls", options.tls_port),
            ("tcp", options.tcp_port),
            ("https", options.https_port),
            ("control", options.control_port),
        ];
        let [tls, tcp, https, control] = free(wanted)?;
        Ok(Ports { tls, tcp, https, control })
    }
}

pub struct Broker {
    child: Child,
    pub log: PathBuf,
}

impl Broker {
    /// Starts mosquitto and waits until it listens.
    pub fn start(
        options: &Options,
        directory: &Path,
        ports: &Ports,
        devices: &Value,
        token: &str,
    ) -> Result<Broker, String> {
        let program = find("mosquitto")?;
        let plugin = fs::canonicalize(&options.plugin).map_err(|e| {
            format!("the plugin {}: {e}; build it with `cargo build -p local-cloud`", options.plugin.display())
        })?;
        let Ports { tls, tcp, https, control } = ports;
        let log = directory.join("mosquitto.log");
        let device_list = directory.join(devices::FILE);
        let configuration = directory.join("mosquitto.conf");
        let launcher = std::process::id();
        let text = format!(
            "# Written by local-cloud at each start.
user root
per_listener_settings false
allow_anonymous false
persistence false
sys_interval 0
set_tcp_nodelay true
# Above the platform's own limit, which the plugin enforces: this one only bounds memory.
max_packet_size 1048576
log_dest file {log}
log_type error
log_type warning
log_type notice

listener {tcp} 127.0.0.1
listener {tls} 127.0.0.1
certfile {dir}/server.pem
keyfile {dir}/server.key
tls_version tlsv1.2

plugin {plugin}
plugin_opt_devices {device_list}
plugin_opt_control_port {control}
plugin_opt_https_port {https}
plugin_opt_token {token}
plugin_opt_launcher {launcher}
",
            log = log.display(),
            dir = directory.display(),
            plugin = plugin.display(),
            device_list = device_list.display(),
        );
        files::write(&device_list, format!("{devices:#}\n"))?;
        files::write(&configuration, text)?;
        let _ = fs::remove_file(&log);
        // What the broker says before it has opened its log, and what the plugin says.
        let errors = fs::File::options().create(true).append(true).open(&log);
        let errors = errors.map_err(|e| format!("{}: {e}", log.display()))?;
        // The loader takes a space for the end of a path, so the library is named from where it is.
        let (Some(place), Some(file)) = (plugin.parent(), plugin.file_name()) else {
            return Err(format!("{} is not a file", plugin.display()));
        };
        let child = Command::new(&program)
            .arg("-c")
            .arg(&configuration)
            .current_dir(place)
            .env("LD_PRELOAD", Path::new(".").join(file))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .map_err(|e| format!("{}: {e}", program.display()))?;
        let mut broker = Broker { child, log };
        broker.wait_until_it_listens(&[*control, *https, *tcp, *tls])?;
        Ok(broker)
    }

    fn wait_until_it_listens(&mut self, ports: &[u16]) -> Result<(), String> {
        let end = Instant::now() + PATIENCE;
        for port in ports {
            while TcpStream::connect(("127.0.0.1", *port)).is_err() {
                let log = fs::read_to_string(&self.log).unwrap_or_default();
                if let Some(status) = self.ended() {
                    return Err(format!("mosquitto did not start ({status}); its log:\n{log}"));
                }
                if Instant::now() > end {
                    return Err(format!("mosquitto does not listen on port {port}; its log:\n{log}"));
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
        Ok(())
    }

    /// Has it ended by itself?
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

/// However the launcher ends, the kernel also ends the broker: the plugin asks for that.
impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where servers are installed, beside the folders of PATH.
const FOR_SERVERS: &str = "/usr/local/sbin:/usr/sbin:/opt/homebrew/sbin";

fn find(program: &str) -> Result<PathBuf, String> {
    which::which(program)
        .or_else(|_| which::which_in(program, Some(FOR_SERVERS), "/"))
        .map_err(|_| format!("{program} is not installed; Debian: apt-get install {program}"))
}

/// The wanted ports, with a free one for each 0.
fn free<const N: usize>(wanted: [(&str, u16); N]) -> Result<[u16; N], String> {
    // All are held until all are known, so that none is given out twice.
    let held = wanted.map(|(_, port)| TcpListener::bind(("127.0.0.1", port)));
    let mut ports = wanted.map(|(_, port)| port);
    for ((name, wanted), (port, listener)) in wanted.iter().zip(ports.iter_mut().zip(held)) {
        *port = listener
            .and_then(|listener| listener.local_addr())
            .map_err(|e| format!("port {wanted}: {e}; --{name}-port takes another (0: any free port)"))?
            .port();
    }
    Ok(ports)
}
