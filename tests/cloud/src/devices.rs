//! Which products and devices exist, and what are their secrets?

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use crate::random::text as random_text;

/// The cloud of the devices in this register.
pub const ALIYUN: &str = "aliyun";

/// A device's name: its cloud, and what that cloud calls product and device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    pub cloud: &'static str,
    pub product: String,
    pub device: String,
}

impl Name {
    /// A device of Alibaba's platform: product key and device name.
    pub fn new(product: impl Into<String>, device: impl Into<String>) -> Name {
        Name::of(ALIYUN, product, device)
    }

    pub fn of(cloud: &'static str, product: impl Into<String>, device: impl Into<String>) -> Name {
        Name { cloud, product: product.into(), device: device.into() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.product, self.device)
    }
}

struct Product {
    /// Products and devices are listed in the order in which they came.
    number: usize,
    secret: String,
    /// May its devices register?
    dynamic: bool,
    /// Under any name?
    unlisted: bool,
    /// May its devices publish to its broadcast topics?
    broadcast: bool,
    devices: BTreeMap<String, Device>,
}

impl Default for Product {
    fn default() -> Self {
        Product {
            number: 0,
            secret: String::new(),
            dynamic: true,
            unlisted: false,
            broadcast: false,
            devices: BTreeMap::new(),
        }
    }
}

/// What a device logs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Secret(String),
    /// Of a device that nobody had listed.
    Token {
        client_id: String,
        token: String,
    },
}

struct Device {
    number: usize,
    key: Key,
    /// Has it ever connected? Then it keeps the key that it has.
    active: bool,
}

/// The register of products and devices.
#[derive(Default)]
pub struct Devices {
    products: BTreeMap<String, Product>,
    /// The product that commands mean when they name none: the first one.
    home: Option<String>,
    added: usize,
    /// Has something changed since the list was kept?
    changed: bool,
}

impl Devices {
    /// Reads the list that the launcher made, or that was kept: `{productKey, productSecret}` for a product, with `dynamic`,
    /// `unlisted` and `broadcast`; `{productKey, deviceName, deviceSecret}` for a device, or `clientId` and `deviceToken`, with `active`. One
    /// entry may be both. No message says more of an entry than its number: it holds secrets.
    pub fn from_json(list: &Value) -> Result<Devices, String> {
        let mut devices = Devices::default();
        for (at, entry) in list.as_array().ok_or("the device list is not an array")?.iter().enumerate() {
            devices.read(entry).map_err(|why| format!("entry {}: {why}", at + 1))?;
        }
        devices.changed = false;
        Ok(devices)
    }

    fn read(&mut self, entry: &Value) -> Result<(), String> {
        let text = |key: &str| entry[key].as_str().filter(|text| !text.is_empty());
        let field = |key: &str| text(key).ok_or_else(|| format!("{key} is missing"));
        let product = field("productKey")?;
        if let Some(secret) = text("productSecret") {
            self.add_product(product, secret);
            let said = |key: &str| entry[key].as_bool();
            self.allow(product, said("dynamic"), said("unlisted"), said("broadcast"))?;
        }
        if !self.has_product(product) {
            return Err("productSecret is missing".into());
        }
        let Some(device) = text("deviceName") else {
            return Ok(());
        };
        let key = match text("deviceToken") {
            Some(token) => Key::Token { client_id: field("clientId")?.into(), token: token.into() },
            None => Key::Secret(field("deviceSecret")?.into()),
        };
        let name = Name::new(product, device);
        self.add(&name, key);
        self.set_active(&name, entry["active"] == true);
        Ok(())
    }

    /// The list to keep, if it is another than the last one.
    pub fn take_changed(&mut self) -> Option<Value> {
        std::mem::take(&mut self.changed).then(|| self.to_json())
    }

    fn to_json(&self) -> Value {
        let mut products: Vec<(&String, &Product)> = self.products.iter().collect();
        products.sort_by_key(|(_, product)| product.number);
        let mut list = Vec::new();
        for (key, product) in products {
            list.push(json!({
                "productKey": key, "productSecret": product.secret,
                "dynamic": product.dynamic, "unlisted": product.unlisted, "broadcast": product.broadcast,
            }));
            let mut devices: Vec<(&String, &Device)> = product.devices.iter().collect();
            devices.sort_by_key(|(_, device)| device.number);
            for (name, device) in devices {
                let mut entry = json!({ "productKey": key, "deviceName": name, "active": device.active });
                match &device.key {
                    Key::Secret(secret) => entry["deviceSecret"] = json!(secret),
                    Key::Token { client_id, token } => {
                        entry["clientId"] = json!(client_id);
                        entry["deviceToken"] = json!(token);
                    }
                }
                list.push(entry);
            }
        }
        Value::Array(list)
    }

