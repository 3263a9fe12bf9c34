//! The clouds of other vendors than Alibaba: which of them are played, who may log in there, what do they reply?
//!
//! One file a vendor: what it checks and replies ([`Vendor`]). A new vendor is a file here and a line in `list.rs`. Each has
//! two ports of its own, by which a connection is known to be for it, and a clock of its own.

mod envelope;
mod http;
#[macro_use]
mod list;
mod vendor;

mod baidu;
mod huawei;
mod onenet;
mod tencent;
mod tlink;
mod tuya;

use rcgen::KeyPair;
use serde_json::{Map, Value, json};
use sha2::Digest;

use crate::authority::{Authority, DEVICES as DEVICES_ROOT, VALID};
use crate::clock::shifted;
use crate::devices::{Name, is_name};
use crate::fields::Fields;
use crate::login::{Attempt, BAD_PROTOCOL, NOT_AUTHORISED, Refusal, Session, refuse};
use crate::random;
use crate::services::{Common, Order, Outcome, Taken, Up};
use crate::topics::{Kind, Use};
pub use vendor::{Account, Accounts, Certified, DYNAMIC, Entry, Limits, Maker, UNLISTED, Vendor, Wish};

use baidu::Baidu;
use http::{Request, Response};
use huawei::Huawei;
use onenet::Onenet;
use tencent::Tencent;
use tlink::Tlink;
use tuya::Tuya;

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
    issuer: String,
    pub common: Common,
    /// How many seconds its clock is off.
    pub clock_s: i64,
}

/// All vendors' clouds that are played.
#[derive(Default)]
pub struct State {
    played: Vec<Playing>,
    /// What is kept, of clouds that are not played as well.
    kept: Map<String, Value>,
}

impl State {
    /// `issuer` is the key, as PEM, that signs devices' certificates. `wanted` is `name:tls port:tcp port`, separated by commas; `kept` the devices of an earlier start, by cloud.
    pub fn start(wanted: &str, kept: &Value, issuer: &str) -> Result<State, String> {
        let words = wanted.split(',').filter(|word| !word.is_empty());
        let played = words.map(|word| Playing::start(word, kept, issuer)).collect::<Result<_, _>>()?;
        Ok(State { played, kept: kept.as_object().cloned().unwrap_or_default() })
    }

    /// The devices to keep, if they are others than the last ones.
    pub fn take_changed(&mut self) -> Option<Value> {
        let mut changed = false;
        for playing in self.played.iter_mut().filter(|playing| playing.accounts.changed) {
            playing.accounts.changed = false;
            self.kept.insert(playing.name.to_owned(), playing.accounts.to_json());
            changed = true;
        }
        changed.then(|| Value::Object(self.kept.clone()))
    }

    /// The cloud that listens on this port.
    pub fn at(&self, port: u16) -> Option<&Playing> {
        self.played.iter().find(|playing| [playing.tls_port, playing.tcp_port].contains(&port))
    }

    pub fn of(&self, name: &Name) -> Option<&Playing> {
        self.played.iter().find(|playing| playing.name == name.cloud)
    }

    pub fn named(&mut self, name: &str) -> Result<&mut Playing, String> {
        let found = self.played.iter_mut().find(|playing| playing.name == name);
        found.ok_or_else(|| format!("the cloud {name:?} is not played; --cloud starts it"))
    }

    /// Where the clouds are, and their devices.
    pub fn describe(&self) -> Value {
        self.played.iter().map(|playing| (playing.name.to_owned(), playing.describe())).collect()
    }

    /// Answers a request of the HTTPS service, if its path belongs to one of the clouds: the device that it is about, and what
    /// goes back.
    pub fn http(&mut self, head: &str, body: &str, real_ms: u64) -> Option<(Name, Response)> {
        let (method, request) = Request::read(head, body)?;
        let playing = self.played.iter_mut().find(|playing| playing.vendor.serves(request.path))?;
        let now_ms = playing.now_ms(real_ms);
        let response = match method {
            "POST" => playing.vendor.http(&mut playing.accounts, &request, now_ms),
            other => Response::new(405, json!({})).refused(405, &format!("the method is {other}, not POST")),
        };
        let (product, device) = response.about.clone();
        Some((Name::of(playing.name, product, device), response))
    }

