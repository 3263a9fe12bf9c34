//! The clouds of other vendors than Alibaba: which of them are played, who may log in there, what do they reply?
//!
//! One file a vendor: what it checks and replies ([`Vendor`]). A new vendor is a file here and a line in `list.rs`. Each has
//! two ports of its own, by which a connection is known to be for it, and a clock of its own.

mod envelope;
#[macro_use]
mod list;
mod vendor;

mod tencent;

use serde_json::{Map, Value, json};

use crate::clock::shifted;
use crate::devices::{Name, is_name};
use crate::fields::Fields;
use crate::login::{Attempt, BAD_PROTOCOL, NOT_AUTHORISED, Refusal, Session, UNAVAILABLE, refuse};
use crate::random;
use crate::services::{Common, Order, Outcome, Taken, Up};
use crate::topics::{Kind, Use};
pub use vendor::{Account, Accounts, Entry, Limits, Vendor, Wish};

use tencent::Tencent;

macro_rules! makers {
    ($($name:ident: $Type:ident,)*) => {
        /// The vendor of this name.
        fn named(name: &str) -> Option<(&'static str, Box<dyn Vendor>)> {
            match name {
                $(stringify!($name) => Some((stringify!($name), Box::new($Type::default()))),)*
                _ => None,
            }
        }
    };
}

vendors!(makers);

/// How many devices a cloud has at its first start.
const DEVICES: usize = 3;

/// A vendor's cloud that is played.
pub struct Playing {
    pub name: &'static str,
    tls_port: u16,
    tcp_port: u16,
    vendor: Box<dyn Vendor>,
    accounts: Accounts,
    pub common: Common,
    /// How many seconds its clock is off.
    pub clock_s: i64,
}

/// All vendors' clouds that are played.
#[derive(Default)]
pub struct State(Vec<Playing>);

impl State {
    /// `wanted` is `name:tls port:tcp port`, separated by commas; `kept` the devices of an earlier start, by cloud.
    pub fn start(wanted: &str, kept: &Value) -> Result<State, String> {
        let words = wanted.split(',').filter(|word| !word.is_empty());
        words.map(|word| Playing::start(word, kept)).collect::<Result<_, _>>().map(State)
    }

    /// The devices to keep, if they are others than the last ones.
    pub fn take_changed(&mut self) -> Option<Value> {
        let changed = self.0.iter_mut().map(|playing| std::mem::take(&mut playing.accounts.changed));
        let changed = changed.fold(false, |any, this| any | this);
        changed.then(|| self.0.iter().map(|playing| (playing.name.to_owned(), playing.accounts.to_json())).collect())
    }

    /// The cloud that listens on this port.
    pub fn at(&self, port: u16) -> Option<&Playing> {
        self.0.iter().find(|playing| [playing.tls_port, playing.tcp_port].contains(&port))
    }

    pub fn of(&self, name: &Name) -> Option<&Playing> {
        self.0.iter().find(|playing| playing.name == name.cloud)
    }

    pub fn named(&mut self, name: &str) -> Result<&mut Playing, String> {
        let found = self.0.iter_mut().find(|playing| playing.name == name);
        found.ok_or_else(|| format!("the cloud {name:?} is not played; --cloud starts it"))
    }

    /// Where the clouds are, and their devices.
    pub fn describe(&self) -> Value {
        self.0.iter().map(|playing| (playing.name.to_owned(), playing.describe())).collect()
    }

    /// What a cloud makes of a message of one of its devices.
    pub fn take(&mut self, up: &Up) -> Option<Taken> {
        let playing = self.0.iter_mut().find(|playing| playing.name == up.from.name.cloud)?;
        let now_ms = playing.now_ms(up.now_ms);
        Some(playing.vendor.take(&mut playing.common, &Up { now_ms, ..*up }))
    }
}