    fn next_number(&mut self) -> usize {
        self.changed = true;
        self.added += 1;
        self.added
    }

    fn add_product(&mut self, key: &str, secret: &str) {
        self.home.get_or_insert_with(|| key.to_owned());
        let number = self.next_number();
        let product = self.products.entry(key.to_owned()).or_insert_with(|| Product { number, ..Product::default() });
        product.secret = secret.to_owned();
    }

    /// Adds a device, or gives it another key. It has not connected with that yet.
    pub fn add(&mut self, name: &Name, key: Key) {
        let number = self.next_number();
        let product = self.products.entry(name.product.clone()).or_default();
        let number = product.devices.get(&name.device).map_or(number, |device| device.number);
        product.devices.insert(name.device.clone(), Device { number, key, active: false });
    }

    /// Says what a product allows, which is made if it does not exist; its key and secret.
    pub fn allow(
        &mut self,
        key: &str,
        dynamic: Option<bool>,
        unlisted: Option<bool>,
        broadcast: Option<bool>,
    ) -> Result<Value, String> {
        if !self.products.contains_key(key) {
            is_name("productKey", key)?;
            self.add_product(key, &random_text(16)?);
        }
        let product = self.products.entry(key.to_owned()).or_default();
        self.changed = true;
        product.dynamic = dynamic.unwrap_or(product.dynamic);
        product.unlisted = unlisted.unwrap_or(product.unlisted);
        product.broadcast = broadcast.unwrap_or(product.broadcast);
        Ok(json!({ "productKey": key, "productSecret": product.secret }))
    }

    /// A new device with random secrets; its product too, where it does not exist yet.
    pub fn create(&mut self, product: Option<&str>, device: Option<&str>) -> Result<Value, String> {
        let product = product
            .map(str::to_owned)
            .or_else(|| self.home.clone())
            .ok_or("there is no product yet: name one in productKey")?;
        let device = match device {
            Some(name) => name.to_owned(),
            None => format!("dev-{}", random_text(6)?),
        };
        let name = Name::new(product, device);
        if self.key(&name).is_some() {
            return Err(format!("{name} exists already"));
        }
        is_name("productKey", &name.product)?;
        is_name("deviceName", &name.device)?;
        if !self.products.contains_key(&name.product) {
            self.add_product(&name.product, &random_text(16)?);
        }
        self.add(&name, Key::Secret(random_text(32)?));
        Ok(self.credentials(&name))
    }

    /// The four strings that a device is provisioned with.
    fn credentials(&self, name: &Name) -> Value {
        json!({
            "productKey": name.product,
            "productSecret": self.products.get(&name.product).map(|p| &p.secret),
            "deviceName": name.device,
            "deviceSecret": match self.key(name) {
                Some(Key::Secret(secret)) => Some(secret),
                _ => None,
            },
        })
    }

    pub fn has_product(&self, key: &str) -> bool {
        self.products.contains_key(key)
    }

    pub fn product_secret(&self, key: &str) -> Option<&str> {
        self.products.get(key).map(|product| &*product.secret)
    }

    pub fn is_dynamic(&self, key: &str) -> bool {
        self.products.get(key).is_some_and(|product| product.dynamic)
    }

    pub fn takes_unlisted(&self, key: &str) -> bool {
        self.products.get(key).is_some_and(|product| product.unlisted)
    }

    pub fn broadcasts(&self, key: &str) -> bool {
        self.products.get(key).is_some_and(|product| product.broadcast)
    }

    fn device(&self, name: &Name) -> Option<&Device> {
        self.products.get(&name.product)?.devices.get(&name.device)
    }

    pub fn key(&self, name: &Name) -> Option<&Key> {
        self.device(name).map(|device| &device.key)
    }

    pub fn is_active(&self, name: &Name) -> bool {
        self.device(name).is_some_and(|device| device.active)
    }

