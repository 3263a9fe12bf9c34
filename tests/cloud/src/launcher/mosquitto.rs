//! The broker: how it is configured, started and stopped.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use serde_json::Value;

use crate::devices;
use crate::files;
use crate::options::{Options, VENDORS};

const PATIENCE: Duration = Duration::from_secs(10);

/// Where the cloud listens.
pub struct Ports {
    pub tls: u16,
    pub tcp: u16,
    pub https: u16,
    pub control: u16,
    /// The other clouds, each with its TLS port and its plain one.
    pub vendors: Vec<(&'static str, u16, u16)>,
}

impl Ports {
    /// Those that were asked for, with a free one for each 0.
    pub fn choose(options: &Options) -> Result<Ports, String> {
        let mut wanted = vec![
            ("--tls-port", options.tls_port),
            ("--tcp-port", options.tcp_port),
            ("--https-port", options.https_port),
            ("--control-port", options.control_port),
        ];
        // A vendor has the same ports whichever others are played.
        for (at, vendor) in (0u16..).zip(VENDORS) {
            let port = |number: u16| {
                if options.vendor_ports == 0 { 0 } else { options.vendor_ports.saturating_add(2 * at + number) }
            };
            if options.vendors.contains(&vendor) {
                wanted.extend([("--vendor-ports", port(0)), ("--vendor-ports", port(1))]);
            }
        }
        let ports = free(&wanted)?;
        let [tls, tcp, https, control, vendors @ ..] = &ports[..] else {
            return Err("there are too few ports".into());
        };
        let vendors = options.vendors.iter().zip(vendors.chunks_exact(2));
        Ok(Ports {
            tls: *tls,
            tcp: *tcp,
            https: *https,
            control: *control,
            vendors: vendors.map(|(name, pair)| (*name, pair[0], pair[1])).collect(),
        })
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
        let Ports { tls, tcp, https, control, vendors } = ports;
        let tls_listener = |port: u16| {
            let dir = directory.display();
            format!(
                "listener {port} 127.0.0.1\ncertfile {dir}/server.pem\nkeyfile {dir}/server.key\ntls_version tlsv1.2\n"
            )
        };
        // The plugin turns "require" into "ask for": most devices have no certificate.
        let asking = format!("cafile {}/device-ca.pem\nrequire_certificate true\n", directory.display());
        let listener =
            |(_, tls, tcp): &(&str, u16, u16)| format!("listener {tcp} 127.0.0.1\n{}{asking}", tls_listener(*tls));
        let listeners: String = vendors.iter().map(listener).collect();
        let played: Vec<String> = vendors.iter().map(|(name, tls, tcp)| format!("{name}:{tls}:{tcp}")).collect();
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
{of_aliyun}{listeners}
plugin {plugin}
plugin_opt_devices {device_list}
plugin_opt_control_port {control}
plugin_opt_https_port {https}
plugin_opt_token {token}
plugin_opt_launcher {launcher}
{played}",
            log = log.display(),
            of_aliyun = tls_listener(*tls),
            // The broker takes no option without a value.
            played = match &played[..] {
                [] => String::new(),
                _ => format!("plugin_opt_vendors {}\n", played.join(",")),
            },
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
        let of_vendors = vendors.iter().flat_map(|(_, tls, tcp)| [*tls, *tcp]);
        let all: Vec<u16> = [*control, *https, *tcp, *tls].into_iter().chain(of_vendors).collect();
        broker.wait_until_it_listens(&all)?;
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
fn free(wanted: &[(&str, u16)]) -> Result<Vec<u16>, String> {
    // All are held until all are known, so that none is given out twice.
    let held: Vec<_> = wanted.iter().map(|(_, port)| TcpListener::bind(("127.0.0.1", *port))).collect();
    let port = |((option, wanted), listener): (&(&str, u16), io::Result<TcpListener>)| {
        let address = listener.and_then(|listener| listener.local_addr());
        let address = address.map_err(|e| format!("port {wanted}: {e}; {option} takes another (0: any free port)"));
        address.map(|address| address.port())
    };
    wanted.iter().zip(held).map(port).collect()
}
