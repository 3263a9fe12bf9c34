//! Properties: a device posts them, and answers when the cloud sets them.

use super::service::{Command, Common, Order, Outcome, Service, Taken, Up};
use crate::alink;

const METHOD: &str = "thing.event.property.post";

fn set(_: &mut Property, common: &mut Common, order: &Order) -> Outcome {
    order.device()?;
    common.call(order, "property/set", &order.fields.params()?, order.fields.qos()?)
}

#[derive(Default)]
pub struct Property;

impl Service for Property {
    const COMMANDS: &'static [Command<Self>] = &[Command("set", &["device", "productKey", "params", "qos"], set)];

    fn take(&mut self, common: &mut Common, up: &Up) -> Option<Taken> {
        match up.path()? {
            "thing/event/property/post" => Some(common.alink(up, METHOD, up.record("property_post"))),
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
}