    /// It has connected; or, in the console, it was made as one that never has.
    pub fn set_active(&mut self, name: &Name, active: bool) {
        let product = self.products.get_mut(&name.product);
        if let Some(device) = product.and_then(|product| product.devices.get_mut(&name.device)) {
            self.changed |= device.active != active;
            device.active = active;
        }
    }

    /// The device that a command means by a name alone, or by a name and a product key.
    pub fn find(&self, product: Option<&str>, device: &str) -> Result<Name, String> {
        let mut hits = self
            .products
            .iter()
            .filter(|(key, held)| product.is_none_or(|p| p == *key) && held.devices.contains_key(device))
            .map(|(key, _)| Name::new(key, device));
        match (hits.next(), hits.next()) {
            (Some(name), None) => Ok(name),
            (None, _) => Err(format!("no device is called {device:?}")),
            _ => Err(format!("{device:?} is in several products: add productKey")),
        }
    }
}

/// A name that fits in a topic.
pub fn is_name(what: &str, text: &str) -> Result<(), String> {
    match !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:@".contains(c)) {
        true => Ok(()),
        false => Err(format!("{what} {text:?}: letters, digits and -_.:@ only")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_alone_must_be_unambiguous() {
        let mut devices = Devices::default();
        devices.create(Some("p1"), Some("lamp")).unwrap();
        assert_eq!(devices.find(None, "lamp"), Ok(Name::new("p1", "lamp")));
        devices.create(Some("p2"), Some("lamp")).unwrap();
        assert!(devices.find(None, "lamp").unwrap_err().contains("productKey"));
        assert_eq!(devices.find(Some("p2"), "lamp"), Ok(Name::new("p2", "lamp")));
        assert!(devices.find(None, "fan").is_err());
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let list = json!([
            {"productKey": "z", "productSecret": "s", "deviceName": "two", "deviceSecret": "2"},
            {"productKey": "z", "productSecret": "s", "deviceName": "one", "deviceSecret": "1"},
        ]);
        let mut devices = Devices::from_json(&list).unwrap();
        assert_eq!(devices.take_changed(), None);
        devices.create(Some("a"), Some("three")).unwrap();
        devices.allow("a", Some(false), Some(true), Some(true)).unwrap();
        devices.add(&Name::new("a", "four"), Key::Token { client_id: "c".into(), token: "t".into() });
        devices.set_active(&Name::new("z", "one"), true);
        let kept = devices.take_changed().unwrap();
        assert_eq!(devices.take_changed(), None);
        let names: Vec<&str> =
            kept.as_array().unwrap().iter().filter_map(|entry| entry["deviceName"].as_str()).collect();
        assert_eq!(names, ["two", "one", "three", "four"]);

        let mut again = Devices::from_json(&kept).unwrap();
        assert_eq!(again.to_json(), kept);
        assert!(again.is_active(&Name::new("z", "one")) && !again.is_active(&Name::new("z", "two")));
        assert!(!again.is_dynamic("a") && again.takes_unlisted("a") && again.broadcasts("a"));
        assert_eq!(again.key(&Name::new("a", "four")), devices.key(&Name::new("a", "four")));
        // Commands that name no product still mean the first.
        assert_eq!(again.create(None, Some("five")).unwrap()["productKey"], "z");
    }

    #[test]
    fn a_list_that_is_wrong_is_told_without_its_secrets() {
        for list in [
            json!({}),
            json!([{"productKey": "z", "productSecret": "hush", "deviceName": "one"}]),
            json!([{"productKey": "z", "deviceName": "one", "deviceSecret": "hush"}]),
            json!([{"productSecret": "hush"}]),
        ] {
            let Err(why) = Devices::from_json(&list) else { panic!("{list}") };
            assert!(!why.contains("hush"), "{why}");
        }
    }

    #[test]
    fn created_devices_get_secrets_of_their_own() {
        let mut devices = Devices::default();
        let one = devices.create(Some("p1"), None).unwrap();
        let two = devices.create(None, None).unwrap();
        assert_eq!(one["productSecret"], two["productSecret"]);
        assert_ne!(one["deviceSecret"], two["deviceSecret"]);
        assert!(devices.create(None, one["deviceName"].as_str()).is_err());
        assert!(devices.create(None, Some("a/b")).is_err());
    }
}