impl Playing {
    fn start(words: &str, kept: &Value) -> Result<Playing, String> {
        let wrong = || format!("{words:?} is not name:port:port");
        let (name, ports) = words.split_once(':').ok_or_else(wrong)?;
        let (tls_port, tcp_port) = ports.split_once(':').ok_or_else(wrong)?;
        let port = |text: &str| text.parse::<u16>().map_err(|e| format!("port {text} of {name}: {e}"));
        let (tls_port, tcp_port) = (port(tls_port)?, port(tcp_port)?);
        let (name, vendor) = named(name).ok_or_else(|| format!("no cloud is called {name:?}"))?;
        let accounts = match &kept[name] {
            Value::Null => Accounts::default(),
            list => Accounts::from_json(list).map_err(|why| format!("{name}: {why}"))?,
        };
        let common = Common::default();
        let mut playing = Playing { name, tls_port, tcp_port, vendor, accounts, common, clock_s: 0 };
        // The broker ends a connection whose client id comes again, on whatever port: no two clouds have the same names.
        for number in playing.accounts.iter().count()..DEVICES {
            playing.create(None, Some(&format!("{name}{:02}", number + 1)))?;
        }
        Ok(playing)
    }

    fn describe(&self) -> Value {
        let devices: Vec<&Map<String, Value>> = self.accounts.iter().map(|account| &account.login).collect();
        json!({ "host": "localhost", "tls_port": self.tls_port, "tcp_port": self.tcp_port, "devices": devices })
    }

    /// A new device: what a script passes to `Device.connect` to be that one.
    pub fn create(&mut self, product: Option<&str>, device: Option<&str>) -> Result<Value, String> {
        let device = match device {
            Some(device) => device.to_owned(),
            None => format!("{}-{}", self.name, random::text(6)?),
        };
        let device = &*device;
        is_name("deviceName", device)?;
        let account = self.vendor.make(&Wish { product, device }, &self.accounts)?;
        if self.accounts.get(&account.product, &account.device).is_some() {
            return Err(format!("{device:?} exists already"));
        }
        let login = Value::Object(account.login.clone());
        self.accounts.put(account);
        Ok(login)
    }

    /// The device that a command means.
    pub fn device(&self, fields: &Fields) -> Result<Name, String> {
        let account = self.accounts.find(fields.optional_text("productKey")?, fields.text("device")?)?;
        Ok(Name::of(self.name, &*account.product, &*account.device))
    }

    /// The time on this cloud's clock.
    pub fn now_ms(&self, real_ms: u64) -> u64 {
        shifted(real_ms, self.clock_s)
    }

    pub fn limits(&self) -> Limits {
        self.vendor.limits()
    }

    /// The device that a login claims to be.
    pub fn claims(&self, attempt: &Attempt) -> Name {
        let (product, device) = self.vendor.claims(attempt).unwrap_or_else(|| ("".into(), attempt.user_name.clone()));
        Name::of(self.name, product, device)
    }

    pub fn login(&self, attempt: &Attempt, real_ms: u64) -> Result<Session, Refusal> {
        let limits = self.limits();
        if attempt.protocol != 4 {
            return refuse(BAD_PROTOCOL, format!("protocol level {}: only MQTT 3.1.1 is played", attempt.protocol));
        }
        if attempt.will && !limits.will {
            return refuse(NOT_AUTHORISED, "a will is not supported");
        }
        let Entry { account, sign_method, auto_subscribed } =
            self.vendor.login(&self.accounts, attempt, self.now_ms(real_ms))?;
        if !limits.keepalive.contains(&attempt.keepalive) {
            let (least, most) = (limits.keepalive.start(), limits.keepalive.end());
            return refuse(UNAVAILABLE, format!("keepalive {} is outside {least}..{most}", attempt.keepalive));
        }
        Ok(Session {
            name: Name::of(self.name, &*account.product, &*account.device),
            client_id: attempt.client_id.clone(),
            keepalive: attempt.keepalive,
            clean: attempt.clean,
            secure_mode: String::new(),
            sign_method,
            auto_subscribed,
            custom_rrpc: false,
        })
    }

    pub fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        self.vendor.topic(name, topic, usage)
    }

    /// Carries out a command that every vendor's cloud has, in its own envelope; `None` if there is none of that name.
    pub fn run(&mut self, command: &str, order: &Order) -> Option<Outcome> {
        let (_, known) = COMMANDS.iter().find(|(name, _)| *name == command)?;
        let fields = order.fields.must_be_of(known);
        Some(fields.and_then(|()| match command {
            "set" => self.vendor.set(&mut self.common, order),
            _ => self.vendor.call(&mut self.common, order),
        }))
    }
}

/// The commands of every vendor's cloud, and their fields: the same as of Alibaba's.
pub const COMMANDS: [(&str, &[&str]); 2] = [
    ("set", &["device", "productKey", "params", "qos"]),
    ("service", &["device", "productKey", "service", "params", "qos"]),
];

#[cfg(test)]
mod tests;