    /// What a cloud makes of a message of one of its devices.
    pub fn take(&mut self, up: &Up) -> Option<Taken> {
        let playing = self.played.iter_mut().find(|playing| playing.name == up.from.name.cloud)?;
        let now_ms = playing.now_ms(up.now_ms);
        Some(playing.vendor.take(&mut playing.common, &Up { now_ms, ..*up }))
    }
}

impl Playing {
    fn start(words: &str, kept: &Value, issuer: &str) -> Result<Playing, String> {
        let wrong = || format!("{words:?} is not name:port:port");
        let (name, ports) = words.split_once(':').ok_or_else(wrong)?;
        let (tls_port, tcp_port) = ports.split_once(':').ok_or_else(wrong)?;
        let port = |text: &str| text.parse::<u16>().map_err(|e| format!("port {text} of {name}: {e}"));
        let (tls_port, tcp_port) = (port(tls_port)?, port(tcp_port)?);
        let (name, mut vendor) = named(name).ok_or_else(|| format!("no cloud is called {name:?}"))?;
        let mut accounts = match &kept[name] {
            Value::Null => Accounts::default(),
            list => Accounts::from_json(list).map_err(|why| format!("{name}: {why}"))?,
        };
        vendor.prepare(&mut accounts)?;
        let common = Common::default();
        let mut playing =
            Playing { name, tls_port, tcp_port, vendor, accounts, issuer: issuer.into(), common, clock_s: 0 };
        // The broker ends a connection whose client id comes again, on whatever port: no two clouds have the same names.
        for number in playing.accounts.iter().count()..DEVICES {
            // The last one has a certificate, where the cloud takes them.
            let certified = number + 1 == DEVICES && playing.vendor.takes_certificates();
            playing.create(None, Some(&format!("{name}{:02}", number + 1)), certified)?;
        }
        Ok(playing)
    }

    fn describe(&self) -> Value {
        let devices: Vec<&Map<String, Value>> = self.accounts.iter().map(|account| &account.login).collect();
        let mut about = self.vendor.describe(&self.accounts);
        about.insert("host".into(), json!("localhost"));
        about.insert("tls_port".into(), json!(self.tls_port));
        about.insert("tcp_port".into(), json!(self.tcp_port));
        about.insert("devices".into(), json!(devices));
        Value::Object(about)
    }

    /// A new device: what a script passes to `Device.connect` to be that one.
    pub fn create(&mut self, product: Option<&str>, device: Option<&str>, certified: bool) -> Result<Value, String> {
        if certified && !self.vendor.takes_certificates() {
            return Err(format!("{} has no logins with a certificate", self.name));
        }
        let device = match device {
            Some(device) => device.to_owned(),
            None => format!("{}-{}", self.name, random::text(6)?),
        };
        let device = &*device;
        is_name("deviceName", device)?;
        let mut account = self.vendor.make(&Wish { product, device }, &self.accounts)?;
        if self.accounts.get(&account.product, &account.device).is_some() {
            return Err(format!("{device:?} exists already"));
        }
        if certified {
            account.certify(certify(&self.issuer, &format!("{}/{}", account.product, account.device))?);
        }
        let login = Value::Object(account.login.clone());
        self.accounts.put(account);
        Ok(login)
    }

    /// Whether devices may register, and under names that nobody has listed; what a script needs for that.
    pub fn allow(&mut self, dynamic: Option<bool>, unlisted: Option<bool>) -> Value {
        for (key, allowed) in [(DYNAMIC, dynamic), (UNLISTED, unlisted)] {
            if let Some(allowed) = allowed {
                self.accounts.allow(key, allowed);
            }
        }
        self.vendor.describe(&self.accounts).remove("registration").unwrap_or_default()
    }

