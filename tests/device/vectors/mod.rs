//! Published and computed vectors of logins and registrations, for each cloud: what a device sends for which credentials.
//!
//! All secrets are made up, or samples that the clouds' documents print. A row says what the device has, and what it sends.
//! Where the published vector has something else, the row lists that with the reason: most of these vectors come from LuatOS,
//! which differs from the clouds' documents here and there. The documents are followed.
//!
//! Vectors of registrations over HTTPS are in `src/clouds/vendor/registration/tests.rs`.

mod aliyun;
#[cfg(feature = "baidu")]
mod baidu;
#[cfg(feature = "huawei")]
mod huawei;
#[cfg(feature = "onenet")]
mod onenet;
#[cfg(feature = "tencent")]
mod tencent;
#[cfg(feature = "tlink")]
mod tlink;
#[cfg(feature = "tuya")]
mod tuya;

use std::collections::BTreeSet;

use aliyun_iot::clouds::Login;
use aliyun_iot::device::{LinkId, Options};

use crate::net::{Net, Sizes};
use crate::packets::Packet;

/// Names and values of what is sent: `host`, `client_id`, `user_name`, `password`; of a request, its parts.
type Sent = Vec<(&'static str, String)>;

/// A vector.
struct Vector {
    /// Its name, unlike all others.
    name: &'static str,
    /// Who published it, or computed it with what.
    source: &'static str,
    /// Has a device send it.
    sent: fn() -> Sent,
    /// What is sent: a part of all that [`sent`](Self::sent) returns.
    wanted: &'static [(&'static str, &'static str)],
    /// What the vector has in place of it: name, value, and why that is not sent.
    differs: &'static [(&'static str, &'static str, &'static str)],
}

/// The vectors of each cloud.
const CLOUDS: &[(&str, &[Vector])] = &[
    ("aliyun", aliyun::VECTORS),
    #[cfg(feature = "tencent")]
    ("tencent", tencent::VECTORS),
    #[cfg(feature = "onenet")]
    ("onenet", onenet::VECTORS),
    #[cfg(feature = "huawei")]
    ("huawei", huawei::VECTORS),
    #[cfg(feature = "tuya")]
    ("tuya", tuya::VECTORS),
    #[cfg(feature = "baidu")]
    ("baidu", baidu::VECTORS),
    #[cfg(feature = "tlink")]
    ("tlink", tlink::VECTORS),
];

/// A device whose random number is `random` now, and whose clock shows `unix_s`, 0 if it is not set.
fn device(random: u32, unix_s: u64) -> Net {
    let mut net = Net::seeded(Sizes { subscriptions: 1024, ..Sizes::default() }, 0);
    net = Net::seeded(Sizes { subscriptions: 1024, ..Sizes::default() }, random ^ net.now.as_millis());
    if unix_s > 0 {
        net.device.set_clock(unix_s * 1000, net.now);
    }
    net
}

/// What the device sends when it logs in.
fn logged_in<'l>(mut net: Net, login: impl Into<Login<'l>>) -> Sent {
    net.device.connect(login, Options::default(), net.now).unwrap();
    login_of(net)
}

/// What the device sends on the link of the session that it wants.
fn login_of(mut net: Net) -> Sent {
    let (host, port, _) = net.on_link(LinkId::Session, Net::server);
    net.on_link(LinkId::Session, Net::link_up);
    let Packet::Connect(connect) = net.sends_one() else { panic!("no login") };
    let mut sent = vec![("host", format!("{host}:{port}")), ("client_id", connect.client_id)];
    if let Some(login) = connect.login {
        sent.extend([("user_name", login.username), ("password", login.password)]);
    }
    sent
}

fn get<'a>(sent: &'a Sent, name: &str) -> Option<&'a str> {
    sent.iter().find(|(other, _)| *other == name).map(|(_, value)| &**value)
}

#[test]
fn each_vector_is_what_a_device_sends() {
    for vector in CLOUDS.iter().flat_map(|(_, vectors)| *vectors) {
        let sent = (vector.sent)();
        assert!(!vector.wanted.is_empty());
        for (name, value) in vector.wanted {
            assert_eq!(get(&sent, name), Some(*value), "{name} of {} ({})", vector.name, vector.source);
        }
        for (name, value, why) in vector.differs {
            assert!(!why.is_empty());
            assert_ne!(get(&sent, name), Some(*value), "{name} of {} does not differ", vector.name);
            assert!(vector.wanted.iter().any(|(other, _)| other == name), "{name} of {}", vector.name);
        }
    }
}

#[test]
fn no_vector_has_the_name_of_another_one() {
    let names = CLOUDS.iter().flat_map(|(cloud, vectors)| vectors.iter().map(move |vector| (*cloud, vector.name)));
    let all: Vec<_> = names.collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
}
