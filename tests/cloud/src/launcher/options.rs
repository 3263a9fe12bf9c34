//! What was asked for on the command line?

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

macro_rules! names {
    ($($name:ident: $Type:ident,)*) => {
        /// The clouds that can be played beside Alibaba's.
        pub const VENDORS: [&str; [$(stringify!($name)),*].len()] = [$(stringify!($name)),*];
    };
}

vendors!(names);

const HELP: &str = "\
local-cloud: a stand-in for Alibaba Cloud IoT Platform on loopback

  --dir DIR           where its state goes, and is kept until the next start (target/local-cloud)
  --cloud NAMES       clouds to play beside Alibaba's, separated by commas: VENDORS, or all
  --product-key KEY   the first device's credentials, instead of those that were kept or made up; they are kept, too
  --product-secret SECRET
  --device-name NAME
  --device-secret SECRET
  --tls-port N        MQTT over TLS (8883; 0: any free port)
  --tcp-port N        plain MQTT (1883; 0: any free port)
  --https-port N      registration over HTTPS (8443; 0: any free port)
  --vendor-ports N    the first port of the other clouds, each of which has two: TLS and plain (8900; 0: any free ports)
  --control-port N    JSON lines for tests (0: any free port)
  --plugin PATH       the broker's plugin (liblocal_cloud.so beside this program)
  --for SECONDS       stop by itself
  --quiet             no terminal
  --until-eof         with --quiet: stop when standard input ends
";

pub fn help() -> String {
    HELP.replace("VENDORS", &VENDORS.join(", "))
}

/// What a person gives of the first device's credentials.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub product_key: Option<String>,
    pub product_secret: Option<String>,
    pub device_name: Option<String>,
    pub device_secret: Option<String>,
}

pub struct Options {
    /// The clouds beside Alibaba's.
    pub vendors: Vec<&'static str>,
    pub given: Given,
    pub directory: PathBuf,
    pub tls_port: u16,
    pub tcp_port: u16,
    pub https_port: u16,
    pub vendor_ports: u16,
    pub control_port: u16,
    pub plugin: PathBuf,
    pub seconds: Option<u64>,
    pub quiet: bool,
    pub until_eof: bool,
}

impl Options {
    /// `None`: the person asked for help.
    pub fn parse() -> Result<Option<Options>, String> {
        let program = std::env::current_exe().map_err(|e| format!("where am I? {e}"))?;
        let mut options = Options {
            vendors: Vec::new(),
            given: Given::default(),
            directory: "target/local-cloud".into(),
            tls_port: 8883,
            tcp_port: 1883,
            https_port: 8443,
            vendor_ports: 8900,
            control_port: 0,
            plugin: program.with_file_name("liblocal_cloud.so"),
            seconds: None,
            quiet: false,
            until_eof: false,
        };
        match options.read(lexopt::Parser::from_env()) {
            Ok(true) => Ok(Some(options)),
            Ok(false) => Ok(None),
            Err(why) => Err(format!("{why}; --help lists the options")),
        }
    }

    fn read(&mut self, mut arguments: lexopt::Parser) -> Result<bool, lexopt::Error> {
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("dir") => self.directory = arguments.value()?.into(),
                Long("cloud") => self.play(&text(arguments.value()?)?)?,
                Long("product-key") => self.given.product_key = Some(text(arguments.value()?)?),
                Long("product-secret") => self.given.product_secret = Some(text(arguments.value()?)?),
                Long("device-name") => self.given.device_name = Some(text(arguments.value()?)?),
                Long("device-secret") => self.given.device_secret = Some(text(arguments.value()?)?),
                Long("tls-port") => self.tls_port = arguments.value()?.parse()?,
                Long("tcp-port") => self.tcp_port = arguments.value()?.parse()?,
                Long("https-port") => self.https_port = arguments.value()?.parse()?,
                Long("vendor-ports") => self.vendor_ports = arguments.value()?.parse()?,
                Long("control-port") => self.control_port = arguments.value()?.parse()?,
                Long("plugin") => self.plugin = arguments.value()?.into(),
                Long("for") => self.seconds = Some(arguments.value()?.parse()?),
                Long("quiet") => self.quiet = true,
                Long("until-eof") => self.until_eof = true,
                Long("help") | Short('h') => return Ok(false),
                other => return Err(other.unexpected()),
            }
        }
        Ok(true)
    }

    /// Adds the clouds of these names. Alibaba's is always played, and may be named.
    fn play(&mut self, names: &str) -> Result<(), lexopt::Error> {
        for name in names.split(',') {
            let found: Vec<&str> = VENDORS.into_iter().filter(|vendor| name == "all" || name == *vendor).collect();
            if found.is_empty() && name != "aliyun" {
                return Err(
                    format!("no cloud is called {name:?}; there are aliyun, {}, all", VENDORS.join(", ")).into()
                );
            }
            self.vendors.extend(found);
        }
        // In the order of the list, each once.
        self.vendors = VENDORS.into_iter().filter(|vendor| self.vendors.contains(vendor)).collect();
        Ok(())
    }
}

/// An error does not repeat the value: it may be a secret.
fn text(value: OsString) -> Result<String, lexopt::Error> {
    value.into_string().map_err(|_| "a credential that is not UTF-8".into())
}
