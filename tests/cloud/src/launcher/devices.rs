//! The products and devices of the folder: those kept since the last start, or one product with three devices. A person may give
//! the first one's credentials.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::options::Given;
use crate::random;

/// The file in which the broker's plugin keeps them.
pub const FILE: &str = "devices.json";

/// The list for the plugin. The first device in it is the one that a person means who names none.
pub fn load(folder: &Path, given: &Given) -> Result<Value, String> {
    let path = folder.join(FILE);
    let wrong = |why: String| format!("{}: {why}; remove the file for new credentials", path.display());
    let kept = match fs::read(&path) {
        Ok(text) => apart(serde_json::from_slice::<Vec<Value>>(&text).map_err(|e| wrong(e.to_string()))?),
        Err(why) if why.kind() == ErrorKind::NotFound => make(given)?,
        Err(why) => return Err(wrong(why.to_string())),
    };
    check(&kept).map_err(wrong)?;
    with_given(kept, given).map(Value::Array)
}

/// Whether the plugin will understand this list. No message has a part of it: it holds secrets.
fn check(list: &[Value]) -> Result<(), String> {
    let has = |entry: &Value, key: &str| entry[key].as_str().is_some_and(|text| !text.is_empty());
    for (at, entry) in list.iter().enumerate() {
        let of_product = |other: &&Value| other["productKey"] == entry["productKey"] && has(other, "productSecret");
        let device = has(entry, "deviceName");
        let key = has(entry, "deviceSecret") || has(entry, "deviceToken") && has(entry, "clientId");
        if !has(entry, "productKey") || !list.iter().any(|other| of_product(&other)) || device && !key {
            return Err(format!("entry {} is neither a product nor a device of one", at + 1));
        }
    }
    Ok(())
}

/// What a person is shown: the four strings of each device that has a secret.
pub fn credentials(list: &Value) -> Value {
    let list: &[Value] = list.as_array().map_or(&[], Vec::as_slice);
    let devices = list.iter().filter(|entry| entry["deviceSecret"].is_string());
    let four = devices.map(|entry| {
        let product = &entry["productKey"];
        let of_product =
            list.iter().find(|other| other["productKey"] == *product && other["productSecret"].is_string());
        json!({
            "productKey": product,
            "productSecret": of_product.map(|entry| &entry["productSecret"]),
            "deviceName": entry["deviceName"],
            "deviceSecret": entry["deviceSecret"],
        })
    });
    four.collect()
}

fn make(given: &Given) -> Result<Vec<Value>, String> {
    let product = match &given.product_key {
        Some(key) => key.clone(),
        None => format!("a1{}", random::text(9)?),
    };
    let mut list = vec![json!({ "productKey": product, "productSecret": random::text(16)? })];
    for name in ["dev01", "dev02", "dev03"] {
        list.push(json!({ "productKey": product, "deviceName": name, "deviceSecret": random::text(32)? }));
    }
    Ok(list)
}

/// An older list has a product's secret in each of its devices. Here every product has an entry of its own.
fn apart(list: Vec<Value>) -> Vec<Value> {
    let mut result: Vec<Value> = Vec::new();
    for mut entry in list {
        if entry["deviceName"].is_string() {
            if let Some(secret) = entry.as_object_mut().and_then(|entry| entry.remove("productSecret")) {
                let key = &entry["productKey"];
                if !result.iter().any(|other| other["productKey"] == *key && other["productSecret"].is_string()) {
                    result.push(json!({ "productKey": key, "productSecret": secret }));
                }
            }
        }
        result.push(entry);
    }
    result
}

/// Puts the device that was given first, with what was given of it, and its product before it.
fn with_given(mut list: Vec<Value>, given: &Given) -> Result<Vec<Value>, String> {
    if *given == Given::default() {
        return Ok(list);
    }
    let first = |list: &[Value], key: &str, product: &str| {
        let of_product = |entry: &&Value| product.is_empty() || entry["productKey"] == product;
        let found = list.iter().filter(of_product).find_map(|entry| entry[key].as_str());
        found.map(str::to_owned)
    };
    let key = given.product_key.clone().or_else(|| first(&list, "productKey", "")).ok_or("there is no product")?;
    let name = given.device_name.clone().or_else(|| first(&list, "deviceName", &key)).unwrap_or("dev01".into());
    is_name("--product-key", &key)?;
    is_name("--device-name", &name)?;
    for (option, secret) in [("--product-secret", &given.product_secret), ("--device-secret", &given.device_secret)] {
        if secret.as_ref().is_some_and(String::is_empty) {
            return Err(format!("{option} is empty"));
        }
    }

    let mut product = take(&mut list, |entry| entry["productKey"] == *key && entry["productSecret"].is_string());
    let mut device = take(&mut list, |entry| entry["productKey"] == *key && entry["deviceName"] == *name);
    product.insert("productKey".into(), json!(key));
    device.insert("productKey".into(), json!(key));
    device.insert("deviceName".into(), json!(name));
    let set = |of: &mut Map<String, Value>, field: &str, given: &Option<String>, length| -> Result<(), String> {
        match given {
            Some(secret) => drop(of.insert(field.into(), json!(secret))),
            None if !of.contains_key(field) => drop(of.insert(field.into(), json!(random::text(length)?))),
            None => {}
        }
        Ok(())
    };
    set(&mut product, "productSecret", &given.product_secret, 16)?;
    if given.device_secret.is_some() || !device.contains_key("deviceToken") {
        set(&mut device, "deviceSecret", &given.device_secret, 32)?;
        device.remove("clientId");
        device.remove("deviceToken");
    }
    list.splice(0..0, [Value::Object(product), Value::Object(device)]);
    Ok(list)
}