    pub fn set_active(&mut self, name: &Name, active: bool) {
        self.accounts.set_active(&name.product, &name.device, active);
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
        let shown = || self.accounts.certified(attempt).map(|of| (of.product.clone(), of.device.clone()));
        let claimed = self.vendor.claims(attempt).or_else(shown);
        let (product, device) = claimed.unwrap_or_else(|| ("".into(), attempt.user_name.clone()));
        Name::of(self.name, product, device)
    }

    pub fn login(&self, attempt: &Attempt, real_ms: u64) -> Result<Session, Refusal> {
        let limits = self.limits();
        if !limits.protocols.contains(&attempt.protocol) {
            let (level, served) = (attempt.protocol, limits.protocols);
            return refuse(BAD_PROTOCOL, format!("protocol level {level}: the cloud has {served:?} (4 is MQTT 3.1.1)"));
        }
        if attempt.will && !limits.will {
            return refuse(NOT_AUTHORISED, "a will is not supported");
        }
        let Entry { account, sign_method, auto_subscribed } =
            self.vendor.login(&self.accounts, attempt, self.now_ms(real_ms))?;
        if !limits.keepalive.contains(&attempt.keepalive) {
            let (least, most) = (limits.keepalive.start(), limits.keepalive.end());
            return refuse(limits.bad_keepalive, format!("keepalive {} is outside {least}..{most}", attempt.keepalive));
        }
        Ok(Session {
            name: Name::of(self.name, &*account.product, &*account.device),
            client_id: attempt.client_id.clone(),
            keepalive: attempt.keepalive,
            clean: attempt.clean,
            secure_mode: String::new(),
            sign_method,
            auto_subscribed,
            implicit_qos: limits.implicit_qos,
            filters: Vec::new(),
            custom_rrpc: false,
        })
    }

