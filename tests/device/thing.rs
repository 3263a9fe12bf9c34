//! The thing model: properties, events, services, raw data.

use aliyun_iot::device::{LinkId, Loss, Options};
use aliyun_iot::mqtt::{Qos, SendError};
use aliyun_iot::{
    alink::{NoReply, PostError, Reply},
    codec::json::NotJson,
};
use mqttbytes::QoS;
use serde_json::{Value, json};

use crate::net::{DN, Net, PK, Sizes, Told, message, message1, plain_login, subscribed};
use crate::packets::{Packet, puback, qos0, qos1, suback};

/// `/sys/{product key}/{device name}/{path}`
fn sys(path: &str) -> String {
    format!("/sys/{PK}/{DN}/{path}")
}

/// Topic and JSON of a message at QoS 0.
#[track_caller]
fn json_of(packet: &Packet) -> (String, Value) {
    let Packet::Publish(publish) = packet else { panic!("{packet:?}") };
    assert_eq!((publish.qos, publish.dup, publish.retain), (QoS::AtMostOnce, false, false));
    (publish.topic.clone(), serde_json::from_slice(&publish.payload).unwrap())
}

#[track_caller]
fn sends_json(net: &mut Net, topic: &str, payload: Value) {
    assert_eq!(json_of(&net.sends_one()), (topic.to_owned(), payload));
}

fn reply(event: &str, payload: Value) -> Packet {
    qos0(&sys(&format!("thing/event/{event}/post_reply")), payload.to_string().as_bytes())
}

fn service(id: &str, service: &str, params: &str, synchronous: bool) -> Told {
    Told::Service { id: id.into(), service: service.into(), params: params.into(), synchronous }
}

