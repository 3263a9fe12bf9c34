//! Properties: a device posts them, and answers when the cloud sets them.

use super::{Command, Order, Outcome, State, Taken, Up};
use crate::alink;

const METHOD: &str = "thing.event.property.post";

pub const COMMANDS: &[Command] = &[Command("set", &["device", "productKey", "params", "qos"], set)];

fn set(state: &mut State, order: &Order) -> Outcome {
    order.device()?;
    state.call(order, "property/set", &order.fields.params()?, order.fields.qos()?)
}

pub fn take(state: &mut State, up: &Up) -> Option<Taken> {
    match up.path()? {
        "thing/event/property/post" => Some(state.alink(up, METHOD, up.record("property_post"))),
        "thing/service/property/set_reply" => {
            let message = alink::answer(up.payload);
            let record = up
                .record("set_reply")
                .with("id", message.id())
                .with("code", message.body["code"].clone())
                .with("fault", message.fault.map(|(_, why)| why));
            Some(Taken { record, answer: None })
        }
        _ => None,
    }
}
