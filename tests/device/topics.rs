//! What is known of a topic before it is sent: whose it is, how long, how deep. Alibaba's platform closes the link of a
//! device that uses another one.

use aliyun_iot::mqtt::{Qos, SendError};

use crate::net::{DN, Net, PK, Sizes};

const ONCE: Qos = Qos::AtMostOnce;
const SURE: Qos = Qos::AtLeastOnce;

fn with_room() -> Net {
    Net::online_with(Sizes { subscriptions: 4096, ..Sizes::default() })
}

/// `{}` stands for the device's own names.
fn named(topic: &str) -> String {
    topic.replace("{}", &format!("{PK}/{DN}")).replace("{pk}", PK).replace("{dn}", DN)
}

/// All that a device may publish on, as far as it is known to the core.
const OWN: [&str; 24] = [
    "/{}/user/update",
    "/{}/user/4/5/6/7",
    "/{}/user/",
    "/{}/user",
    // Topics of before 2019 have no `user`.
    "/{}/update",
    "/{}/update/error",
    "/sys/{}/thing/event/property/post",
    "/sys/{}/thing/event/property/history/post",
    "/sys/{}/thing/file/upload/mqtt/send",
    "/sys/{}/_thing/diag/post",
    "/sys/{}/a/b/c/d/e/f/g/h/i",
    "/sys/{}/rrpc/response/123",
    "/ext/ntp/{}/request",
    "/ext/session/{}/combine/login",
    "/ext/error/{}",
    "/ext/rrpc/123/sys/{}/thing/service/x",
    "/ext/rrpc/123/{}/user/get",
    "/ext/rrpc/123/anything",
    "/shadow/update/{}",
    "/ota/device/inform/{}",
    "/ota/device/progress/{}",
    // Not known to be wrong.
    "/broadcast/{pk}/news",
    "/ext/register",
    "/some/topic",
];

/// Of another product, of another device, of nobody.
const OTHERS: [&str; 25] = [
    "/{pk}/typo/user/update",
    "/{pk}/{dn}x/user/update",
    "/{pk}/dev/user/update",
    "/{pk}/typo/update",
    "/{pk}/typo",
    "/{pk}",
    "/other/{dn}/user/update",
    "/A1B2c3D4e5F/{dn}/user/update",
    "/other/typo/user/update",
    "/sys/{pk}/typo/thing/event/property/post",
    "/sys/other/{dn}/thing/event/property/post",
    "/sys/{pk}",
    "/sys",
    "/ext/ntp/{pk}/typo/request",
    "/ext/session/other/{dn}/combine/login",
    "/ext/rrpc/123/sys/{pk}/typo/thing/service/x",
    "/shadow/update/{pk}/typo",
    "/shadow/get/other/{dn}",
    "/ota/device/inform/{pk}/typo",
    "/ota/device/progress/other/{dn}",
    "{}/user/update",
    "user/update",
    "update",
    " /{}/user/update",
    "$SYS/broker/version",
];

#[test]
fn topics_of_another_product_or_device_are_refused_at_the_call() {
    let mut net = with_room();
    for topic in OWN.map(named) {
        assert_eq!(net.device.publish(&topic, b"x", ONCE), Ok(0), "{topic}");
        assert_eq!(net.device.subscribe(&topic, ONCE), Ok(()), "{topic}");
        net.take_sent();
        if topic.contains("session") {
            // It is a gateway now.
            net = with_room();
        }
    }
    let mut net = with_room();
    for topic in OTHERS.map(named) {
        for qos in [ONCE, SURE] {
            assert_eq!(net.device.publish(&topic, b"x", qos), Err(SendError::TopicOwner), "{topic}");
            assert_eq!(net.device.subscribe(&topic, qos), Err(SendError::TopicOwner), "{topic}");
        }
    }
    assert_eq!(net.device.unacknowledged(), 0);
    net.sends([]);
}

