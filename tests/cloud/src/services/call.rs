//! Services that the cloud calls on a device, and the device's answers.
//!
//! An asynchronous service is answered on `thing/service/{id}_reply`, whenever the device likes. A
//! synchronous one is answered on the topic that it came on (`/ext/rrpc/{rid}/…`), or on
//! `rrpc/response/{rid}`, within eight seconds.

use serde_json::json;

use super::service::{Command, Common, Down, Order, Outcome, Service, Taken, Up};
use crate::alink;
use crate::devices::Name;
use crate::journal::Record;

/// How long the platform waits for the answer to a synchronous call.
const WAIT_MS: u64 = 8000;

fn service(_: &mut Call, common: &mut Common, order: &Order) -> Outcome {
    let id = order.fields.text("service")?;
    order.device()?;
    common.call(order, id, &order.fields.params()?, order.fields.qos()?)
}

fn rrpc(calls: &mut Call, common: &mut Common, order: &Order) -> Outcome {
    let Order { fields, now_ms, .. } = order;
    let name = order.device()?;
    let wait_ms = fields.number("wait_ms", WAIT_MS, 60_000)?;
    if fields.has("topic") {
        return custom_rrpc(calls, common, order, wait_ms);
    }
    let (service, params) = (fields.text("service")?, fields.params()?);
    if !order.online {
        return Err(format!("{name} is not connected"));
    }
    let (id, rid) = (common.next_id(), common.next_rid(*now_ms));
    let topic = if order.session()?.custom_rrpc {
        format!("/ext/rrpc/{rid}/sys/{name}/thing/service/{service}")
    } else {
        format!("/sys/{name}/rrpc/request/{rid}")
    };
    let payload = alink::call(&id, &format!("thing.service.{service}"), &params);
    calls.expect(name, &rid, service, *now_ms, wait_ms);
    Ok((json!({ "id": id, "rid": rid, "topic": topic }), Some(Down { topic, payload, qos: 0 })))
}

/// A synchronous call of any payload, on a custom topic, or on the device's own if that is empty.
fn custom_rrpc(calls: &mut Call, common: &mut Common, order: &Order, wait_ms: u64) -> Outcome {
    let Order { fields, now_ms, .. } = order;
    let name = order.device()?;
    let custom = fields.text("topic")?;
    let payload = fields.payload()?;
    let rid = common.next_rid(*now_ms);
    let topic = match custom {
        "" => format!("/sys/{name}/rrpc/request/{rid}"),
        _ if !custom.starts_with('/') => return Err(format!("{custom:?} does not begin with a slash")),
        _ if !order.session()?.custom_rrpc => return Err(format!("{name} did not log in with ext bit 1")),
        _ => format!("/ext/rrpc/{rid}{custom}"),
    };
    order.session()?;
    calls.expect(name, &rid, custom, *now_ms, wait_ms);
    Ok((json!({ "rid": rid, "topic": topic }), Some(Down { topic, payload, qos: 0 })))
}

struct Waiting {
    device: Name,
    rid: String,
    service: String,
    sent_ms: u64,
    deadline_ms: u64,
}

/// The synchronous calls that wait for an answer.
#[derive(Default)]
pub struct Call(Vec<Waiting>);

impl Call {
    pub fn expect(&mut self, device: &Name, rid: &str, service: &str, now_ms: u64, wait_ms: u64) {
        self.0.push(Waiting {
            device: device.clone(),
            rid: rid.to_owned(),
            service: service.to_owned(),
            sent_ms: now_ms,
            deadline_ms: now_ms.saturating_add(wait_ms),
        });
    }

    /// Gives up the calls whose time is over.
    pub fn overdue(&mut self, now_ms: u64) -> Vec<Record> {
        let late = |call: &Waiting| call.deadline_ms <= now_ms;
        let records = self.0.iter().filter(|call| late(call)).map(|call| {
            Record::new("rrpc_timeout", &call.device)
                .with("rid", &*call.rid)
                .with("service", &*call.service)
                .with("waited_ms", now_ms - call.sent_ms)
        });
        let records = records.collect();
        self.0.retain(|call| !late(call));
        records
    }

    fn answered(&mut self, device: &Name, rid: &str) -> Option<Waiting> {
        let at = self.0.iter().position(|call| &call.device == device && call.rid == rid)?;
        Some(self.0.swap_remove(at))
    }
}

impl Service for Call {
    const COMMANDS: &'static [Command<Self>] = &[
        Command("service", &["device", "productKey", "service", "params", "qos"], service),
        Command("rrpc", &["device", "productKey", "service", "params", "topic", "payload", "hex", "wait_ms"], rrpc),
    ];

    fn take(&mut self, _: &mut Common, up: &Up) -> Option<Taken> {
        let record = if let Some(rid) = rrpc_id(up) {
            let call = self.answered(&up.from.name, rid);
            let record = up.record("rrpc_reply").with("rid", rid);
            match call {
                Some(call) => {
                    record.with("service", call.service).with("took_ms", up.now_ms.saturating_sub(call.sent_ms))
                }
                None => record.with("fault", "no such call is waiting: unknown, answered or too late"),
            }
        } else {
            let service = up.path()?.strip_prefix("thing/service/")?.strip_suffix("_reply")?;
            let message = alink::answer(up.payload);
            up.record("service_reply")
                .with("service", service)
                .with("id", message.id())
                .with("code", message.body["code"].clone())
                .with("data", message.body["data"].clone())
                .with("fault", message.fault.map(|(_, why)| why))
        };
        Some(Taken { record, answer: None })
    }
}

fn rrpc_id<'a>(up: &'a Up) -> Option<&'a str> {
    if let Some(rest) = up.topic.strip_prefix("/ext/rrpc/") {
        return rest.split('/').next();
    }
    up.path()?.strip_prefix("rrpc/response/")
}

#[cfg(test)]
mod tests {
    use crate::devices::Name;
    use crate::journal::Journal;
    use crate::services::tests::publish;
    use crate::services::{State, Taken};
    use serde_json::Value;

    fn record(taken: Taken) -> Value {
        let mut journal = Journal::default();
        journal.add(0, taken.record);
        journal.seen(&[], 0)["records"][0].clone()
    }

    #[test]
    fn an_answer_in_time_is_told_from_a_late_one() {
        let mut state = State::default();
        let device = Name::new("pk", "dn");
        state.call.expect(&device, "42", "reboot", 1, 8000);
        assert!(state.call.overdue(8000).is_empty());
        let topic = "/ext/rrpc/42/sys/pk/dn/thing/service/reboot";
        let first = record(publish(&mut state, topic, b"{}"));
        assert_eq!((&first["took_ms"], &first["service"]), (&4.into(), &"reboot".into()));
        assert!(record(publish(&mut state, topic, b"{}"))["fault"].is_string());

        state.call.expect(&device, "43", "reboot", 1, 8000);
        assert_eq!(state.call.overdue(8001).len(), 1);
        let late = record(publish(&mut state, "/sys/pk/dn/rrpc/response/43", b"{}"));
        assert!(late["fault"].is_string());
    }

    #[test]
    fn an_asynchronous_answer_names_its_service() {
        let reply = br#"{"id":"9","code":200,"data":{"x":1}}"#;
        let seen = record(publish(&mut State::default(), "/sys/pk/dn/thing/service/reboot_reply", reply));
        assert_eq!(seen["kind"], "service_reply");
        assert_eq!((&seen["service"], &seen["id"], &seen["code"]), (&"reboot".into(), &"9".into(), &200.into()));
    }
}