#[test]
fn properties_are_posted_in_the_alink_envelope() {
    let mut net = Net::online();
    let id = net
        .device
        .model()
        .post_properties(r#"{"temperature": 21.5, "on":true, "s":"\"é"}"#, Reply::Wanted, net.now)
        .unwrap();
    sends_json(
        &mut net,
        &sys("thing/event/property/post"),
        json!({
            "id": id.to_string(),
            "version": "1.0",
            "sys": {"ack": 1},
            "params": {"temperature": 21.5, "on": true, "s": "\"é"},
            "method": "thing.event.property.post",
        }),
    );
}

#[test]
fn events_are_posted_in_the_alink_envelope() {
    let mut net = Net::online();
    let id = net.device.model().post_event("hardware_error", r#"{"code":-1}"#, Reply::Wanted, net.now).unwrap();
    sends_json(
        &mut net,
        &sys("thing/event/hardware_error/post"),
        json!({
            "id": id.to_string(),
            "version": "1.0",
            "sys": {"ack": 1},
            "params": {"code": -1},
            "method": "thing.event.hardware_error.post",
        }),
    );
}

#[test]
fn raw_data_is_posted_as_it_is() {
    let mut net = Net::online();
    net.device.raw().post(b"\x00\x01\xff{", Reply::Wanted, net.now).unwrap();
    net.sends([qos0(&sys("thing/model/up_raw"), b"\x00\x01\xff{")]);
}

#[test]
fn what_is_not_a_json_object_is_rejected_with_the_offset() {
    let mut net = Net::online();
    for (params, at) in [("", 0), ("[1]", 0), ("{\"a\":1} x", 8), ("{\"a\":nul}", 8), ("{'a':1}", 1), ("{\"a\":1", 6)] {
        let wrong = Err(PostError::Json(NotJson { at }));
        assert_eq!(net.device.model().post_properties(params, Reply::Wanted, net.now), wrong, "{params}");
        assert_eq!(net.device.model().post_event("e", params, Reply::Wanted, net.now), wrong, "{params}");
    }
    net.sends([]);
}

#[test]
fn nesting_that_is_too_deep_is_told_as_that() {
    let mut net = Net::online();
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(net.device.model().post_properties(&nested(32), Reply::Wanted, net.now).is_ok());
    assert!(net.device.model().post_event("e", &nested(32), Reply::Wanted, net.now).is_ok());
    net.take_sent();
    let objects = format!("{}0{}", "{\"a\":".repeat(40), "}".repeat(40));
    for (params, at) in [(nested(33), 5 + 31), (nested(200), 5 + 31), (objects, 5 * 32), ("{\"a\":".repeat(33), 5 * 32)]
    {
        assert_eq!(
            net.device.model().post_properties(&params, Reply::Wanted, net.now),
            Err(PostError::Nesting { at }),
            "{params}"
        );
        assert_eq!(
            net.device.model().post_event("e", &params, Reply::Wanted, net.now),
            Err(PostError::Nesting { at }),
            "{params}"
        );
        let topic = sys("thing/service/s");
        net.arrives([qos0(&topic, br#"{"id":"1","params":{}}"#)]);
        assert!(net.poll().is_some());
        let handle = net.device.call().answer_later().unwrap();
        let replied = net.device.call().reply(handle, 200, params.as_bytes());
        assert_eq!(replied, Err(PostError::Nesting { at }), "{params}");
    }
    net.sends([]);
}

#[test]
fn event_identifiers_are_checked() {
    let mut net = Net::online();
    let long = "x".repeat(65);
    for event in ["", "a/b", "a+", "é", &long] {
        assert_eq!(
            net.device.model().post_event(event, "{}", Reply::Wanted, net.now),
            Err(PostError::EventId),
            "{event}"
        );
    }
    for event in ["module:event", "a_b-c.D9", &long[..64]] {
        assert!(net.device.model().post_event(event, "{}", Reply::Wanted, net.now).is_ok(), "{event}");
    }
}

#[test]
fn a_post_needs_a_session_and_a_thing() {
    let offline = PostError::Send(SendError::NotConnected);
    let mut net = Net::new();
    assert_eq!(net.device.model().post_properties("{}", Reply::Wanted, net.now), Err(offline));
    net.connect(Options::default());
    net.loses_link();
    assert_eq!(net.device.model().post_properties("{}", Reply::Wanted, net.now), Err(offline));
    assert_eq!(net.device.model().post_event("e", "{}", Reply::Wanted, net.now), Err(offline));
    assert_eq!(net.device.raw().post(b"", Reply::Wanted, net.now), Err(offline));

    let mut net = Net::online_plain(60, true);
    assert_eq!(net.device.model().post_properties("{}", Reply::Wanted, net.now), Err(PostError::NoService));
    assert_eq!(net.device.model().post_event("e", "{}", Reply::Wanted, net.now), Err(PostError::NoService));
    assert_eq!(net.device.raw().post(b"", Reply::Wanted, net.now), Err(PostError::NoService));
}

#[test]
fn replies_are_told_by_the_id_of_the_post() {
    let mut net = Net::online();
    let first = net.device.model().post_properties("{}", Reply::Wanted, net.now).unwrap();
    let second = net.device.model().post_event("alarm", "{}", Reply::Wanted, net.now).unwrap();
    assert_ne!(first, second);
    net.take_sent();
    net.arrives([
        reply("alarm", json!({"id": second.to_string(), "code": 200, "data": {}, "message": "success"})),
        reply("property", json!({"code": 460, "id": first, "message": "params error"})),
    ]);
    net.tells([
        Told::Reply { id: second, code: 200, message: "success".into() },
        Told::Reply { id: first, code: 460, message: "params error".into() },
    ]);
}

#[test]
fn the_words_of_a_reply_are_told_as_text_and_never_cost_its_code() {
    let mut net = Net::online();
    for (message, wanted) in [
        (r#""\u5c5e\u6027\u4e0d\u5b58\u5728: \"Temp\"""#, "属性不存在: \"Temp\""),
        (r#""\\u5c5e \/ \\ \b\f\n\r\t""#, "\\u5c5e / \\ \u{8}\u{c}\n\r\t"),
        (r#""\uD83D\ude00 and \ud83d""#, "\u{1f600} and \u{fffd}"),
        (r#""已经 as it is""#, "已经 as it is"),
        (r#""\"}{\"""#, "\"}{\""),
        ("\"\"", ""),
        ("null", ""),
        ("460", ""),
        ("true", ""),
        (r#"{"message":"x"}"#, ""),
        (r#"["x"]"#, ""),
    ] {
        for is_id_last in [true, false] {
            let id = net.device.model().post_properties("{}", Reply::Wanted, net.now).unwrap();
            net.take_sent();
            let (before, after) = match is_id_last {
                true => (String::new(), format!(",\"code\":460,\"id\":\"{id}\"")),
                false => (format!("\"id\":{id},\"code\":460,"), String::new()),
            };
            let payload = format!("{{{before}\"message\":{message}{after}}}");
            net.arrives([qos1(7, &sys("thing/event/property/post_reply"), payload.as_bytes())]);
            net.tells([Told::Reply { id, code: 460, message: wanted.into() }]);
            net.sends([puback(7)]);
        }
    }
}

#[test]
fn what_is_for_programs_stays_byte_for_byte() {
    let mut net = Net::online();
    let params = r#"{ "a\/\u0061" : "\u5c5e\\\"" }"#;
    net.arrives([qos0(
        &sys("thing/service/property/set"),
        format!(r#"{{"id":"\u0031","params":{params}}}"#).as_bytes(),
    )]);
    net.tells([Told::Properties { id: r"\u0031".into(), params: params.into() }]);
    let Packet::Publish(answer) = net.sends_one() else { panic!() };
    assert_eq!(&answer.payload[..], br#"{"id":"\u0031","code":200,"data":{}}"#);
    // A reply to a post of the script's own is its message, untouched.
    let topic = sys("thing/event/property/post_reply");
    net.device.subscribe(&topic, Qos::AtMostOnce).unwrap();
    net.take_sent();
    let payload = br#"{"id":"5","code":460,"message":"\u5c5e\"}"}"#;
    net.arrives([suback(1, Some(0)), qos0(&topic, payload)]);
    net.tells([subscribed(&topic, true), message(&topic, payload)]);
}

#[test]
fn replies_to_others_are_ignored() {
    let mut net = Net::online();
    let id = net.device.model().post_properties("{}", Reply::Wanted, net.now).unwrap();
    net.take_sent();
    // A script that posts on its own counts from 1.
    for other in (0..100).chain([id + 1, u32::MAX]) {
        net.arrives([reply("property", json!({"id": other.to_string(), "code": 200, "data": {}}))]);
        net.tells([]);
    }
    for broken in ["", "{", "[]", "{}", r#"{"id":"-1","code":200}"#, r#"{"id":"99999999999","code":200}"#] {
        net.arrives([qos0(&sys("thing/event/property/post_reply"), broken.as_bytes())]);
        net.tells([]);
    }
    net.arrives([reply("property", json!({"id": id.to_string(), "code": 200}))]);
    net.tells([Told::Reply { id, code: 200, message: String::new() }]);
}

#[test]
fn the_reply_to_each_of_many_posts_is_known() {
    let mut net = Net::online();
    let post = |net: &mut Net, reply| {
        let id = net.device.model().post_properties("{}", reply, net.now);
        net.take_sent();
        id
    };
    let ids = [0; 20].map(|_| post(&mut net, Reply::Wanted).unwrap());
    assert_eq!(post(&mut net, Reply::Wanted), Err(PostError::Send(SendError::Full)));
    assert_eq!(net.device.raw().post(b"x", Reply::Wanted, net.now), Err(PostError::Send(SendError::Full)));
    let ignored = post(&mut net, Reply::Ignored).unwrap();
    for id in ids.iter().rev().chain([&ignored, &(ignored + 1)]) {
        net.arrives([reply("property", json!({"id": id.to_string(), "code": 200}))]);
    }
    let told: Vec<Told> =
        ids.iter().rev().map(|id| Told::Reply { id: *id, code: 200, message: String::new() }).collect();
    assert_eq!(net.take_told(), told);
    post(&mut net, Reply::Wanted).unwrap();
    net.arrives([reply("property", json!({"id": ignored.to_string(), "code": 460}))]);
    net.tells([Told::Reply { id: ignored, code: 460, message: String::new() }]);
}

#[test]
fn a_post_without_a_reply_is_told_after_ten_seconds() {
    let mut net = Net::online();
    let id = net.device.model().post_event("e", "{}", Reply::Wanted, net.now).unwrap();
    let raw = net.device.raw().post(b"x", Reply::Wanted, net.now).unwrap();
    net.device.model().post_event("e", "{}", Reply::Ignored, net.now).unwrap();
    net.take_sent();
    net.wait(9_900);
    net.tells([]);
    net.wait(200);
    net.tells([Told::NoReply(id, NoReply::Overdue), Told::RawNoReply(raw, NoReply::Overdue)]);
    net.arrives([reply("e", json!({"id": id.to_string(), "code": 200}))]);
    net.tells([]);
}

#[test]
fn a_post_whose_link_is_lost_is_told_before_the_loss() {
    for closes in [false, true] {
        let mut net = Net::online();
        let id = net.device.model().post_properties("{}", Reply::Wanted, net.now).unwrap();
        let raw = net.device.raw().post(b"x", Reply::Wanted, net.now).unwrap();
        net.take_sent();
        if closes {
            net.device.close(net.now);
        } else {
            net.link_lost(0);
        }
        net.pump();
        let end = if closes { Told::Closed } else { Told::Disconnected(Loss::Link(0)) };
        net.tells([Told::NoReply(id, NoReply::LinkEnded), Told::RawNoReply(raw, NoReply::LinkEnded), end]);
    }
}

#[test]
fn replies_to_raw_data_are_to_the_oldest_post() {
    let mut net = Net::online();
    let answer = |net: &mut Net, id| {
        net.arrives([qos0(&sys("thing/model/up_raw_reply"), b"r")]);
        net.tells([Told::RawReply(id, b"r".into())]);
    };
    let post = |net: &mut Net, reply| {
        let id = net.device.raw().post(b"x", reply, net.now).unwrap();
        net.take_sent();
        id
    };
    post(&mut net, Reply::Ignored);
    let first = post(&mut net, Reply::Wanted);
    let second = post(&mut net, Reply::Wanted);
    post(&mut net, Reply::Ignored);
    answer(&mut net, 0);
    answer(&mut net, first);
    answer(&mut net, second);
    answer(&mut net, 0);
    answer(&mut net, 0);
    // A post whose reply never came holds up nothing after ten seconds.
    post(&mut net, Reply::Ignored);
    net.wait(10_000);
    net.tells([]);
    let third = post(&mut net, Reply::Wanted);
    answer(&mut net, third);
}

#[test]
fn a_property_set_is_told_and_answered_with_200_when_it_is_finished() {
    let mut net = Net::online();
    let params = r#"{"LightSwitch": 1, "s":"a\nb" }"#;
    let set = format!(r#"{{"method":"thing.service.property.set","id":"12345","params":{params},"version":"1.0"}}"#);
    net.arrives([qos0(&sys("thing/service/property/set"), set.as_bytes())]);
    net.tells_and_waits(Told::Properties { id: "12345".into(), params: params.into() });
    assert!(net.device.to_send(LinkId::Session).is_empty(), "the user may still answer");
    sends_json(&mut net, &sys("thing/service/property/set_reply"), json!({"id": "12345", "code": 200, "data": {}}));
    net.tells([]);
}

#[test]
fn a_service_call_is_told_and_answered_with_200_when_it_is_finished() {
    let mut net = Net::online();
    net.arrives([qos1(
        9,
        &sys("thing/service/reboot"),
        br#"{"id":"7","version":"1.0","params":{"delay":5},"method":"thing.service.reboot"}"#,
    )]);
    net.tells([service("7", "reboot", r#"{"delay":5}"#, false)]);
    let sent = net.take_sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(
        json_of(&sent[0]),
        (sys("thing/service/reboot_reply"), json!({"id": "7", "code": 200, "data": {}})),
        "the answer goes before the acknowledgement"
    );
    assert_eq!(sent[1], puback(9));
}

#[test]
fn the_user_may_answer_once_with_code_and_data() {
    for (code, data, sent_data) in
        [(200, r#"{"a":[1]}"#, json!({"a": [1]})), (-5, "{}", json!({})), (100_001, "[]", json!([]))]
    {
        let mut net = Net::online();
        net.arrives([qos0(&sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
        net.tells_and_waits(service("7", "s", "{}", false));
        net.device.call().answer(code, data.as_bytes()).unwrap();
        assert_eq!(
            net.device.call().answer(code, data.as_bytes()),
            Err(PostError::Send(SendError::NotConnected)),
            "once"
        );
        sends_json(&mut net, &sys("thing/service/s_reply"), json!({"id": "7", "code": code, "data": sent_data}));
        net.tells([]);
        assert_eq!(
            net.device.call().answer(code, data.as_bytes()),
            Err(PostError::Send(SendError::NotConnected)),
            "too late"
        );
        net.sends([]);
    }
}

#[test]
fn only_calls_can_be_answered() {
    let mut net = Net::online();
    assert_eq!(net.device.call().answer(200, b"{}"), Err(PostError::Send(SendError::NotConnected)));
    net.arrives([qos0(&sys("thing/model/down_raw"), b"x")]);
    net.tells_and_waits(Told::Raw(b"x".into()));
    assert_eq!(net.device.call().answer(200, b"{}"), Err(PostError::Send(SendError::NotConnected)));
    net.sends([]);
}

#[test]
fn a_call_whose_link_is_lost_cannot_be_answered() {
    let mut net = Net::online();
    net.arrives([qos0(&sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
    net.tells_and_waits(service("7", "s", "{}", false));
    net.link_lost(0);
    assert_eq!(net.device.call().answer(200, b"{}"), Err(PostError::Send(SendError::NotConnected)));
    net.tells([Told::Disconnected(Loss::Link(0))]);
    net.log_in_again(false);
    net.sends([]);
}

#[test]
fn an_answer_too_large_says_exactly_what_it_needs_and_its_code_goes_alone() {
    let data = format!("\"{}\"", "x".repeat(2_000));
    let ask = |tx: usize| {
        let mut net = Net::online_with(Sizes { tx, ..Sizes::default() });
        net.arrives([qos1(3, &sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
        net.tells_and_waits(service("7", "s", "{}", false));
        let result = net.device.call().answer(201, data.as_bytes());
        let sent = net.take_sent();
        assert_eq!(sent[1..], [puback(3)]);
        (result, json_of(&sent[0]).1["code"].clone())
    };
    let (Err(PostError::Send(SendError::TooLarge { needed })), code) = ask(1024) else { panic!() };
    assert_eq!(code, 201);
    assert_eq!(ask(needed - 1), (Err(PostError::Send(SendError::TooLarge { needed })), json!(201)));
    assert_eq!(ask(needed), (Ok(()), json!(201)));
}

#[test]
fn the_largest_answer_leaves_room_for_the_acknowledgement() {
    let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
    net.takes = 0;
    net.arrives([qos1(3, &sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
    net.tells_and_waits(service("7", "s", "{}", false));
    let mut sizes = (0..2_000).rev();
    let size = sizes
        .find(|size| net.device.call().answer(200, format!("\"{}\"", "x".repeat(*size)).as_bytes()).is_ok())
        .unwrap();
    net.pump();
    net.takes = usize::MAX;
    let sent = net.take_sent();
    assert_eq!(json_of(&sent[0]).1["data"].as_str().unwrap().len(), size);
    assert_eq!(sent[1..], [puback(3)]);
}

#[test]
fn a_synchronous_call_behind_its_topic_is_answered_there() {
    let mut net = Net::online();
    let topic = format!("/ext/rrpc/1234567{}", sys("thing/service/blink"));
    net.arrives([qos0(&topic, br#"{"id":"1","version":"1.0","params":{"n":3},"method":"thing.service.blink"}"#)]);
    net.tells_and_waits(service("1", "blink", r#"{"n":3}"#, true));
    net.device.call().answer(200, br#"{"done":true}"#).unwrap();
    sends_json(&mut net, &topic, json!({"id": "1", "code": 200, "data": {"done": true}}));

    let topic = format!("/ext/rrpc/x-9{}", sys("thing/service/property/set"));
    net.arrives([qos0(&topic, br#"{"id":"2","params":{"a":1}}"#)]);
    net.tells([Told::Properties { id: "2".into(), params: r#"{"a":1}"#.into() }]);
    sends_json(&mut net, &topic, json!({"id": "2", "code": 200, "data": {}}));
}

#[test]
fn a_synchronous_call_by_request_is_answered_by_response() {
    let mut net = Net::online();
    net.arrives([qos0(
        &sys("rrpc/request/887766"),
        br#"{"id":"1","version":"1.0","params":{"n":3},"method":"thing.service.blink"}"#,
    )]);
    net.tells([service("1", "blink", r#"{"n":3}"#, true)]);
    sends_json(&mut net, &sys("rrpc/response/887766"), json!({"id": "1", "code": 200, "data": {}}));
}

#[test]
fn raw_data_is_told_as_it_came() {
    let mut net = Net::online();
    net.arrives([qos0(&sys("thing/model/down_raw"), b"\x00\xff{"), qos1(4, &sys("thing/model/down_raw"), b"")]);
    net.tells([Told::Raw(b"\x00\xff{".into()), Told::Raw(Vec::new())]);
    net.sends([puback(4)]);
}

#[test]
fn calls_that_are_not_json_are_acknowledged_and_no_more() {
    let mut net = Net::online();
    let deep = format!("{{\"id\":\"1\",\"params\":{}{}}}", "[".repeat(100), "]".repeat(100));
    for (id, payload) in (1..).zip([&b""[..], b"{", b"null", b"{\"id\":\"1\",}", b"\xff\xfe", deep.as_bytes()]) {
        net.arrives([qos1(id, &sys("thing/service/s"), payload)]);
        net.tells([]);
        net.sends([puback(id)]);
    }
    assert!(net.device.is_online());
}

#[test]
fn system_topics_that_nobody_asked_for_are_ignored_quietly() {
    let mut net = Net::online();
    let payload = br#"{"id":"1","code":200,"params":{},"data":{}}"#;
    for (id, topic) in (1..).zip([
        sys("thing/config/push"),
        sys("thing/event/"),
        sys("thing/service/"),
        sys("thing/service/s_reply"),
        sys("broadcast/request/1"),
        sys(""),
        format!("/sys/{PK}/other/thing/service/s"),
        format!("/sys/{PK}/{DN}x/thing/service/s"),
        format!("/ext/ntp/{PK}/{DN}/response"),
        "/sys".to_owned(),
        "$SYS/broker".to_owned(),
    ]) {
        net.arrives([qos1(id, &topic, payload)]);
        net.tells([]);
        net.sends([puback(id)]);
    }
}

#[test]
fn a_call_is_a_call_even_if_its_topic_was_subscribed_to() {
    let mut net = Net::online();
    net.device.subscribe(&sys("thing/service/+"), Qos::AtLeastOnce).unwrap();
    let id = crate::packets::packet_id(&net.sends_one());
    net.arrives([suback(id, Some(1)), qos0(&sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
    net.tells([subscribed(&sys("thing/service/+"), true), service("7", "s", "{}", false)]);
    assert_eq!(net.take_sent().len(), 1);
}

#[test]
fn topics_that_were_subscribed_to_come_as_messages() {
    let mut net = Net::online();
    let own = format!("/{PK}/{DN}/user/get");
    for (filter, topic) in [
        (own.as_str(), own.as_str()),
        ("/ext/ntp/#", "/ext/ntp/a/b/response"),
        (&sys("thing/config/push"), &sys("thing/config/push")),
    ] {
        net.device.subscribe(filter, Qos::AtLeastOnce).unwrap();
        let id = crate::packets::packet_id(&net.sends_one());
        net.arrives([suback(id, Some(1)), qos0(topic, b"0"), qos1(5, topic, b"1")]);
        net.tells([subscribed(filter, true), message(topic, b"0"), message1(topic, b"1")]);
        net.sends([puback(5)]);
    }
}

#[test]
fn another_broker_has_no_thing_model() {
    let mut net = Net::new();
    net.device.connect(&plain_login(), Options::default(), net.now).unwrap();
    net.log_in(false);
    net.take_told();
    net.arrives([qos0(&sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
    net.tells([message(&sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
    net.sends([]);
}

#[test]
fn each_call_that_is_told_is_answered_however_full_the_outbox_was() {
    for user_packets in 0..26 {
        let mut net = Net::online();
        net.takes = 0;
        for _ in 0..user_packets {
            net.device.publish("/a", b"x", Qos::AtMostOnce).unwrap();
        }
        for id in 1..=7_u16 {
            let call = format!(r#"{{"id":"{id}","params":{{}}}}"#);
            net.arrives([qos1(id, &sys("thing/service/s"), call.as_bytes())]);
        }
        net.pump();
        net.takes = usize::MAX;
        assert_eq!(net.take_told().len(), 7);
        let sent = net.take_sent().split_off(user_packets);
        assert_eq!(sent.len(), 14, "with {user_packets} packets before");
    }
}

#[test]
fn a_stream_of_calls_is_answered_in_order_whatever_the_link_takes() {
    for takes in [1, 50, usize::MAX] {
        let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
        net.takes = takes;
        for id in 1..=30_u16 {
            let call = format!(r#"{{"id":"{id}","params":{{}}}}"#);
            net.arrives([qos1(id, &sys("thing/service/s"), call.as_bytes())]);
        }
        assert_eq!(net.take_told().len(), 30);
        let sent = net.take_sent();
        for (id, pair) in (1..=30).zip(sent.chunks(2)) {
            assert_eq!(json_of(&pair[0]).1["id"], json!(id.to_string()));
            assert_eq!(pair[1], puback(id));
        }
    }
}

#[test]
fn what_the_user_subscribed_to_is_handed_over_even_if_it_is_none_of_the_devices_business() {
    let mut net = Net::online();
    let replies = sys("thing/event/+/post_reply");
    net.device.subscribe(&replies, Qos::AtMostOnce).unwrap();
    net.take_sent();
    let reply = br#"{"id":"1","code":200,"data":{}}"#;
    net.arrives([qos0(&sys("thing/event/e/post_reply"), reply)]);
    net.tells([message(&sys("thing/event/e/post_reply"), reply)]);
    net.sends([]);
}
