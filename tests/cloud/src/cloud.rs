//! Who is connected, what happens when they say something, and what should the broker do about it?

use std::collections::HashMap;

use crate::acts::{Act, Verdict};
use crate::clock::shifted;
use crate::devices::{ALIYUN, Devices, Name};
use crate::fields::Fields;
use crate::journal::{Journal, Record};
use crate::login::{self, Attempt, Refusal, Session};
use crate::registration::{self, Provoked, Registry};
use crate::services::{self, State, Up};
use crate::topics::{self, Kind, Use};
use crate::vendors::{self, Limits};

/// The broker's handle of one connection. Two connections of one device differ in it.
pub type Link = usize;

/// Larger messages end the connection.
pub const PAYLOAD_LIMIT: usize = 256 << 10;

/// Messages and subscriptions that end the connection: those whose topic is, or whose payload has, such a text.
#[derive(Default)]
pub struct Disliking {
    pub topic: String,
    pub payload: String,
}

impl Disliking {
    fn is_about(&self, topic: &str, payload: &[u8]) -> bool {
        let has = |part: &[u8]| !part.is_empty() && payload.windows(part.len()).any(|window| window == part);
        !self.topic.is_empty() && topic == self.topic || has(self.payload.as_bytes())
    }
}

/// The logins that a test asked to have refused.
#[derive(Default)]
pub struct Refusing {
    /// At this cloud; none for Alibaba's.
    pub vendor: Option<&'static str>,
    pub left: u64,
    pub code: u8,
}

#[derive(Default)]
pub struct Cloud {
    pub devices: Devices,
    pub journal: Journal,
    pub services: State,
    pub vendors: vendors::State,
    /// How many seconds the clock of Alibaba's cloud is off.
    pub clock_s: i64,
    pub refusing: Refusing,
    pub provoked: Provoked,
    /// What it closes the connection for, beside what it always does.
    pub disliking: Disliking,
    /// Each connection's session, and why it ends, once the cloud has it end.
    links: HashMap<Link, (Session, Option<String>)>,
    online: HashMap<Name, Link>,
    /// The last session of a device that asked to be kept, for messages while it is away.
    kept: HashMap<Name, Session>,
    pub now_ms: u64,
}

impl Cloud {
    pub fn new(devices: Devices, vendors: vendors::State) -> Cloud {
        Cloud { devices, vendors, ..Cloud::default() }
    }