    pub fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        self.vendor.topic(name, topic, usage)
    }

    pub fn subscribes_all(&self, name: &Name, topic: &str) -> bool {
        self.vendor.subscribes_all(name, topic)
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

/// A new certificate for a device of this name.
fn certify(issuer: &str, common_name: &str) -> Result<Certified, String> {
    let issued = || {
        let authority = Authority::new(DEVICES_ROOT, KeyPair::from_pem(issuer)?)?;
        authority.issue(common_name, VALID)
    };
    let (certificate, key) = issued().map_err(|e: rcgen::Error| format!("a certificate: {e}"))?;
    let fingerprint = hex::encode(sha2::Sha256::digest(certificate.der()));
    Ok(Certified { certificate: certificate.pem(), key: key.serialize_pem(), fingerprint })
}

/// The commands of every vendor's cloud, and their fields: the same as of Alibaba's.
pub const COMMANDS: [(&str, &[&str]); 2] = [
    ("set", &["device", "productKey", "params", "qos"]),
    ("service", &["device", "productKey", "service", "params", "qos"]),
];

/// What every vendor's test needs: a cloud with that vendor alone, a login, a message and what became of it.
#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;
    use crate::acts::{Act, Verdict};
    use crate::cloud::Cloud;
    use crate::cloud::tests::seen;
    use crate::commands;
    use crate::devices::Devices;

    pub const NOW_MS: u64 = 1_700_000_000_000;
    const LINK: usize = 1;

    /// A cloud with what it keeps, and these devices: product, device and login.
    pub fn cloud(vendor: &str, kept: &Value, devices: &[(&str, &str, Value)]) -> Cloud {
        let list: Value = devices
            .iter()
            .map(|(product, device, login)| json!({"product": product, "device": device, "login": login, "kept": {}}))
            .collect();
        let state =
            State::start(&format!("{vendor}:1:2"), &json!({ vendor: { "kept": kept, "devices": list } }), &issuer())
                .unwrap();
        let mut cloud = Cloud::new(Devices::default(), state);
        cloud.tick(NOW_MS);
        cloud
    }

    /// A key that signs devices' certificates, the same in all tests.
    pub fn issuer() -> String {
        static KEY: OnceLock<String> = OnceLock::new();
        KEY.get_or_init(|| KeyPair::generate().unwrap().serialize_pem()).clone()
    }

    /// Gives a device a certificate, and returns its fingerprint.
    pub fn certify(cloud: &mut Cloud, vendor: &str, product: &str, device: &str) -> String {
        let playing = cloud.vendors.named(vendor).unwrap();
        let mut account = playing.accounts.get(product, device).unwrap().clone();
        account.certify(super::certify(&issuer(), device).unwrap());
        let fingerprint = account.kept["certificate"].as_str().unwrap().to_owned();
        playing.accounts.put(account);
        fingerprint
    }

    pub fn attempt(client_id: &str, user_name: &str, password: &str) -> Attempt {
        Attempt {
            client_id: client_id.into(),
            user_name: user_name.into(),
            password: password.into(),
            keepalive: 60,
            clean: true,
            protocol: 4,
            port: 1,
            tls: true,
            certificate: None,
            will: false,
        }
    }

    /// The CONNACK code, and the reason in the journal.
    pub fn login(cloud: &mut Cloud, attempt: &Attempt) -> (u8, String) {
        let code = cloud.login(LINK, attempt).map_or_else(|refusal| refusal.code, |_| 0);
        let record = seen(cloud, "login").pop().unwrap();
        (code, record["reason"].as_str().unwrap_or_default().to_owned())
    }

    /// What the cloud answers to a message of the device that logged in: topic and payload.
    pub fn publish(cloud: &mut Cloud, topic: &str, payload: &str) -> Option<(String, Value)> {
        assert_eq!(cloud.publish(LINK, topic, payload.as_bytes(), 1, false), Verdict::Allow, "{topic}");
        let (_, acts) = cloud.message(LINK, topic, payload.as_bytes(), 1);
        sent(&acts)
    }

    /// The message that a command sends.
    pub fn command(cloud: &mut Cloud, request: Value) -> (String, Value) {
        let (reply, acts) = commands::run(cloud, &request);
        sent(&acts).unwrap_or_else(|| panic!("{request}: {reply}"))
    }

    fn sent(acts: &[Act]) -> Option<(String, Value)> {
        match acts {
            [] => None,
            [Act::Publish { topic, payload, .. }] => Some((topic.clone(), serde_json::from_slice(payload).unwrap())),
            other => panic!("{other:?}"),
        }
    }

    /// The newest record of this kind.
    pub fn last(cloud: &Cloud, kind: &str) -> Value {
        seen(cloud, kind).pop().unwrap_or_else(|| panic!("no {kind}"))
    }

    /// Which of these topics the device may not publish or subscribe: the first letter says which is tried.
    pub fn denied<'a>(cloud: &mut Cloud, topics: &[&'a str]) -> Vec<&'a str> {
        let denies = |words: &&&str| match words.split_once(' ') {
            Some(("publish", topic)) => cloud.publish(LINK, topic, b"", 0, false) != Verdict::Allow,
            Some(("subscribe", topic)) => cloud.subscribe(LINK, topic, 1) != Verdict::Allow,
            _ => panic!("{words}"),
        };
        topics.iter().filter(denies).copied().collect()
    }

    fn tencent() -> Cloud {
        let device = |name: &str| {
            let login =
                json!({"cloud": "tencent", "productId": "LD8S5J1L07", "deviceName": name, "deviceSecret": "YQ=="});
            ("LD8S5J1L07", name.to_owned(), login)
        };
        let (one, two, three) = (device("a"), device("b"), device("c"));
        cloud("tencent", &json!({}), &[(one.0, &one.1, one.2), (two.0, &two.1, two.2), (three.0, &three.1, three.2)])
    }

    #[test]
    fn devices_are_kept_from_one_start_to_the_next() {
        let mut first = State::start("tencent:1:2", &Value::Null, &issuer()).unwrap();
        let kept = first.take_changed().unwrap();
        assert_eq!(first.take_changed(), None);
        let described = first.describe();
        let devices = described["tencent"]["devices"].as_array().unwrap();
        let names: Vec<&Value> = devices.iter().map(|device| &device["deviceName"]).collect();
        assert_eq!(names, ["tencent01", "tencent02", "tencent03"]);
        assert!(devices.iter().all(|device| device["cloud"] == "tencent"));
        assert_eq!((&described["tencent"]["tls_port"], &described["tencent"]["tcp_port"]), (&json!(1), &json!(2)));
        let mut other = State::start("onenet:1:2", &kept, &issuer()).unwrap();
        let kept = other.take_changed().unwrap();
        assert!(kept["onenet"].is_object());
        let again = State::start("tencent:1:2", &kept, &issuer()).unwrap();
        assert_eq!(again.describe(), described);
        for wrong in ["tencent", "tencent:1", "tencent:x:2", "nobody:1:2"] {
            assert!(State::start(wrong, &Value::Null, &issuer()).is_err(), "{wrong}");
        }
        let secret = json!({"tencent": {"devices": [{"product": "p", "login": {"deviceSecret": "hush"}}]}});
        let why = State::start("tencent:1:2", &secret, &issuer()).err().unwrap();
        assert!(why.contains("entry 1") && !why.contains("hush"), "{why}");
    }

    #[test]
    fn a_port_says_which_cloud_is_meant() {
        let state = State::start("tencent:1:2", &Value::Null, &issuer()).unwrap();
        assert_eq!([1, 2].map(|port| state.at(port).map(|playing| playing.name)), [Some("tencent"); 2]);
        assert!(state.at(8883).is_none());
    }

    #[test]
    fn commands_name_the_cloud() {
        let mut cloud = tencent();
        let mut run = |request: Value| commands::run(&mut cloud, &request).0;
        assert!(
            run(json!({"do": "set", "cloud": "tencent", "device": "a"}))["error"]
                .as_str()
                .unwrap()
                .contains("not connected")
        );
        assert!(
            run(json!({"do": "set", "cloud": "tencent", "device": "x"}))["error"].as_str().unwrap().contains("\"x\"")
        );
        assert!(
            run(json!({"do": "set", "cloud": "other", "device": "a"}))["error"].as_str().unwrap().contains("other")
        );
        assert!(
            run(json!({"do": "raw", "cloud": "tencent", "device": "a"}))["error"].as_str().unwrap().contains("raw")
        );
        let made = run(json!({"do": "device", "cloud": "tencent", "device": "new"}));
        assert_eq!(
            (&made["device"]["productId"], &made["device"]["deviceName"]),
            (&json!("LD8S5J1L07"), &json!("new"))
        );
        assert_eq!(run(json!({"do": "device", "cloud": "tencent", "device": "new"}))["ok"], false);
        assert_eq!(run(json!({"do": "clock", "cloud": "tencent", "seconds": -5}))["now"], NOW_MS - 5000);
        assert_eq!(run(json!({"do": "clock", "seconds": 7}))["now"], NOW_MS + 7000);
        assert_eq!(run(json!({"do": "vendors"}))["vendors"]["tencent"]["devices"][3]["deviceName"], "new");
    }

    #[test]
    fn a_refusal_on_command_is_for_one_cloud() {
        let mut cloud = tencent();
        let (reply, _) = commands::run(&mut cloud, &json!({"do": "refuse", "code": 3}));
        assert_eq!(reply["ok"], true);
        assert_eq!(login(&mut cloud, &attempt("LD8S5J1L07a", "", "")).0, 4);
        commands::run(&mut cloud, &json!({"do": "refuse", "code": 3, "cloud": "tencent"}));
        assert_eq!(login(&mut cloud, &attempt("LD8S5J1L07a", "", "")), (3, "told to refuse".into()));
        assert_eq!(login(&mut cloud, &attempt("LD8S5J1L07a", "", "")).0, 4);
    }
}
