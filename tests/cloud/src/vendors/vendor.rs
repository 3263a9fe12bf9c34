//! What is a vendor's cloud, and what do all of them share?

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::http::{Request, Response};
use crate::devices::Name;
use crate::login::{Attempt, NOT_AUTHORISED, Refusal, UNAVAILABLE, refuse};
use crate::services::{Common, Order, Outcome, Taken, Up};
use crate::topics::{Kind, Use};

/// What the vendor's documents allow, for every login and every message.
pub struct Limits {
    /// Levels of the protocol: 3 is MQTT 3.1, 4 is MQTT 3.1.1.
    pub protocols: &'static [i64],
    /// Seconds.
    pub keepalive: RangeInclusive<i64>,
    /// The CONNACK code for another keepalive.
    pub bad_keepalive: u8,
    /// Bytes of a payload.
    pub payload: usize,
    /// The greatest quality of service.
    pub qos: u8,
    pub retain: bool,
    pub will: bool,
    /// How many topics a session may subscribe to.
    pub filters: usize,
    /// The quality of service of what reaches a device without a SUBSCRIBE.
    pub implicit_qos: u8,
}

impl Default for Limits {
    /// What most clouds have.
    fn default() -> Limits {
        Limits {
            protocols: &[4],
            keepalive: 30..=1200,
            bad_keepalive: UNAVAILABLE,
            payload: 256 << 10,
            qos: 1,
            retain: false,
            will: false,
            filters: usize::MAX,
            implicit_qos: 1,
        }
    }
}

/// What a test can forbid at a product: that its devices register, and that they do so under names that nobody has listed.
pub const DYNAMIC: &str = "dynamic";
pub const UNLISTED: &str = "unlisted";

/// Where the cloud keeps that a device has logged in.
const ACTIVE: &str = "active";

/// Where the cloud keeps the fingerprint of a device's certificate.
const CERTIFICATE: &str = "certificate";

/// A certificate and its key, as PEM, and the SHA-256 of the certificate in hex.
pub struct Certified {
    pub certificate: String,
    pub key: String,
    pub fingerprint: String,
}

/// A device that the cloud knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub product: String,
    pub device: String,
    /// What a script passes to `Device.connect` to be this device, without `host`, `port` and `ca`.
    pub login: Map<String, Value>,
    /// What the cloud alone keeps.
    pub kept: Map<String, Value>,
}

impl Account {
    /// An account with these keys of a login.
    pub fn new(product: &str, device: &str, login: Value) -> Account {
        let login = match login {
            Value::Object(login) => login,
            _ => Map::new(),
        };
        Account { product: product.to_owned(), device: device.to_owned(), login, kept: Map::new() }
    }

    /// Gives it a certificate in place of its secret. The cloud keeps the fingerprint.
    pub fn certify(&mut self, certified: Certified) {
        self.login.remove("deviceSecret");
        self.login.insert("cert".into(), json!(certified.certificate));
        self.login.insert("key".into(), json!(certified.key));
        self.kept.insert(CERTIFICATE.into(), json!(certified.fingerprint));
    }

    /// Has it ever logged in?
    pub fn is_active(&self) -> bool {
        self.kept.get(ACTIVE) == Some(&json!(true))
    }

    fn fingerprint(&self) -> Option<&str> {
        self.kept.get(CERTIFICATE)?.as_str()
    }

    /// Whether the device logs in with a certificate, and then the client has shown that one. A device with a secret may show
    /// any that the cloud accepts.
    pub fn is_certified(&self, attempt: &Attempt) -> Result<bool, Refusal> {
        match (self.fingerprint(), &attempt.certificate) {
            (None, _) => Ok(false),
            (Some(own), Some(shown)) if own == shown => Ok(true),
            (Some(_), Some(_)) => refuse(NOT_AUTHORISED, "the client's certificate is another device's"),
            (Some(_), None) => refuse(NOT_AUTHORISED, "the device has a certificate, and the client showed none"),
        }
    }

