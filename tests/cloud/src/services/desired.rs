//! Desired properties: values that the cloud keeps for a device until the device asks for them (documents 109807 and 107582).
//!
//! Each value has a version, which counts how often it was set. A device that is online is also sent each new value as an
//! ordinary property set. `thing/property/desired/get` asks for values, `…/delete` removes those that have been carried out.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::service::{Command, Common, Order, Outcome, Service, Taken, Up};
use crate::devices::Name;

/// How many properties one command may set.
const AT_A_TIME: usize = 10;

#[derive(Default)]
struct Kept {
    /// `None` if it was deleted: the version goes on from there.
    value: Option<Value>,
    version: u64,
}

#[derive(Default)]
pub struct Desired(HashMap<Name, BTreeMap<String, Kept>>);

impl Desired {
    /// Sets values; null deletes one.
    fn set(&mut self, device: &Name, values: &Map<String, Value>) {
        let properties = self.0.entry(device.clone()).or_default();
        for (key, value) in values {
            let desired = properties.entry(key.clone()).or_default();
            desired.value = (!value.is_null()).then(|| value.clone());
            desired.version += u64::from(!value.is_null());
        }
    }

    /// The values that are set, with their versions.
    fn shown(&self, device: &Name, wanted: impl Fn(&str) -> bool) -> Value {
        let properties = self.0.get(device).into_iter().flatten().filter(|(key, _)| wanted(key));
        properties
            .filter_map(|(key, desired)| {
                let value = desired.value.as_ref()?;
                Some((key.clone(), json!({ "value": value, "version": desired.version })))
            })
            .collect()
    }

    /// Deletes a value, if its version is this one or none is given.
    fn delete(&mut self, device: &Name, key: &str, version: Option<u64>) {
        let desired = self.0.get_mut(device).and_then(|properties| properties.get_mut(key));
        if let Some(desired) = desired.filter(|desired| version.is_none_or(|version| version == desired.version)) {
            desired.value = None;
        }
    }
}

impl Service for Desired {
    const COMMANDS: &'static [Command<Self>] = &[Command("desired", &["device", "productKey", "params"], desired)];

    fn take(&mut self, common: &mut Common, up: &Up) -> Option<Taken> {
        let device = &up.from.name;
        let path = up.path()?;
        let method = path.replace('/', ".");
        match path {
            "thing/property/desired/get" => {
                Some(common.request(up, &method, Value::is_array, up.record("desired_get"), |params| {
                    let keys: Option<Vec<&str>> = params.as_array().into_iter().flatten().map(Value::as_str).collect();
                    let keys = keys.filter(|keys| !keys.is_empty()).ok_or("params is not a list of identifiers")?;
                    Ok(self.shown(device, |key| keys.contains(&key)))
                }))
            }
            "thing/property/desired/delete" => {
                Some(common.request(up, &method, Value::is_object, up.record("desired_delete"), |params| {
                    let params = params.as_object().filter(|params| !params.is_empty()).ok_or("params is empty")?;
                    for (key, about) in params {
                        let version = &about["version"];
                        if !about.is_object() || !(version.is_null() || version.is_u64()) {
                            return Err(format!("{key} has no version: {about}"));
                        }
                    }
                    for (key, about) in params {
                        self.delete(device, key, about["version"].as_u64());
                    }
                    Ok(json!({}))
                }))
            }
            _ => None,
        }
    }
}

