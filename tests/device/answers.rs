//! Answers that come later, raw calls, and what the platform makes of raw data.

use aliyun_iot::device::Loss;
use aliyun_iot::mqtt::{Qos, SendError};
use aliyun_iot::{
    alink::{PostError, Reply},
    codec::json::NotJson,
};
use serde_json::{Value, json};

use crate::net::{DN, Net, PK, Sizes, Told, buffer};
use crate::packets::{Packet, encode, puback, qos0, qos1};

const OFFLINE: PostError = PostError::Send(SendError::NotConnected);

/// `/sys/{product key}/{device name}/{path}`
fn sys(path: &str) -> String {
    format!("/sys/{PK}/{DN}/{path}")
}

#[track_caller]
fn sends_json(net: &mut Net, topic: &str, payload: Value) {
    let Packet::Publish(publish) = net.sends_one() else { panic!() };
    assert_eq!((publish.topic.as_str(), serde_json::from_slice::<Value>(&publish.payload).unwrap()), (topic, payload));
}

fn call_raw(id: &str, name: &str, payload: &[u8]) -> Told {
    Told::CallRaw { id: id.into(), name: name.into(), payload: payload.into() }
}

#[test]
fn an_answer_may_come_after_the_next_events() {
    // An id is handed back as it came, whatever it is.
    for id in ["7", "007", "18446744073709551615", "8e1f-\\u00e9"] {
        let mut net = Net::online();
        let topic = sys("thing/service/slow");
        net.arrives([qos1(3, &topic, format!(r#"{{"id":"{id}","params":{{}}}}"#).as_bytes())]);
        net.tells_and_waits(Told::Service {
            id: id.into(),
            service: "slow".into(),
            params: "{}".into(),
            synchronous: false,
        });
        let handle = net.device.call().answer_later().unwrap();
        assert_eq!(net.device.call().answer_later(), Err(OFFLINE), "once");
        assert_eq!(net.device.call().answer(200, b"{}"), Err(OFFLINE), "left to reply");
        net.sends([puback(3)]);
        net.tells([]);
        net.device.call().reply(handle, 100_000, br#"{"n":1}"#).unwrap();
        assert_eq!(net.device.call().reply(handle, 200, b"{}"), Err(PostError::NoRequest), "once");
        let id: Value = serde_json::from_str(&format!("\"{id}\"")).unwrap();
        sends_json(&mut net, &sys("thing/service/slow_reply"), json!({"id": id, "code": 100_000, "data": {"n": 1}}));
    }
}

#[test]
fn only_what_wants_an_answer_can_have_it_later() {
    let mut net = Net::online();
    assert_eq!(net.device.call().answer_later(), Err(OFFLINE));
    net.arrives([qos0(&sys("thing/model/down_raw"), b"x")]);
    net.tells_and_waits(Told::Raw(b"x".into()));
    assert_eq!(net.device.call().answer_later(), Err(OFFLINE));
    for handle in [0, 1, u16::MAX] {
        assert_eq!(net.device.call().reply(handle, 200, b"{}"), Err(PostError::NoRequest));
    }
}

/// A call on `topic` that is left for later.
fn left(net: &mut Net, topic: &str, payload: &[u8]) -> u16 {
    net.arrives([qos0(topic, payload)]);
    assert!(net.poll().is_some(), "{topic}");
    let handle = net.device.call().answer_later().unwrap();
    net.tells([]);
    handle
}

const CALL: &[u8] = br#"{"id":"5","method":"thing.service.s","params":{}}"#;

#[test]
fn later_answers_go_wherever_the_call_asks_for_them() {
    let mut net = Net::online();
    let behind = format!("/ext/rrpc/12{}", sys("thing/service/s"));
    let calls = [
        (sys("rrpc/request/34"), sys("rrpc/response/34")),
        (sys("thing/service/property/set"), sys("thing/service/property/set_reply")),
        (behind.clone(), behind),
    ];
    let handles = calls.clone().map(|(topic, _)| left(&mut net, &topic, CALL));
    for ((_, answer), handle) in calls.into_iter().zip(handles).rev() {
        net.device.call().reply(handle, 200, b"{}").unwrap();
        sends_json(&mut net, &answer, json!({"id": "5", "code": 200, "data": {}}));
    }
}

#[test]
fn a_later_answer_needs_a_session_but_not_the_same_one() {
    let mut net = Net::online();
    let handle = left(&mut net, &sys("thing/service/s"), CALL);
    net.loses_link();
    assert_eq!(net.device.call().reply(handle, 200, b"{}"), Err(OFFLINE));
    net.log_in_again(false);
    net.device.call().reply(handle, 200, b"{}").unwrap();
    sends_json(&mut net, &sys("thing/service/s_reply"), json!({"id": "5", "code": 200, "data": {}}));
}

#[test]
fn the_oldest_of_seventeen_is_answered_429() {
    let mut net = Net::online();
    let mut handles = Vec::new();
    for number in 0..18 {
        let call = format!(r#"{{"id":"{number}","params":{{}}}}"#);
        net.arrives([qos0(&sys("thing/service/s"), call.as_bytes())]);
        assert!(net.poll().is_some());
        handles.push(net.device.call().answer_later().unwrap());
        net.tells([]);
        if number < 16 {
            net.sends([]);
        } else {
            let id = (number - 16).to_string();
            sends_json(&mut net, &sys("thing/service/s_reply"), json!({"id": id, "code": 429, "data": {}}));
        }
    }
    for handle in &handles[..2] {
        assert_eq!(net.device.call().reply(*handle, 200, b"{}"), Err(PostError::NoRequest));
    }
    for (number, handle) in handles.into_iter().enumerate().skip(2) {
        net.device.call().reply(handle, 200, b"{}").unwrap();
        let id = number.to_string();
        sends_json(&mut net, &sys("thing/service/s_reply"), json!({"id": id, "code": 200, "data": {}}));
    }
}

#[test]
fn as_many_wait_as_the_memory_holds() {
    let topic = sys("thing/service/s");
    let needed = 6 + topic.len() + 1;
    for (memory, waiting) in [(needed, 1), (2 * needed, 2), (3 * needed - 1, 2)] {
        let mut net = Net::online();
        net.device.call().keep_later(buffer(memory));
        let handles = [0; 3].map(|_| left(&mut net, &topic, CALL));
        assert_eq!(net.take_sent().len(), 3 - waiting, "answered 429");
        for (at, handle) in handles.into_iter().enumerate() {
            let waits = at >= 3 - waiting;
            assert_eq!(net.device.call().reply(handle, 200, b"{}").is_ok(), waits, "{memory} {at}");
        }
    }
    for memory in [0, needed - 1] {
        let mut net = Net::online();
        net.device.call().keep_later(buffer(memory));
        net.arrives([qos0(&topic, CALL)]);
        assert!(net.poll().is_some());
        let too_large = Err(PostError::Send(SendError::TooLarge { needed }));
        assert_eq!(net.device.call().answer_later(), too_large);
        net.tells([]);
        sends_json(&mut net, &sys("thing/service/s_reply"), json!({"id": "5", "code": 200, "data": {}}));
    }
}

#[test]
fn what_waits_is_forgotten_when_the_device_connects_again() {
    let mut net = Net::online();
    let handle = left(&mut net, &sys("thing/service/s"), CALL);
    net.device.close(net.now);
    net.pump();
    net.take_told();
    net.take_sent();
    assert_eq!(net.device.call().reply(handle, 200, b"{}"), Err(OFFLINE));
    net.connect(aliyun_iot::device::Options::default());
    assert_eq!(net.device.call().reply(handle, 200, b"{}"), Err(PostError::NoRequest));
    let handle = left(&mut net, &sys("thing/service/s"), CALL);
    net.device.call().reply(handle, 200, b"{}").unwrap();
}

#[test]
fn a_later_answer_takes_no_room_that_is_kept_back() {
    let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
    let data = format!("\"{}\"", "x".repeat(200));
    let topic = sys("thing/service/s");
    let handles = [0; 8].map(|_| left(&mut net, &topic, CALL));
    net.takes = 0;
    let full = Err(PostError::Send(SendError::Full));
    let results = handles.map(|handle| net.device.call().reply(handle, 200, data.as_bytes()));
    assert_eq!((results[0], results[7]), (Ok(()), full));
    net.arrives([qos1(3, &topic, br#"{"id":"7","params":{}}"#)]);
    assert_eq!(net.take_told().len(), 1, "there is room to answer what comes in");
    net.takes = usize::MAX;
    assert_eq!(net.take_sent().last(), Some(&puback(3)));
    assert_eq!(net.device.call().reply(handles[7], 200, data.as_bytes()), Ok(()), "it still waits");
}

#[test]
fn data_must_be_json_for_a_service() {
    let mut net = Net::online();
    for (data, at) in [(&b"{'a':1}"[..], 1), (b"", 0), (b"{\"a\":\"\xff\"}", 6)] {
        let wrong = Err(PostError::Json(NotJson { at }));
        let handle = left(&mut net, &sys("thing/service/s"), CALL);
        assert_eq!(net.device.call().reply(handle, 200, data), wrong);
        assert_eq!(net.device.call().reply(handle, 200, b"{}"), Ok(()));
        net.take_sent();
        net.arrives([qos0(&sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
        assert!(net.poll().is_some_and(|told| matches!(told, Told::Service { .. })));
        assert_eq!(net.device.call().answer(200, data), wrong);
        net.tells([]);
        sends_json(&mut net, &sys("thing/service/s_reply"), json!({"id": "7", "code": 200, "data": {}}));
    }
}

#[test]
fn a_call_on_a_custom_topic_is_bytes_answered_with_bytes() {
    let mut net = Net::online();
    let topic = "/ext/rrpc/1393245138880643072/my/topic";
    net.arrives([qos0(topic, b"\xffon?")]);
    net.tells_and_waits(call_raw("1393245138880643072", "/my/topic", b"\xffon?"));
    net.device.call().answer(200, b"\x00yes").unwrap();
    net.sends([qos0(topic, b"\x00yes")]);

    // What looks like Alink there is none.
    let alink = br#"{"id":"1","method":"thing.service.s","params":{}}"#;
    net.arrives([qos0(topic, alink)]);
    net.tells_and_waits(call_raw("1393245138880643072", "/my/topic", alink));
    let handle = net.device.call().answer_later().unwrap();
    net.tells([]);
    net.sends([]);
    net.device.call().reply(handle, 200, b"late").unwrap();
    net.sends([qos0(topic, b"late")]);
}

#[test]
fn a_call_that_is_no_alink_is_bytes_answered_with_bytes() {
    let mut net = Net::online();
    for payload in [&b"\x01\x03\x00\x01"[..], b"", b"{}", br#"{"id":"1","method":"thing.event.e.post"}"#] {
        net.arrives([qos0(&sys("rrpc/request/887766"), payload)]);
        net.tells_and_waits(call_raw("887766", "", payload));
        net.device.call().answer(404, b"\x01\x03\x02\x00\x17").unwrap();
        net.sends([qos0(&sys("rrpc/response/887766"), b"\x01\x03\x02\x00\x17")]);
    }
    let topic = format!("/ext/rrpc/5{}", sys("thing/model/down_raw"));
    net.arrives([qos0(&topic, b"\x01")]);
    net.tells([call_raw("5", &sys("thing/model/down_raw"), b"\x01")]);
    net.sends([qos0(&topic, b"{}")]);
}

#[test]
fn a_raw_call_that_was_subscribed_to_is_still_a_call() {
    let mut net = Net::online();
    net.device.subscribe("/ext/rrpc/+/my/topic", Qos::AtMostOnce).unwrap();
    net.take_sent();
    net.arrives([qos0("/ext/rrpc/9/my/topic", b"?")]);
    net.tells([call_raw("9", "/my/topic", b"?")]);
}

#[test]
fn what_is_no_call_after_all_is_for_nobody() {
    let mut net = Net::online();
    net.arrives([qos0("/ext/rrpc/123", b"?"), qos0(&sys("thing/service/s"), b"no Alink")]);
    net.tells([]);
    net.sends([]);
}

#[test]
fn what_the_platform_made_of_raw_data_is_told() {
    let mut net = Net::online();
    let id = net.device.raw().post(b"\x01", Reply::Wanted, net.now).unwrap();
    net.take_sent();
    for id in [id, 0] {
        net.arrives([qos0(&sys("thing/model/up_raw_reply"), b"\x02\xff")]);
        net.tells([Told::RawReply(id, b"\x02\xff".into())]);
    }
}

#[test]
fn a_raw_reply_larger_than_the_buffer_is_told_to_be_one() {
    // Even if the buffer does not hold its topic.
    for rx in [5, 20, 40, 64, 80, 400] {
        let mut net = Net::online_with(Sizes { rx, ..Sizes::default() });
        let mut posts = std::collections::VecDeque::new();
        for qos in [false, true] {
            let reply = sys("thing/model/up_raw_reply");
            for (topic, is_raw) in [
                (reply.clone(), true),
                (sys("thing/model/up_raw_repl_"), rx < reply.len() + 5),
                (sys("thing/model/up_raw_reply_"), false),
                (sys("thing/model/up_raw_repl"), false),
                (sys("thing/model/down_raw"), false),
                ("/x".repeat(40), false),
            ] {
                posts.push_back(net.device.raw().post(b"\x01", Reply::Wanted, net.now).unwrap());
                net.take_sent();
                let message = if qos { qos1(9, &topic, &[b'x'; 500]) } else { qos0(&topic, &[b'x'; 500]) };
                let needed = encode(&message).len();
                net.arrives([message]);
                let told = net.take_told();
                // Of what differs behind the end of the buffer nothing is seen.
                let is_told_so = told == [Told::RawReplyDropped(posts[0], needed)];
                if is_told_so {
                    posts.pop_front();
                }
                assert!(
                    if is_raw { is_told_so || topic != reply } else { told == [Told::Oversize(needed)] },
                    "{rx} {topic}: {told:?}"
                );
            }
        }
    }
}

#[test]
fn a_raw_call_that_failed_is_not_answered() {
    let mut net = Net::online();
    for (code, data, sends) in [
        (500, &b"{}"[..], false),
        (404, b"", false),
        (429, b"{}", false),
        (200, b"", true),
        (200, b"{}", true),
        (500, b"why", true),
    ] {
        net.arrives([qos0("/ext/rrpc/5/my/topic", b"on?")]);
        assert!(net.poll().is_some_and(|told| matches!(told, Told::CallRaw { .. })));
        assert_eq!(net.device.call().answer(code, data), Ok(()));
        net.tells([]);
        assert_eq!(net.take_sent().len(), usize::from(sends), "{code} {data:?}");
    }
}

#[test]
fn an_answer_over_the_platforms_limit_is_refused() {
    let mut net = Net::online_with(Sizes { tx: 600_000, ..Sizes::default() });
    for (topic, payload) in
        [("/ext/rrpc/5/my/topic".into(), &b"on?"[..]), (sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]
    {
        net.arrives([qos0(&topic, payload)]);
        assert!(net.poll().is_some());
        let text = std::format!("\"{}\"", "x".repeat(256 * 1024));
        assert_eq!(net.device.call().answer(200, text.as_bytes()), Err(PostError::Send(SendError::Payload)));
        assert_eq!(net.device.call().answer(500, b"{}"), Ok(()));
        net.tells([]);
        net.take_sent();
    }
}

#[test]
fn a_call_whose_link_is_lost_is_not_answered_later() {
    let mut net = Net::online();
    net.arrives([qos0(&sys("thing/service/s"), br#"{"id":"7","params":{}}"#)]);
    assert!(net.poll().is_some());
    net.link_lost(0);
    assert_eq!(net.device.call().answer_later(), Err(OFFLINE));
    net.tells([Told::Disconnected(Loss::Link(0))]);
}

#[test]
fn a_code_whose_answer_could_not_be_queued_is_not_taken_for_success() {
    let mut net = Net::online_with(Sizes { tx: 1024, ..Sizes::default() });
    net.arrives([qos1(3, &sys("thing/service/property/set"), br#"{"id":"7","params":{"a":1}}"#)]);
    net.tells_and_waits(Told::Properties { id: "7".into(), params: r#"{"a":1}"#.into() });
    let long = format!("\"{}\"", "x".repeat(2_000));
    assert!(matches!(net.device.call().answer(460, long.as_bytes()), Err(PostError::Send(SendError::TooLarge { .. }))));
    assert_eq!(net.device.call().answer(461, b"{"), Err(PostError::Json(NotJson { at: 1 })));
    let sent = net.take_sent();
    let [Packet::Publish(answer), Packet::PubAck(_)] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(serde_json::from_slice::<Value>(&answer.payload).unwrap(), json!({"id": "7", "code": 461, "data": {}}));
}

#[test]
fn a_call_whose_answer_would_have_no_topic_is_none() {
    let size = 65_535;
    let mut net = Net::online_with(Sizes { rx: 70_000, tx: 200_000, ..Sizes::default() });
    for (longer, told) in [("_reply".len(), 1), ("_reply".len() - 1, 0)] {
        let start = sys("thing/service/");
        let topic = format!("{start}{}", "x".repeat(size - longer - start.len()));
        net.arrives([qos0(&topic, br#"{"id":"1","params":{}}"#)]);
        assert_eq!((net.take_told().len(), net.take_sent().len()), (told, told));
    }
}