    /// A text of the login; empty if it has none of that name.
    pub fn text(&self, key: &str) -> &str {
        self.login.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

/// The devices of one vendor's cloud, in the order in which they came.
#[derive(Default)]
pub struct Accounts {
    list: Vec<Account>,
    /// What the cloud keeps beside its devices: the key of a product.
    kept: Map<String, Value>,
    /// Has something changed since the list was written to its file?
    pub changed: bool,
}

impl Accounts {
    /// Reads what [`Accounts::to_json`] made. An error names no secret.
    pub fn from_json(list: &Value) -> Result<Accounts, String> {
        let read = |(at, entry): (usize, &Value)| {
            let text = |key: &str| entry[key].as_str().map(str::to_owned);
            let fields = |key: &str| entry[key].as_object().cloned();
            let account = || {
                Some(Account {
                    product: text("product")?,
                    device: text("device")?,
                    login: fields("login")?,
                    kept: fields("kept")?,
                })
            };
            account().ok_or_else(|| format!("entry {} is not a device", at + 1))
        };
        let kept = list["kept"].as_object().cloned().unwrap_or_default();
        let list = list["devices"].as_array().ok_or("the list of devices is not an array")?;
        let list = list.iter().enumerate().map(read).collect::<Result<_, String>>()?;
        Ok(Accounts { list, kept, changed: false })
    }

    pub fn to_json(&self) -> Value {
        let entry = |account: &Account| {
            json!({
                "product": account.product, "device": account.device,
                "login": account.login, "kept": account.kept,
            })
        };
        json!({ "kept": self.kept, "devices": self.list.iter().map(entry).collect::<Value>() })
    }

    /// Makes a text that the cloud keeps, where there is none of that name.
    pub fn keep(&mut self, key: &str, make: impl FnOnce() -> Result<String, String>) -> Result<(), String> {
        if !self.kept.contains_key(key) {
            self.kept.insert(key.to_owned(), json!(make()?));
            self.changed = true;
        }
        Ok(())
    }

    /// Whether something is allowed, as it is unless a test has said otherwise.
    pub fn allows(&self, key: &str) -> bool {
        self.kept.get(key) != Some(&json!(false))
    }

    pub fn allow(&mut self, key: &str, allowed: bool) {
        self.kept.insert(key.to_owned(), json!(allowed));
        self.changed = true;
    }

    /// Notes that a device has logged in, or that it counts as one that never has.
    pub fn set_active(&mut self, product: &str, device: &str, active: bool) {
        let is_it = |account: &&mut Account| account.product == product && account.device == device;
        if let Some(account) = self.list.iter_mut().find(is_it).filter(|account| account.is_active() != active) {
            account.kept.insert(ACTIVE.to_owned(), json!(active));
            self.changed = true;
        }
    }

    /// A text that the cloud keeps; empty if it has none of that name.
    pub fn kept(&self, key: &str) -> &str {
        self.kept.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.list.iter()
    }

    pub fn get(&self, product: &str, device: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.product == product && account.device == device)
    }

    /// The device whose certificate the client has shown.
    pub fn certified(&self, attempt: &Attempt) -> Option<&Account> {
        let shown = attempt.certificate.as_deref()?;
        self.list.iter().find(|account| account.fingerprint() == Some(shown))
    }

    /// The device that a command means by its name alone, or by its name and product.
    pub fn find(&self, product: Option<&str>, device: &str) -> Result<&Account, String> {
        let is_it = |account: &&Account| account.device == device && product.is_none_or(|p| p == account.product);
        let mut hits = self.list.iter().filter(is_it);
        match (hits.next(), hits.next()) {
            (Some(account), None) => Ok(account),
            (None, _) => Err(format!("no device is called {device:?}")),
            _ => Err(format!("{device:?} is in several products: add productKey")),
        }
    }

    /// Adds a device, or replaces the one of that name.
    pub fn put(&mut self, account: Account) {
        self.changed = true;
        let is_it = |other: &&mut Account| other.product == account.product && other.device == account.device;
        match self.list.iter_mut().find(is_it) {
            Some(place) => *place = account,
            None => self.list.push(account),
        }
    }
}

/// What a new device is to be.
pub struct Wish<'a> {
    /// The first device's product if there is none.
    pub product: Option<&'a str>,
    pub device: &'a str,
}

/// Makes a device as a wish has it.
pub type Maker = fn(&Wish, &Accounts) -> Result<Account, String>;

/// A login that is let in.
pub struct Entry<'a> {
    pub account: &'a Account,
    /// How the login was signed, in the words of the cloud.
    pub sign_method: String,
    /// System messages reach the device without a SUBSCRIBE.
    pub auto_subscribed: bool,
}

/// One vendor's cloud. Times are by the cloud's own clock, which a test can set wrong.
pub trait Vendor {
    fn limits(&self) -> Limits;

    /// Makes what the cloud keeps beside its devices, once.
    fn prepare(&mut self, _: &mut Accounts) -> Result<(), String> {
        Ok(())
    }

    /// May a device log in with a certificate in place of a secret?
    fn takes_certificates(&self) -> bool {
        false
    }

    /// A new device with secrets of its own.
    fn make(&mut self, wish: &Wish, accounts: &Accounts) -> Result<Account, String>;

    /// What a script passes to `Device.register` beside the device's name, and other facts of the product: for `cloud.json`.
    fn describe(&self, _: &Accounts) -> Map<String, Value> {
        Map::new()
    }

    /// Is this a path of the cloud's HTTPS service?
    fn serves(&self, _path: &str) -> bool {
        false
    }

    /// Answers a POST to one of these paths.
    fn http(&mut self, _: &mut Accounts, _: &Request, _now_ms: u64) -> Response {
        Response::new(404, Value::Null)
    }

    /// The product and device that a login claims to be, for the journal.
    fn claims(&self, attempt: &Attempt) -> Option<(String, String)>;

    /// Judges a login: client id, user name, password. The limits are checked elsewhere.
    fn login<'a>(&self, accounts: &'a Accounts, attempt: &Attempt, now_ms: u64) -> Result<Entry<'a>, Refusal>;

    /// What kind of topic this is for the device, or why it may not use it.
    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String>;

    /// Does whoever subscribes to this topic get all that the cloud sends, as if subscribed to it?
    fn subscribes_all(&self, _name: &Name, _topic: &str) -> bool {
        false
    }

    /// What becomes of a message on a topic that [`Vendor::topic`] allows.
    fn take(&mut self, common: &mut Common, up: &Up) -> Taken;

    /// Sets properties of a device: the command `set`.
    fn set(&mut self, common: &mut Common, order: &Order) -> Outcome;

    /// Calls a service, an action or a command of a device: the command `service`.
    fn call(&mut self, common: &mut Common, order: &Order) -> Outcome;
}