/// Removes the first such entry; an empty one if there is none.
fn take(list: &mut Vec<Value>, is_it: impl Fn(&Value) -> bool) -> Map<String, Value> {
    let found = list.iter().position(is_it).map(|at| list.remove(at));
    match found {
        Some(Value::Object(entry)) => entry,
        _ => Map::new(),
    }
}

/// A name that fits in a topic.
fn is_name(option: &str, text: &str) -> Result<(), String> {
    match !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:@".contains(c)) {
        true => Ok(()),
        false => Err(format!("{option} {text:?}: letters, digits and -_.:@ only")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(fields: [Option<&str>; 4]) -> Given {
        let [product_key, product_secret, device_name, device_secret] = fields.map(|field| field.map(str::to_owned));
        Given { product_key, product_secret, device_name, device_secret }
    }

    fn old() -> Vec<Value> {
        let device =
            |name: &str| json!({"productKey": "p", "productSecret": "ps", "deviceName": name, "deviceSecret": name});
        apart(vec![device("one"), device("two")])
    }

    fn first(list: Vec<Value>) -> Value {
        credentials(&Value::Array(list))[0].clone()
    }

    #[test]
    fn what_is_given_comes_first_and_the_rest_stays() {
        for (fields, four) in [
            ([None, None, None, None], ["p", "ps", "one", "one"]),
            ([None, None, None, Some("new")], ["p", "ps", "one", "new"]),
            ([None, None, Some("two"), None], ["p", "ps", "two", "two"]),
            ([None, Some("other"), Some("two"), Some("new")], ["p", "other", "two", "new"]),
            ([Some("q"), Some("qs"), Some("three"), Some("3")], ["q", "qs", "three", "3"]),
        ] {
            let list = with_given(old(), &given(fields)).unwrap();
            let [product, product_secret, device, secret] = four;
            let expected = json!({"productKey": product, "productSecret": product_secret,
                "deviceName": device, "deviceSecret": secret});
            assert_eq!(first(list.clone()), expected);
            let names: Vec<&Value> = list.iter().map(|entry| &entry["deviceName"]).collect();
            assert!(names.contains(&&json!("one")) && names.contains(&&json!("two")), "{list:?}");
        }
    }

    #[test]
    fn a_new_product_gets_what_was_not_given() {
        let made = first(with_given(old(), &given([Some("q"), None, None, Some("3")])).unwrap());
        assert_eq!(
            (&made["productKey"], &made["deviceName"], &made["deviceSecret"]),
            (&"q".into(), &"dev01".into(), &"3".into())
        );
        assert_eq!(made["productSecret"].as_str().map(str::len), Some(16));
    }

    #[test]
    fn a_token_gives_way_to_a_secret() {
        let list = vec![
            json!({"productKey": "p", "productSecret": "ps"}),
            json!({"productKey": "p", "deviceName": "one", "clientId": "c", "deviceToken": "t"}),
        ];
        let kept = with_given(list.clone(), &given([None, None, Some("one"), None])).unwrap();
        assert_eq!(kept[1]["deviceToken"], "t");
        let list = with_given(list, &given([None, None, Some("one"), Some("s")])).unwrap();
        assert_eq!(list[1], json!({"productKey": "p", "deviceName": "one", "deviceSecret": "s"}));
    }

    #[test]
    fn a_name_fits_in_a_topic() {
        for fields in [[Some("a/b"), None, None, None], [None, None, Some(""), None], [None, None, Some("+"), None]] {
            assert!(with_given(old(), &given(fields)).is_err());
        }
        assert!(with_given(old(), &given([None, None, None, Some("")])).is_err());
    }
}