#[test]
fn wildcards_pass_where_they_stand_for_a_name() {
    let mut net = with_room();
    for filter in [
        "/{}/user/#",
        "/{}/user/+",
        "/{}/#",
        "/{pk}/+/user/get",
        "/{pk}/#",
        "/+/{dn}/user/get",
        "/+/+/user/get",
        "/sys/{}/#",
        "/sys/{}/thing/service/+",
        "/sys/+/+/thing/service/#",
        "/sys/#",
        "/ext/rrpc/+/{}/user/get",
        "/ext/rrpc/+/sys/{}/thing/service/+",
        "/ext/rrpc/#",
        "/broadcast/{pk}/+",
        "/broadcast/+/news",
        "/broadcast/#",
        "/ota/device/upgrade/{}",
        "/shadow/get/{}",
        "/#",
        "#",
        "+/{}/user/get",
    ]
    .map(named)
    {
        assert_eq!(net.device.subscribe(&filter, ONCE), Ok(()), "{filter}");
        net.take_sent();
    }
    for filter in ["/{pk}/typo/user/#", "/other/+/user/#", "/sys/{pk}/typo/#", "/sys/+/typo/#", "a/#"] {
        assert_eq!(net.device.subscribe(&named(filter), SURE), Err(SendError::TopicOwner), "{filter}");
    }
    net.sends([]);
}

#[test]
fn long_and_deep_topics_are_refused_with_their_measure() {
    let mut net = with_room();
    let of = |bytes: usize| {
        let topic = named("/{}/user/");
        format!("{topic}{}", "x".repeat(bytes - topic.len()))
    };
    assert_eq!(net.device.publish(&of(127), b"x", ONCE), Ok(0));
    assert_eq!(net.device.subscribe(&of(127), ONCE), Ok(()));
    net.take_sent();
    for bytes in [128, 129, 200, 255] {
        let long = Err(SendError::TopicLength { bytes });
        assert_eq!(net.device.publish(&of(bytes), b"x", SURE), long.map(|()| 0));
        assert_eq!(net.device.subscribe(&of(bytes), SURE), long);
        let other = format!("/{}", "y".repeat(bytes - 1));
        assert_eq!(net.device.publish(&other, b"x", ONCE), long.map(|()| 0));
    }
    assert_eq!(net.device.publish(&of(65_535), b"x", ONCE), Err(SendError::TopicLength { bytes: 65_535 }));
    // Three bytes a letter: it is bytes that count.
    let chinese = named("/{}/user/温度传感器温度传感器温度传感器温度传感器温度传感器温度传感器温度传感器");
    assert_eq!(net.device.publish(&chinese, b"x", ONCE), Err(SendError::TopicLength { bytes: chinese.len() }));
    for (topic, levels) in [("/{}/user/4/5/6/7/8", 8), ("/{}/user/4/5/6/7/", 8), ("/a/b/c/d/e/f/g/h/i", 9)] {
        let deep = Err(SendError::TopicLevels { levels });
        assert_eq!(net.device.publish(&named(topic), b"x", SURE), deep.map(|()| 0), "{topic}");
        assert_eq!(net.device.subscribe(&named(topic), SURE), deep, "{topic}");
    }
    // The topic of a call has another one behind it.
    let call = format!("/ext/rrpc/1234567890123456789{}", of(127));
    assert_eq!(net.device.publish(&call, b"x", ONCE), Ok(0));
    net.take_sent();
    assert_eq!(net.device.unacknowledged(), 0);
}

#[test]
fn a_gateway_speaks_for_its_devices() {
    for login in ["login", "batch_login"] {
        let mut net = with_room();
        let other = format!("/sys/{PK}/child/thing/event/property/post");
        assert_eq!(net.device.publish(&other, b"{}", ONCE), Err(SendError::TopicOwner));
        net.device.publish(&named(&format!("/ext/session/{{}}/combine/{login}")), b"{}", ONCE).unwrap();
        for topic in [&other, "/other/child/user/update", "/sys/other/child/thing/service/property/set_reply"] {
            assert_eq!(net.device.publish(topic, b"{}", ONCE), Ok(0), "{topic}");
            assert_eq!(net.device.subscribe(topic, ONCE), Ok(()), "{topic}");
        }
        assert_eq!(net.device.publish("a", b"{}", ONCE), Err(SendError::TopicOwner), "nobody's");
    }
}

#[test]
fn another_broker_has_rules_of_its_own() {
    let mut net = Net::online_plain(60, true);
    let long = "x".repeat(1_000);
    for topic in ["a", "$SYS/x", "/sys/other/typo/thing", "/a/b/c/d/e/f/g/h/i/j", &long] {
        assert_eq!(net.device.publish(topic, b"x", ONCE), Ok(0), "{topic:.20}");
    }
    assert_eq!(net.device.subscribe("a/b/c/d/e/f/g/h/i/j/#", ONCE), Ok(()));
}
