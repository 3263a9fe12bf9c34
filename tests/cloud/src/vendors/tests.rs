//! What every vendor's test needs: a cloud with that vendor alone, a login, a message and what became of it.

use serde_json::{Value, json};

use super::State;
use crate::acts::{Act, Verdict};
use crate::cloud::Cloud;
use crate::cloud::tests::seen;
use crate::commands;
use crate::devices::Devices;
use crate::login::Attempt;

pub const NOW_MS: u64 = 1_700_000_000_000;
const LINK: usize = 1;

/// A cloud with these devices: product, device and login.
pub fn cloud(vendor: &str, devices: &[(&str, &str, Value)]) -> Cloud {
    let list: Value = devices
        .iter()
        .map(|(product, device, login)| json!({"product": product, "device": device, "login": login, "kept": {}}))
        .collect();
    let state = State::start(&format!("{vendor}:1:2"), &json!({ vendor: list })).unwrap();
    let mut cloud = Cloud::new(Devices::default(), state);
    cloud.tick(NOW_MS);
    cloud
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
        let login = json!({"cloud": "tencent", "productId": "LD8S5J1L07", "deviceName": name, "deviceSecret": "YQ=="});
        ("LD8S5J1L07", name.to_owned(), login)
    };
    let (one, two, three) = (device("a"), device("b"), device("c"));
    cloud("tencent", &[(one.0, &one.1, one.2), (two.0, &two.1, two.2), (three.0, &three.1, three.2)])
}

#[test]
fn devices_are_kept_from_one_start_to_the_next() {
    let mut first = State::start("tencent:1:2", &Value::Null).unwrap();
    let kept = first.take_changed().unwrap();
    assert_eq!(first.take_changed(), None);
    let described = first.describe();
    let devices = described["tencent"]["devices"].as_array().unwrap();
    let names: Vec<&Value> = devices.iter().map(|device| &device["deviceName"]).collect();
    assert_eq!(names, ["tencent01", "tencent02", "tencent03"]);
    assert!(devices.iter().all(|device| device["cloud"] == "tencent"));
    assert_eq!((&described["tencent"]["tls_port"], &described["tencent"]["tcp_port"]), (&json!(1), &json!(2)));
    let again = State::start("tencent:1:2", &kept).unwrap();
    assert_eq!(again.describe(), described);
    for wrong in ["tencent", "tencent:1", "tencent:x:2", "nobody:1:2"] {
        assert!(State::start(wrong, &Value::Null).is_err(), "{wrong}");
    }
    let secret = json!({"tencent": [{"product": "p", "login": {"deviceSecret": "hush"}}]});
    let why = State::start("tencent:1:2", &secret).err().unwrap();
    assert!(why.contains("entry 1") && !why.contains("hush"), "{why}");
}

#[test]
fn a_port_says_which_cloud_is_meant() {
    let state = State::start("tencent:1:2", &Value::Null).unwrap();
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
    assert!(run(json!({"do": "set", "cloud": "tencent", "device": "x"}))["error"].as_str().unwrap().contains("\"x\""));
    assert!(run(json!({"do": "set", "cloud": "other", "device": "a"}))["error"].as_str().unwrap().contains("other"));
    assert!(run(json!({"do": "raw", "cloud": "tencent", "device": "a"}))["error"].as_str().unwrap().contains("raw"));
    let made = run(json!({"do": "device", "cloud": "tencent", "device": "new"}));
    assert_eq!((&made["device"]["productId"], &made["device"]["deviceName"]), (&json!("LD8S5J1L07"), &json!("new")));
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