    /// What a registration reads and changes.
    pub fn registry(&mut self) -> Registry<'_> {
        Registry {
            devices: &mut self.devices,
            journal: &mut self.journal,
            provoked: &mut self.provoked,
            now_ms: self.now_ms,
        }
    }

    /// Judges a login; a second one of the same device ends the first.
    pub fn login(&mut self, link: Link, attempt: &Attempt) -> Result<Vec<Act>, Refusal> {
        let vendor = self.vendors.at(attempt.port);
        let refuses = self.refusing.left > 0 && self.refusing.vendor == vendor.map(|playing| playing.name);
        let (claimed, verdict) = match vendor {
            Some(playing) if !refuses => (playing.claims(attempt), playing.login(attempt, self.now_ms)),
            None if !refuses && registration::is_asked_for(attempt) => {
                return registration::over_mqtt(&mut self.registry(), attempt);
            }
            None if !refuses => (claimed_name(attempt), login::check(&self.devices, attempt)),
            _ => {
                self.refusing.left -= 1;
                let claimed = vendor.map_or_else(|| claimed_name(attempt), |playing| playing.claims(attempt));
                (claimed, Err(Refusal { code: self.refusing.code, reason: "told to refuse".into() }))
            }
        };
        let record = Record::new("login", &claimed)
            .with("ok", verdict.is_ok())
            .with("clientId", &*attempt.client_id)
            .with("keepalive", attempt.keepalive)
            .with("clean", attempt.clean)
            .with("tls", attempt.tls);
        let session = match verdict {
            Ok(session) => session,
            Err(refusal) => {
                let record = record.with("code", refusal.code).with("reason", &*refusal.reason);
                self.journal.add(self.now_ms, record);
                return Err(refusal);
            }
        };
        let secure_mode = (session.name.cloud == ALIYUN).then_some(&*session.secure_mode);
        let record = record.with("securemode", secure_mode).with("signmethod", &*session.sign_method).with("code", 0);
        match self.vendors.named(session.name.cloud) {
            Ok(playing) => playing.set_active(&session.name, true),
            Err(_) => self.devices.set_active(&session.name, true),
        }
        let mut acts = Vec::new();
        if let Some(old) = self.online.insert(session.name.clone(), link) {
            if let Some((first, ending)) = self.links.get_mut(&old) {
                *ending = Some("a second login of the same device".into());
                // The broker itself ends a connection whose client id comes again.
                if first.client_id != session.client_id {
                    acts.push(Act::Kick { client_id: first.client_id.clone() });
                }
            }
        }
        let mut session = session;
        let before = self.kept.remove(&session.name);
        if !session.clean {
            // The broker has kept its subscriptions.
            session.filters = before.map(|before| before.filters).unwrap_or_default();
            self.kept.insert(session.name.clone(), session.clone());
        }
        self.links.insert(link, (session, None));
        self.journal.add(self.now_ms, record);
        Ok(acts)
    }

    /// A connection has ended.
    pub fn gone(&mut self, link: Link) {
        let Some((session, ending)) = self.links.remove(&link) else {
            return;
        };
        if self.online.get(&session.name) == Some(&link) {
            self.online.remove(&session.name);
        }
        if let Some(kept) = self.kept.get_mut(&session.name) {
            kept.filters.clone_from(&session.filters);
        }
        let reason = ending.unwrap_or_else(|| "closed by the device, or lost".into());
        let record = Record::new("disconnect", &session.name).with("reason", reason);
        self.journal.add(self.now_ms, record);
    }

    /// May it subscribe?
    pub fn subscribe(&mut self, link: Link, topic: &str, qos: u8) -> Verdict {
        let Some((session, _)) = self.links.get(&link) else {
            return Verdict::Deny;
        };
        let name = session.name.clone();
        let most = self.limits(&name);
        let fault = match self.topic(&name, topic, Use::Subscribe) {
            Ok(_) if qos > most.qos => Some(format!("QoS {qos} is not supported")),
            Ok(_) if session.filters.len() >= most.filters && !session.filters.iter().any(|known| known == topic) => {
                Some(format!("a session subscribes to {} topics at most", most.filters))
            }
            Ok(_) if self.disliking.is_about(topic, b"") => Some("told to close for it".to_owned()),
            Ok(_) => None,
            Err(why) => Some(why),
        };
        let verdict = match &fault {
            None => Verdict::Allow,
            Some(_) if self.disliking.is_about(topic, b"") => Verdict::Close,
            Some(_) => Verdict::Deny,
        };
        let record = Record::new("subscribe", &name)
            .with("topic", topic)
            .with("qos", qos)
            .with("ok", fault.is_none())
            .with("reason", fault);
        self.journal.add(self.now_ms, record);
        if let (Verdict::Allow, Some((session, _))) = (verdict, self.links.get_mut(&link)) {
            session.filters.retain(|known| known != topic);
            session.filters.push(topic.to_owned());
        }
        let all = verdict == Verdict::Allow && self.vendors.of(&name).is_some_and(|of| of.subscribes_all(&name, topic));
        if let (true, Some((session, _))) = (all, self.links.get_mut(&link)) {
            session.auto_subscribed = true;
            if let Some(kept) = self.kept.get_mut(&name) {
                kept.auto_subscribed = true;
            }
        }
        verdict
    }

    pub fn unsubscribe(&mut self, link: Link, topic: &str) {
        if let Some((session, _)) = self.links.get_mut(&link) {
            session.filters.retain(|known| known != topic);
            let record = Record::new("unsubscribe", &session.name).with("topic", topic);
            self.journal.add(self.now_ms, record);
        }
    }

    /// May it publish this? What it may is judged before [`Cloud::message`] takes it.
    pub fn publish(&mut self, link: Link, topic: &str, payload: &[u8], qos: u8, retain: bool) -> Verdict {
        let Some((session, _)) = self.links.get(&link) else {
            return Verdict::Close;
        };
        let most = self.limits(&session.name);
        let fault = match self.topic(&session.name, topic, Use::Publish) {
            Err(why) => why,
            Ok(_) if qos > most.qos => format!("QoS {qos} is not supported"),
            Ok(_) if retain && !most.retain => "retained messages are not supported".into(),
            Ok(_) if self.disliking.is_about(topic, payload) => "told to close for it".into(),
            Ok(_) if payload.len() > most.payload => {
                format!("a payload of {} bytes; the limit is {}", payload.len(), most.payload)
            }
            Ok(_) => return Verdict::Allow,
        };
        let record = Record::new("refused", &session.name)
            .with("topic", topic)
            .with("qos", qos)
            .with("retain", retain)
            .with("reason", &*fault);
        // What is too long to be taken is too long to be kept.
        let record = record.with_payload(&payload[..payload.len().min(1024)]);
        self.journal.add(self.now_ms, record);
        if let Some((_, ending)) = self.links.get_mut(&link) {
            *ending = Some(format!("refused publish: {fault}"));
        }
        Verdict::Close
    }

    /// Takes an allowed message.
    pub fn message(&mut self, link: Link, topic: &str, payload: &[u8], qos: u8) -> (Verdict, Vec<Act>) {
        let Some((session, _)) = self.links.get(&link) else {
            return (Verdict::Allow, Vec::new());
        };
        let is_aliyun = session.name.cloud == ALIYUN;
        let up = Up { from: session, topic, payload, qos, now_ms: self.now_ms };
        let mut acts = Vec::new();
        let taken = match is_aliyun {
            true => self.services.take(&Up { now_ms: shifted(self.now_ms, self.clock_s), ..up }),
            false => self.vendors.take(&up),
        };
        if let Some(taken) = taken {
            self.journal.add(self.now_ms, taken.record);
            acts.extend(taken.answer.map(|(topic, payload)| system_message(session, topic, payload, qos)));
        }
        let verdict = match self.topic(&session.name, topic, Use::Publish) {
            Ok(Kind::Custom) => Verdict::Allow,
            _ => Verdict::Swallow,
        };
        if let Some(name) = self.services.common.cut.take() {
            acts.extend(self.drop_link(&name, "told to lose the link"));
        }
        (verdict, acts)
    }

    /// What kind of topic this is for the device, or why it may not use it.
    fn topic(&self, name: &Name, topic: &str, usage: Use) -> Result<Kind, String> {
        match self.vendors.of(name) {
            Some(playing) => playing.topic(name, topic, usage),
            None => topics::check(name, topic, usage, self.devices.broadcasts(&name.product)),
        }
    }

    fn limits(&self, name: &Name) -> Limits {
        match self.vendors.of(name) {
            Some(playing) => playing.limits(),
            None => Limits { payload: PAYLOAD_LIMIT, ..Limits::default() },
        }
    }

    /// The device that a command means.
    pub fn device(&mut self, fields: &Fields) -> Result<Name, String> {
        match fields.vendor()? {
            Some(vendor) => self.vendors.named(vendor)?.device(fields),
            None => fields.device(&self.devices),
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        for record in self.services.overdue(now_ms) {
            self.journal.add(now_ms, record);
        }
    }

    /// The session that a message for this device goes to.
    pub fn session(&self, name: &Name) -> Result<&Session, String> {
        let online = self.online.get(name).and_then(|link| self.links.get(link));
        online
            .map(|(session, _)| session)
            .or_else(|| self.kept.get(name))
            .ok_or_else(|| format!("{name} is not connected and has no kept session"))
    }

    pub fn is_online(&self, name: &Name) -> bool {
        self.online.contains_key(name)
    }

    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.online.values().filter_map(|link| self.links.get(link).map(|(session, _)| session))
    }

    /// Ends a device's connection.
    pub fn drop_link(&mut self, name: &Name, reason: &str) -> Result<Act, String> {
        let link = self.online.get(name);
        let entry = link.and_then(|link| self.links.get_mut(link));
        let (session, ending) = entry.ok_or_else(|| format!("{name} is not connected"))?;
        *ending = Some(reason.to_owned());
        Ok(Act::Kick { client_id: session.client_id.clone() })
    }
}

