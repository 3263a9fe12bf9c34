//! Desired properties: asked for, deleted, and followed over any number of links.

use aliyun_iot::alink::{NoReply, PostError, Reply};
use aliyun_iot::codec::json::NotJson;
use aliyun_iot::device::{Loss, Options};
use aliyun_iot::mqtt::SendError;
use aliyun_iot::services::desired::{Event, FOLLOWED_MAX};
use aliyun_iot::text::Text;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::net::{DN, Net, PK, Told, aliyun_login, buffer, plain_login};
use crate::packets::{Packet, qos0};

fn topic(end: &str) -> String {
    format!("/sys/{PK}/{DN}/thing/property/desired/{end}")
}

/// An event that may be kept.
fn told(event: Event) -> Told {
    Told::Other(format!("Desired({event:?})"))
}

fn values(data: &str) -> Told {
    told(Event::Values { data: data.into() })
}

/// The request that the device has sent, and nothing else: its id and its params.
#[track_caller]
fn request(net: &mut Net, what: &str) -> (u32, Value) {
    let Packet::Publish(publish) = net.sends_one() else { panic!("no PUBLISH") };
    assert_eq!((publish.topic.as_str(), publish.qos), (topic(what).as_str(), mqttbytes::QoS::AtMostOnce));
    let mut body: Value = serde_json::from_slice(&publish.payload).unwrap();
    let id = body["id"].as_str().unwrap().parse().unwrap();
    let params = body["params"].take();
    let rest = json!({
        "id": id_text(id), "version": "1.0", "sys": {"ack": 1}, "params": null,
        "method": format!("thing.property.desired.{what}"),
    });
    assert_eq!(body, rest);
    (id, params)
}

fn id_text(id: u32) -> String {
    id.to_string()
}

