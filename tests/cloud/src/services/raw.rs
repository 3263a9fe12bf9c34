//! Raw data: bytes that a product's script would translate.
//!
//! The stand-in has no scripts: it sends the same bytes back as the answer.

use serde_json::json;

use super::service::{Command, Common, Down, Order, Outcome, ReplyMode, Service, Taken, Up};

fn raw(_: &mut Raw, _: &mut Common, order: &Order) -> Outcome {
    order.device()?;
    let payload = order.fields.hex()?.ok_or("hex is missing")?;
    let topic = format!("/sys/{}/thing/model/down_raw", order.session()?.name);
    Ok((json!({}), Some(Down { topic, payload, qos: order.fields.qos()? })))
}

#[derive(Default)]
pub struct Raw;

impl Service for Raw {
    const COMMANDS: &'static [Command<Self>] = &[Command("raw", &["device", "productKey", "hex", "qos"], raw)];

    fn take(&mut self, common: &mut Common, up: &Up) -> Option<Taken> {
        match up.path()? {
            "thing/model/up_raw" => {
                let answers = common.next_reply_mode() != ReplyMode::Silent;
                Some(Taken {
                    record: up.record("raw_up").with("hex", hex::encode(up.payload)).with("answered", answers),
                    answer: answers.then(|| (format!("{}_reply", up.topic), up.payload.to_vec())),
                })
            }
            "thing/model/down_raw_reply" => {
                Some(Taken { record: up.record("raw_reply").with("hex", hex::encode(up.payload)), answer: None })
            }
            _ => None,
        }
    }
}