/// Sets desired values, and shows them all.
fn desired(all: &mut Desired, common: &mut Common, order: &Order) -> Outcome {
    let device = order.device()?;
    let params = order.fields.params()?;
    let values = params.as_object().cloned().unwrap_or_default();
    if values.len() > AT_A_TIME {
        return Err(format!("params has {} properties; the limit is {AT_A_TIME}", values.len()));
    }
    all.set(device, &values);
    let set: Map<String, Value> = values.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let (mut reply, down) = match order.online && !set.is_empty() {
        true => common.call(order, "property/set", &set.into(), 1)?,
        false => (json!({}), None),
    };
    reply["desired"] = all.shown(device, |_| true);
    Ok((reply, down))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acts::Act;
    use crate::cloud::Cloud;
    use crate::cloud::tests::{attempt, cloud};
    use crate::commands;

    fn command(cloud: &mut Cloud, params: Value) -> (Value, Vec<Act>) {
        commands::run(cloud, &json!({"do": "desired", "device": "dev01", "params": params}))
    }

    fn ask(cloud: &mut Cloud, what: &str, params: Value) -> Value {
        let topic = format!("/sys/a1B2c3D4e5F/dev01/thing/property/desired/{what}");
        let payload = json!({"id": "1", "version": "1.0", "params": params}).to_string();
        let (_, acts) = cloud.message(1, &topic, payload.as_bytes(), 0);
        let [Act::Publish { topic: reply, payload, .. }] = &acts[..] else { panic!("{acts:?}") };
        assert_eq!(*reply, format!("{topic}_reply"));
        serde_json::from_slice(payload).unwrap()
    }

    #[test]
    fn what_was_set_while_away_waits_with_its_version() {
        let mut cloud = cloud();
        assert_eq!(command(&mut cloud, json!({"a": 1, "b": {"c": [2]}})).1, []);
        let (reply, _) = command(&mut cloud, json!({"a": 3}));
        assert_eq!(reply["desired"]["a"], json!({"value": 3, "version": 2}));
        cloud.login(1, &attempt()).unwrap();
        let reply = ask(&mut cloud, "get", json!(["a", "b", "unknown"]));
        let both = json!({"a": {"value": 3, "version": 2}, "b": {"value": {"c": [2]}, "version": 1}});
        assert_eq!((&reply["code"], &reply["data"]), (&json!(200), &both));
        assert_eq!(ask(&mut cloud, "get", json!(["unknown"]))["data"], json!({}));
    }

    #[test]
    fn a_device_that_is_online_is_sent_a_property_set() {
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        let (reply, acts) = command(&mut cloud, json!({"a": 1, "b": null}));
        assert!(reply["id"].is_string());
        let [Act::Publish { topic, payload, .. }] = &acts[..] else { panic!("{acts:?}") };
        assert_eq!(topic, "/sys/a1B2c3D4e5F/dev01/thing/service/property/set");
        assert_eq!(serde_json::from_slice::<Value>(payload).unwrap()["params"], json!({"a": 1}));
        assert_eq!(command(&mut cloud, json!({})).1, []);
    }

    #[test]
    fn only_the_version_that_is_named_is_deleted() {
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        command(&mut cloud, json!({"a": 1, "b": 1, "c": 1}));
        command(&mut cloud, json!({"a": 2}));
        let params = json!({"a": {"version": 1}, "b": {"version": 1}, "c": {}, "unknown": {"version": 7}});
        assert_eq!(ask(&mut cloud, "delete", params)["code"], 200);
        let (reply, _) = command(&mut cloud, json!({}));
        assert_eq!(reply["desired"], json!({"a": {"value": 2, "version": 2}}));
        let (reply, _) = command(&mut cloud, json!({"b": 5}));
        assert_eq!(reply["desired"]["b"], json!({"value": 5, "version": 2}), "it goes on counting");
    }

    #[test]
    fn bad_params_are_refused_and_nothing_is_deleted() {
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        command(&mut cloud, json!({"a": 1}));
        for params in [json!([]), json!(["a", 1]), json!({}), json!("a"), json!(null)] {
            assert_eq!(ask(&mut cloud, "get", params.clone())["code"], 460, "{params}");
        }
        for params in [json!({}), json!([]), json!({"a": {}, "b": 1}), json!({"a": {"version": "1"}})] {
            assert_eq!(ask(&mut cloud, "delete", params.clone())["code"], 460, "{params}");
        }
        let eleven: Map<String, Value> = (0..11).map(|at| (at.to_string(), json!(at))).collect();
        let (reply, _) = command(&mut cloud, eleven.into());
        assert!(reply["error"].as_str().unwrap().contains("limit"), "{reply}");
        assert_eq!(command(&mut cloud, json!({})).0["desired"]["a"]["value"], 1);
    }
}