fn reply(what: &str, id: u32, code: i32, data: &str) -> Packet {
    let text = format!(r#"{{"id":"{id}","code":{code},"data":{data},"message":"\u597d\n"}}"#);
    qos0(&topic(&format!("{what}_reply")), text.as_bytes())
}

/// A device that follows `names`, and has asked for the first time: the id of that.
#[track_caller]
fn following(names: &Value) -> (Net, u32) {
    let mut net = Net::online();
    net.device.desired().follow(&names.to_string(), buffer(4096)).unwrap();
    let (id, params) = request(&mut net, "get");
    assert_eq!(params, *names);
    (net, id)
}

/// The link is lost and comes back: what the device asks for then.
#[track_caller]
fn reconnected(net: &mut Net) -> (u32, Value) {
    net.loses_link();
    net.log_in_again(false);
    request(net, "get")
}

#[test]
fn values_are_asked_for_and_deleted() {
    let mut net = Net::online();
    let names = r#" [ "a" , "b:c"] "#;
    let id = net.device.desired().get(names, net.now).unwrap();
    assert_eq!(request(&mut net, "get"), (id, json!(["a", "b:c"])));
    let data = r#"{"a":{"value":"\u597d","version":2}}"#;
    net.arrives([reply("get", id, 200, data)]);
    net.tells([told(Event::Reply { id, code: 200, message: "好\n".into(), data: data.into() })]);
    let id = net.device.desired().delete(r#"{"a":{"version":2},"b:c":{}}"#, Reply::Wanted, net.now).unwrap();
    assert_eq!(request(&mut net, "delete"), (id, json!({"a": {"version": 2}, "b:c": {}})));
    net.arrives([reply("delete", id, 6203, "{}")]);
    net.tells([told(Event::Reply { id, code: 6203, message: "好\n".into(), data: Text::default() })]);
}

#[test]
fn wrong_input_is_refused_where_it_is_wrong() {
    let mut net = Net::online();
    let long = format!("[\"{}\"]", "x".repeat(65));
    let many = json!(vec!["a"; FOLLOWED_MAX + 1]).to_string();
    for (names, at) in [
        ("", 0),
        ("{}", 0),
        ("[]", 1),
        ("[ ]", 2),
        ("[1]", 1),
        (r#"["a",]"#, 5),
        (r#"["a" "b"]"#, 5),
        (r#"["a"]]"#, 5),
        (r#"["a"] x"#, 6),
        (r#"["a","b"#, 7),
        (r#"[["a"]]"#, 1),
        (r#"["a",["b"]]"#, 5),
        (r#"["a","b""#, 8),
        (r#"["a",""]"#, 5),
        (r#"["a b"]"#, 1),
        (r#"["\u0061"]"#, 1),
        (r#"["é"]"#, 1),
        (&*long, 1),
    ] {
        assert_eq!(net.device.desired().get(names, net.now), Err(PostError::Json(NotJson { at })), "{names}");
        if !names.is_empty() {
            let followed = net.device.desired().follow(names, buffer(4096));
            assert_eq!(followed, Err(PostError::Json(NotJson { at })), "{names}");
        }
    }
    assert!(net.device.desired().follow(&many, buffer(4096)).is_err());
    for (versions, at) in [
        ("", 0),
        ("[]", 0),
        ("{}", 2),
        (r#"{"a":1}"#, 2),
        (r#"{"a":{}, "b c":{}}"#, 10),
        (r#"{"a":{},"b":[]}"#, 9),
        (r#"{"a":{}"#, 7),
    ] {
        assert_eq!(
            net.device.desired().delete(versions, Reply::Wanted, net.now),
            Err(PostError::Json(NotJson { at })),
            "{versions}"
        );
    }
    net.sends([]);
}

#[test]
fn it_takes_a_session_of_the_platform() {
    let mut net = Net::new();
    let not_connected = PostError::Send(SendError::NotConnected);
    assert_eq!(net.device.desired().get(r#"["a"]"#, net.now), Err(not_connected));
    assert_eq!(net.device.desired().follow(r#"["a"]"#, buffer(64)), Err(not_connected));
    net.device.connect(&aliyun_login(), Options::default(), net.now).unwrap();
    assert_eq!(net.device.desired().get(r#"["a"]"#, net.now), Err(not_connected));
    assert_eq!(net.device.desired().delete(r#"{"a":{}}"#, Reply::Wanted, net.now), Err(not_connected));
    net.device.desired().follow(r#"["a"]"#, buffer(64)).unwrap();
    net.log_in(false);
    net.tells([Told::Connected { again: false, session_present: false }]);
    assert_eq!(request(&mut net, "get").1, json!(["a"]));
    let mut plain = Net::new();
    plain.device.connect(&plain_login(), Options::default(), plain.now).unwrap();
    assert_eq!(plain.device.desired().follow(r#"["a"]"#, buffer(64)), Err(PostError::NoService));
}

#[test]
fn memory_that_is_too_small_is_refused_with_what_is_needed() {
    let mut net = Net::online();
    let names = r#"["a","bc"]"#;
    let needed = names.len() + 2 * 4;
    let short = net.device.desired().follow(names, buffer(needed - 1));
    assert_eq!(short, Err(PostError::Send(SendError::TooLarge { needed })));
    net.device.desired().follow(names, buffer(needed)).unwrap();
    let (id, _) = request(&mut net, "get");
    let data = r#"{"bc":{"value":1,"version":7}}"#;
    net.arrives([reply("get", id, 200, data)]);
    net.tells([values(data)]);
}

#[test]
fn what_changed_while_offline_is_reported_once() {
    let (mut net, id) = following(&json!(["a", "b", "c"]));
    // Neither what was not asked for nor what comes twice is reported.
    let data =
        r#"{ "x":{"value":0,"version":1}, "a":{"value":1,"version":1} , "c" : {"version":3,"value":{"a":[2]}} }"#;
    net.arrives([reply("get", id, 200, data), reply("get", id, 200, data)]);
    net.tells([values(r#"{"a":{"value":1,"version":1},"c" : {"version":3,"value":{"a":[2]}}}"#)]);
    let (id, params) = reconnected(&mut net);
    assert_eq!(params, json!(["a", "b", "c"]));
    net.arrives([reply("get", id, 200, data)]);
    net.tells([]);
    let (id, _) = reconnected(&mut net);
    net.arrives([reply(
        "get",
        id,
        200,
        r#"{"a":{"value":4,"version":9},"b":{"version":1},"c":{"value":5,"version":3}}"#,
    )]);
    net.tells([values(r#"{"a":{"value":4,"version":9},"b":{"version":1}}"#)]);
    // A platform that starts to count again is believed, and a value without a version is new each time.
    let (id, _) = reconnected(&mut net);
    let data = r#"{"a":{"value":1,"version":1},"b":{"value":2},"c":7}"#;
    net.arrives([reply("get", id, 200, data)]);
    net.tells([values(data)]);
    let (id, _) = reconnected(&mut net);
    net.arrives([reply("get", id, 200, data)]);
    net.tells([values(r#"{"b":{"value":2},"c":7}"#)]);
}

#[test]
fn what_was_got_is_not_reported_again_and_what_was_deleted_is() {
    let (mut net, id) = following(&json!(["a", "b"]));
    net.arrives([reply("get", id, 200, "{}")]);
    net.tells([]);
    let data = r#"{"a":{"value":1,"version":1},"b":{"value":2,"version":5}}"#;
    let id = net.device.desired().get(r#"["a","b"]"#, net.now).unwrap();
    request(&mut net, "get");
    net.arrives([reply("get", id, 200, data)]);
    net.tells([told(Event::Reply { id, code: 200, message: "好\n".into(), data: data.into() })]);
    net.device.desired().delete(r#"{"b":{"version":5}}"#, Reply::Ignored, net.now).unwrap();
    request(&mut net, "delete");
    let (id, _) = reconnected(&mut net);
    net.arrives([reply("get", id, 200, data)]);
    net.tells([values(r#"{"b":{"value":2,"version":5}}"#)]);
}

#[test]
fn it_asks_five_times_and_again_on_the_next_link() {
    let (mut net, _) = following(&json!(["a"]));
    net.answers_pings = true;
    for _ in 0..4 {
        net.wait(10_000);
        request(&mut net, "get");
    }
    net.wait(10_000);
    net.tells([told(Event::Failed { code: 0, message: Text::default() })]);
    net.wait(60_000);
    net.sends([]);
    let (id, _) = reconnected(&mut net);
    net.arrives([reply("get", id, 429, "{}")]);
    net.tells([told(Event::Failed { code: 429, message: "好\n".into() })]);
    let (id, _) = reconnected(&mut net);
    net.arrives([reply("get", id, 200, r#"{"a":{"value":1,"version":1}}"#)]);
    net.tells([values(r#"{"a":{"value":1,"version":1}}"#)]);
}

#[test]
fn another_list_replaces_the_first_and_an_empty_text_ends_it() {
    let (mut net, first) = following(&json!(["a"]));
    net.device.desired().follow(r#"["b"]"#, buffer(64)).unwrap();
    let (id, params) = request(&mut net, "get");
    assert_eq!(params, json!(["b"]));
    let data = r#"{"b":{"value":1,"version":1}}"#;
    net.arrives([reply("get", first, 200, r#"{"a":{"value":1,"version":1}}"#), reply("get", id, 200, data)]);
    assert!(net.take_told().contains(&values(data)));
    net.device.desired().follow("", buffer(0)).unwrap();
    net.sends([]);
    net.loses_link();
    net.log_in_again(false);
    net.sends([]);
}

/// The platform sends a new value to a device that is online as a property set. Both are reported, in the order in which
/// they came.
#[test]
fn a_property_set_beside_a_request_stays_in_order() {
    let (mut net, id) = following(&json!(["a"]));
    let set = |id: &str, value: u32| {
        let text = format!(r#"{{"id":"{id}","params":{{"a":{value}}},"method":"thing.service.property.set"}}"#);
        qos0(&format!("/sys/{PK}/{DN}/thing/service/property/set"), text.as_bytes())
    };
    let properties = |id: &str, value: u32| Told::Properties { id: id.into(), params: format!(r#"{{"a":{value}}}"#) };
    let data = r#"{"a":{"value":2,"version":2}}"#;
    net.arrives([set("1", 1), reply("get", id, 200, data), set("2", 3)]);
    net.tells([properties("1", 1), values(data), properties("2", 3)]);
}

#[test]
fn what_is_no_reply_of_the_platform_is_ignored() {
    let (mut net, id) = following(&json!(["a"]));
    let good = r#"{"a":{"value":1,"version":1}}"#;
    net.arrives([
        qos0(&topic("get_reply"), b""),
        qos0(&topic("get_reply"), b"[]"),
        qos0(&topic("get_reply"), b"\xff\xfe"),
        reply("get", id + 7, 200, good),
        reply("delete", 1, 200, good),
        qos0(&topic("get_reply"), format!(r#"{{"id":"{id}","data":{good}}}"#).as_bytes()),
        qos0(&topic("get"), format!(r#"{{"id":"{id}","code":200,"data":{good}}}"#).as_bytes()),
    ]);
    net.tells([]);
    // A number in the place of the id, as some firmware has it.
    net.arrives([qos0(&topic("get_reply"), format!(r#"{{"id":{id},"code":200,"data":{good}}}"#).as_bytes())]);
    net.tells([values(good)]);
}

#[test]
fn no_reply_is_reported_and_an_unwanted_one_is_not() {
    let mut net = Net::online();
    net.answers_pings = true;
    let get = net.device.desired().get(r#"["a"]"#, net.now).unwrap();
    let delete = net.device.desired().delete(r#"{"a":{}}"#, Reply::Wanted, net.now).unwrap();
    let quiet = net.device.desired().delete(r#"{"a":{}}"#, Reply::Ignored, net.now).unwrap();
    assert_eq!(net.take_sent().len(), 3);
    net.arrives([reply("delete", quiet, 200, "{}")]);
    net.wait(9_000);
    net.tells([]);
    net.wait(1_100);
    net.tells([get, delete].map(|id| told(Event::NoReply { id, cause: NoReply::Overdue })));
    // A reply that comes too late is for nobody; a refusal is.
    net.arrives([reply("get", get, 200, "{}"), reply("delete", quiet, 460, "{}")]);
    net.tells([told(Event::Reply { id: quiet, code: 460, message: "好\n".into(), data: Text::default() })]);
    let get = net.device.desired().get(r#"["a"]"#, net.now).unwrap();
    net.link_lost(104);
    let ended = told(Event::NoReply { id: get, cause: NoReply::LinkEnded });
    net.tells([ended, Told::Disconnected(Loss::Link(104))]);
}

#[test]
fn data_that_is_no_object_fails() {
    for data in ["[]", "1", "null", "\"x\""] {
        let (mut net, id) = following(&json!(["a"]));
        net.arrives([reply("get", id, 200, data)]);
        net.tells([told(Event::Failed { code: 200, message: "好\n".into() })]);
    }
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "ab", "c:d", "e.f", "zz"]).prop_map(str::to_owned)
}

proptest! {
    /// Whatever is set from one link to the next: each value is reported once, as the latest one.
    #[test]
    fn reports_are_what_a_map_of_versions_says(
        followed in prop::collection::btree_set(name(), 1..5),
        links in prop::collection::vec(prop::collection::btree_map(name(), 0_u32..4, 0..6), 1..6),
    ) {
        let names = json!(followed.iter().collect::<Vec<_>>());
        let (mut net, mut id) = following(&names);
        let mut seen = std::collections::BTreeMap::new();
        for (at, platform) in links.iter().enumerate() {
            if at > 0 {
                id = reconnected(&mut net).0;
            }
            let data: Value = platform.iter().map(|(name, version)| (name.clone(), json!({"value": {name: [version]}, "version": version}))).collect();
            net.arrives([reply("get", id, 200, &data.to_string())]);
            let mut expected = serde_json::Map::new();
            for (name, version) in platform.iter().filter(|(name, _)| followed.contains(*name)) {
                if seen.insert(name.clone(), *version) != Some(*version) || *version == 0 {
                    expected.insert(name.clone(), data[name].clone());
                }
            }
            match expected.is_empty() {
                true => net.tells([]),
                false => net.tells([values(&Value::Object(expected).to_string())]),
            }
        }
    }
}
