//! Which products and devices exist, and what are their secrets?

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Value, json};

use crate::random::text as random_text;

/// A device's name on the platform: product key and device name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    pub product: String,
    pub device: String,
}

impl Name {
    pub fn new(product: impl Into<String>, device: impl Into<String>) -> Name {
        Name { product: product.into(), device: device.into() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.product, self.device)
    }
}

struct Product {
    secret: String,
    /// May its devices register?
    dynamic: bool,
    /// Under any name?
    unlisted: bool,
    devices: BTreeMap<String, Device>,
}

impl Default for Product {
    fn default() -> Self {
        Product { secret: String::new(), dynamic: true, unlisted: false, devices: BTreeMap::new() }
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
}

impl Devices {
    /// Reads the list that the launcher wrote.
    pub fn from_json(list: &Value) -> Result<Devices, String> {
        let mut devices = Devices::default();
        for entry in list.as_array().ok_or("the device list is not an array")? {
            let field = |key: &str| entry[key].as_str().ok_or_else(|| format!("a device without {key}: {entry}"));
            let product = field("productKey")?;
            devices.add_product(product, field("productSecret")?);
            devices.add(&Name::new(product, field("deviceName")?), Key::Secret(field("deviceSecret")?.into()));
        }
        Ok(devices)
    }

    fn add_product(&mut self, key: &str, secret: &str) {
        self.home.get_or_insert_with(|| key.to_owned());
        self.products.entry(key.to_owned()).or_default().secret = secret.to_owned();
    }

    /// Adds a device, or gives it another key. It has not connected with that yet.
    pub fn add(&mut self, name: &Name, key: Key) {
        let product = self.products.entry(name.product.clone()).or_default();
        product.devices.insert(name.device.clone(), Device { key, active: false });
    }

    /// Says what a product allows, which is made if it does not exist; its key and secret.
    pub fn allow(&mut self, key: &str, dynamic: Option<bool>, unlisted: Option<bool>) -> Result<Value, String> {
        if !self.products.contains_key(key) {
            is_name("productKey", key)?;
            self.add_product(key, &random_text(16)?);
        }
        let product = self.products.entry(key.to_owned()).or_default();
        product.dynamic = dynamic.unwrap_or(product.dynamic);
        product.unlisted = unlisted.unwrap_or(product.unlisted);
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

fn is_name(what: &str, text: &str) -> Result<(), String> {
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