/// The device that a login at Alibaba's cloud claims to be.
fn claimed_name(attempt: &Attempt) -> Name {
    login::claimed_name(&attempt.user_name).unwrap_or_else(|| Name::new("", &*attempt.user_name))
}

/// A message on a system topic: straight to a device that gets those by itself (`_ss=1`), else to its subscription. At a
/// vendor's cloud, a subscription of the device's own counts for more than the one it has by itself.
pub fn system_message(session: &Session, topic: String, payload: Vec<u8>, qos: u8) -> Act {
    let is_aliyun = session.name.cloud == ALIYUN;
    let has_own = !is_aliyun && session.filters.iter().any(|filter| topics::matches(filter, &topic));
    let by_itself = session.auto_subscribed && !services::upload::wants_subscription(&topic) && !has_own;
    let qos = if by_itself { qos.min(session.implicit_qos) } else { qos };
    Act::Publish { to: by_itself.then(|| session.client_id.clone()), topic, payload, qos }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use serde_json::{Value, json};

    pub fn cloud() -> Cloud {
        let list = json!([
            {"productKey": "a1B2c3D4e5F", "productSecret": "x",
             "deviceName": "dev01", "deviceSecret": "0123456789abcdef0123456789abcdef"},
            {"productKey": "a1B2c3D4e5F", "productSecret": "x", "deviceName": "dev02", "deviceSecret": "y"},
        ]);
        Cloud::new(Devices::from_json(&list).unwrap(), vendors::State::default())
    }

    pub fn attempt() -> Attempt {
        Attempt {
            client_id: "a1B2c3D4e5F.dev01|timestamp=2524608000000,_ss=1,securemode=2,signmethod=hmacsha256,ext=3|"
                .into(),
            user_name: "dev01&a1B2c3D4e5F".into(),
            password: "1BA83B7A3200015ECEAABFB5E7FA0B1E43C0F87B8D72D64AC2AB9EC9BDE8676C".into(),
            keepalive: 60,
            clean: true,
            protocol: 4,
            port: 8883,
            tls: true,
            certificate: None,
            will: false,
        }
    }

    pub fn seen(cloud: &Cloud, kind: &str) -> Vec<Value> {
        cloud.journal.seen(&[("kind", &json!(kind))], 0)["records"].as_array().unwrap().clone()
    }

    #[test]
    fn a_second_login_ends_the_first_whatever_its_client_id() {
        let mut cloud = cloud();
        assert_eq!(cloud.login(1, &attempt()), Ok(vec![]));
        let mut second = attempt();
        second.client_id = second.client_id.replace("ext=3", "ext=2");
        let acts = cloud.login(2, &second).unwrap();
        assert_eq!(acts, [Act::Kick { client_id: attempt().client_id }]);
        cloud.gone(1);
        assert_eq!(seen(&cloud, "disconnect")[0]["reason"], "a second login of the same device");
        assert!(cloud.is_online(&Name::new("a1B2c3D4e5F", "dev01")));
        cloud.gone(2);
        assert!(!cloud.is_online(&Name::new("a1B2c3D4e5F", "dev01")));
    }

    #[test]
    fn a_failed_login_leaves_the_first_alone() {
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        let mut wrong = attempt();
        wrong.password.clear();
        assert_eq!(cloud.login(2, &wrong).unwrap_err().code, login::BAD_PASSWORD);
        cloud.gone(2);
        assert!(cloud.is_online(&Name::new("a1B2c3D4e5F", "dev01")));
        assert_eq!(seen(&cloud, "login")[1]["ok"], false);
    }

    #[test]
    fn refusals_on_command_run_out() {
        let mut cloud = cloud();
        cloud.refusing = Refusing { vendor: None, left: 1, code: 3 };
        assert_eq!(cloud.login(1, &attempt()).unwrap_err().code, 3);
        assert!(cloud.login(1, &attempt()).is_ok());
    }

    #[test]
    fn what_is_not_supported_ends_the_connection() {
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        let own = "/a1B2c3D4e5F/dev01/user/a";
        assert_eq!(cloud.publish(1, own, b"x", 1, false), Verdict::Allow);
        assert_eq!(cloud.publish(1, own, &vec![0; PAYLOAD_LIMIT], 1, false), Verdict::Allow);
        assert_eq!(cloud.publish(1, own, b"x", 2, false), Verdict::Close);
        assert_eq!(cloud.publish(1, own, b"x", 1, true), Verdict::Close);
        assert_eq!(cloud.publish(1, own, &vec![0; PAYLOAD_LIMIT + 1], 0, false), Verdict::Close);
        assert_eq!(cloud.publish(1, "/a1B2c3D4e5F/dev02/user/a", b"x", 0, false), Verdict::Close);
        assert_eq!(cloud.subscribe(1, own, 1), Verdict::Allow);
        assert_eq!(cloud.subscribe(1, own, 2), Verdict::Deny);
        assert_eq!(cloud.subscribe(1, "#", 0), Verdict::Deny);
        cloud.gone(1);
        let reason = seen(&cloud, "disconnect")[0]["reason"].clone();
        assert!(reason.as_str().unwrap().contains("dev02"), "{reason}");
    }

    #[test]
    fn system_messages_are_swallowed_and_answered_custom_ones_go_on() {
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        let post = "/sys/a1B2c3D4e5F/dev01/thing/event/property/post";
        let (verdict, acts) = cloud.message(1, post, br#"{"id":"1","params":{}}"#, 0);
        assert_eq!(verdict, Verdict::Swallow);
        assert!(matches!(&acts[..], [Act::Publish { to: Some(_), qos: 0, .. }]));
        let (verdict, acts) = cloud.message(1, "/a1B2c3D4e5F/dev01/user/a", b"x", 0);
        assert_eq!((verdict, acts), (Verdict::Allow, vec![]));
    }

    #[test]
    fn only_a_kept_session_takes_messages_while_away() {
        let name = Name::new("a1B2c3D4e5F", "dev01");
        let mut cloud = cloud();
        cloud.login(1, &attempt()).unwrap();
        cloud.gone(1);
        assert!(cloud.session(&name).is_err());
        let mut keeping = attempt();
        keeping.clean = false;
        cloud.login(2, &keeping).unwrap();
        cloud.gone(2);
        assert!(cloud.session(&name).is_ok());
    }
}
