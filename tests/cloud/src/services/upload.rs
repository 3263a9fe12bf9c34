//! Files: a device asks for an upload, sends block after block, may cancel (document 354836; Link SDK C 4.2).
//!
//! `thing/file/upload/mqtt/{init,send,cancel}`, each answered on `…_reply`, which a device has to subscribe to. A block
//! is binary: the length of the JSON in two bytes, the JSON, the data, CRC-16/ARC of the data with its low byte first.

mod rate;
mod refusal;
mod tasks;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use rate::Rate;
use refusal::{OK, Outcome, TOO_FAST, WRONG_CRC, no};
use tasks::{Block, Init, Tasks};

use super::service::{self, Command, Common, Order, Service, Taken, Up};
use crate::alink;
use crate::devices::Name;

const PATH: &str = "thing/file/upload/mqtt/";

const CRC16: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_ARC);

/// Not sent by the platform to a device that has not subscribed to it, whatever its login says.
pub fn wants_subscription(topic: &str) -> bool {
    topic.contains(PATH)
}

#[derive(Default)]
pub struct Upload {
    tasks: Tasks,
    rate: Rate,
    trouble: Trouble,
}

/// What a test has asked for: it comes true with the requests that follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Trouble {
    /// Answers with this code, without looking; 0 for no answer at all.
    code: u64,
    /// For so many requests.
    count: u64,
    /// To requests of this kind only, `init` or `send`.
    what: Option<String>,
    /// Offsets in a file: the link is lost when the block there arrives.
    cuts: Vec<u64>,
    /// Whether that block is lost with the link, or only the answer to it.
    loses_block: bool,
}

impl Trouble {
    /// The code that the next request of this kind is to be answered with.
    fn code_for(&mut self, what: &str) -> Option<u64> {
        if self.count == 0 || self.what.as_deref().is_some_and(|only| only != what) {
            return None;
        }
        self.count -= 1;
        Some(self.code)
    }

    /// Is the link to be lost with this block?
    fn cuts(&mut self, offset: u64, length: u64) -> bool {
        let hit = self.cuts.iter().position(|cut| (offset..offset.saturating_add(length)).contains(cut));
        hit.is_some_and(|at| {
            self.cuts.remove(at);
            true
        })
    }
}

fn trouble(uploads: &mut Upload, _: &mut Common, order: &Order) -> service::Outcome {
    let fields = &order.fields;
    let cuts = match fields.value("cuts") {
        None => Vec::new(),
        Some(cuts) => serde_json::from_value(cuts.clone()).map_err(|_| "cuts is not a list of offsets")?,
    };
    let what = fields.optional_text("what")?.map(str::to_owned);
    if let Some(what) = what.as_ref().filter(|what| !matches!(&***what, "init" | "send")) {
        return Err(format!("what is {what:?}: init or send"));
    }
    let code = fields.number("code", 0, u64::MAX)?;
    let count = fields.number("count", fields.has("code").into(), u64::MAX)?;
    let forget = fields.flag("forget")?.unwrap_or(false);
    uploads.trouble = Trouble { code, count, what, cuts, loses_block: fields.flag("loses_block")?.unwrap_or(false) };
    if forget {
        uploads.tasks.forget();
    }
    Ok((json!({}), None))
}

fn limit(uploads: &mut Upload, _: &mut Common, order: &Order) -> service::Outcome {
    let blocks = order.fields.number("blocks", 0, 1000)?;
    uploads.rate = Rate::new((blocks > 0).then_some(blocks as usize));
    Ok((json!({}), None))
}

/// The largest file whose content a record has in full.
const SHOWN: usize = 64 << 10;

fn file(uploads: &mut Upload, _: &mut Common, order: &Order) -> service::Outcome {
    let device = order.device()?;
    let name = order.fields.text("name")?;
    let tasks = &uploads.tasks;
    let file = tasks.file(device, name).ok_or_else(|| format!("{device} has no file called {name:?}"))?;
    let mut reply = json!({
        "upload": file.upload,
        "size": file.content.len(),
        "sha256": hex::encode(Sha256::digest(&file.content)),
        "under_way": tasks.under_way(device),
    });
    if file.content.len() <= SHOWN {
        reply["hex"] = hex::encode(&file.content).into();
    }
    Ok((reply, None))
}

impl Service for Upload {
    const COMMANDS: &'static [Command<Self>] = &[
        Command("upload", &["code", "count", "what", "cuts", "loses_block", "forget"], trouble),
        Command("limit", &["blocks"], limit),
        Command("file", &["device", "productKey", "name"], file),
    ];

    fn take(&mut self, common: &mut Common, up: &Up) -> Option<Taken> {
        let what = up.path()?.strip_prefix(PATH)?;
        let (json, block) = match what {
            "init" | "cancel" => (up.payload, None),
            "send" => split(up.payload).unwrap_or_default(),
            _ => return None,
        };
        let message = alink::request(json, &format!("thing.file.upload.mqtt.{what}"), Value::is_object);
        let params = &message.body["params"];
        let from = &up.from.name;
        let asked = |uploads: &mut Upload| -> Outcome {
            if let Some((code, why)) = &message.fault {
                return no(*code, why.clone());
            }
            match uploads.trouble.code_for(what) {
                Some(code) => no(code, "told to fail"),
                None => answer(uploads, from, what, params, block, up.now_ms),
            }
        };
        let number = |key: &str| params[key].as_u64().unwrap_or(0);
        let cut = what == "send" && self.trouble.cuts(number("offset"), number("bSize"));
        let lost = cut && self.trouble.loses_block;
        let outcome = if lost { no(0, "the link is lost") } else { asked(self) };
        if cut {
            common.cut = Some(from.clone());
        }
        let (code, why, data) = match outcome {
            Ok(data) => (OK, "success".to_owned(), data),
            Err(no) => no,
        };
        let answered = code != 0 && !cut;
        let record = crate::journal::Record::new(&format!("upload_{what}"), from)
            .with("topic", up.topic)
            .with("qos", up.qos)
            .with("id", message.id())
            .with("params", params.clone())
            .with("code", code)
            .with("message", &*why)
            .with("data", data.clone())
            .with("answered", answered);
        let reply = json!({"id": message.id(), "code": code, "data": data, "message": why});
        let answer = answered.then(|| (format!("{}_reply", up.topic), reply.to_string().into_bytes()));
        Some(Taken { record, answer })
    }
}

fn answer(uploads: &mut Upload, from: &Name, what: &str, params: &Value, block: Option<Data>, now_ms: u64) -> Outcome {
    let id = || params["uploadId"].as_str().unwrap_or_default();
    match what {
        "init" => uploads.tasks.begin(from, Init::read(params)?, now_ms),
        "cancel" => uploads.tasks.cancel(from, id()),
        _ => {
            if uploads.rate.exceeded(from, now_ms) {
                return no(TOO_FAST, "more blocks in a second than the limit");
            }
            let Some((data, sum)) = block else { return no(alink::BAD_PARAMS, "the block has no sum") };
            let Some(offset) = params["offset"].as_u64() else { return no(alink::BAD_PARAMS, "offset is no number") };
            if params["bSize"].as_u64() != Some(data.len() as u64) {
                return no(alink::BAD_PARAMS, format!("bSize is not {}, which the block has", data.len()));
            }
            let Some(last) = params["isComplete"].as_bool() else {
                return no(alink::BAD_PARAMS, "isComplete is neither true nor false");
            };
            if CRC16.checksum(data) != sum {
                return no(WRONG_CRC, "the block's sum is wrong");
            }
            uploads.tasks.take(from, id(), &Block { offset, data, last }, now_ms)
        }
    }
}

/// Data of a block, and its sum as the device has it.
type Data<'a> = (&'a [u8], u16);

/// The JSON of a block; its data and the sum behind that, if there is so much.
fn split(payload: &[u8]) -> Option<(&[u8], Option<Data<'_>>)> {
    let (length, rest) = payload.split_first_chunk()?;
    let (json, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    let block = rest.split_last_chunk().map(|(data, sum)| (data, u16::from_le_bytes(*sum)));
    Some((json, block))
}

#[cfg(test)]
mod tests {
    use super::refusal::{DUPLICATE, FINISHED, TOO_SMALL_A_BLOCK};
    use super::*;
    use crate::services::State;
    use crate::services::tests::publish;

    pub fn ask(state: &mut State, what: &str, payload: &[u8]) -> Value {
        let topic = format!("/sys/pk/dn/{PATH}{what}");
        let taken = publish(state, &topic, payload);
        let Some((reply, body)) = taken.answer else { return Value::Null };
        assert_eq!(reply, format!("{topic}_reply"));
        serde_json::from_slice(&body).unwrap()
    }

    pub fn init(state: &mut State, params: Value) -> Value {
        ask(state, "init", json!({"id": "1", "params": params}).to_string().as_bytes())
    }

    pub fn block(offset: u64, data: &[u8], sum: u16) -> Vec<u8> {
        let params = json!({"uploadId": "upload-1", "offset": offset, "bSize": data.len(), "isComplete": false});
        let json = json!({"id": "2", "params": params}).to_string();
        [&(json.len() as u16).to_be_bytes(), json.as_bytes(), data, &sum.to_le_bytes()].concat()
    }

    pub fn send(state: &mut State, offset: u64, data: &[u8]) -> Value {
        ask(state, "send", &block(offset, data, CRC16.checksum(data)))
    }

    #[test]
    fn a_file_arrives_block_by_block() {
        let mut state = State::default();
        let content: Vec<u8> = (0..600_u32).map(|at| at as u8).collect();
        let reply = init(&mut state, json!({"fileName": "a.bin", "fileSize": 600, "initUid": "7"}));
        assert_eq!((&reply["code"], &reply["data"]["uploadId"]), (&200.into(), &"upload-1".into()));
        for offset in [0, 256] {
            assert_eq!(send(&mut state, offset, &content[offset as usize..][..256])["code"], 200);
        }
        assert_eq!(send(&mut state, 512, &content[512..])["data"]["complete"], true);
        assert_eq!(state.upload.tasks.file(&Name::new("pk", "dn"), "a.bin").unwrap().content, content);
        assert_eq!(send(&mut state, 512, &content[512..])["code"], FINISHED);
    }

    #[test]
    fn a_block_must_be_whole() {
        let mut state = State::default();
        init(&mut state, json!({"fileName": "a.bin", "fileSize": 600}));
        assert_eq!(ask(&mut state, "send", &block(0, &[1; 256], 0))["code"], WRONG_CRC);
        for payload in [&b""[..], b"\0", b"\0\x02{}", b"\xff\xff{}"] {
            assert_ne!(ask(&mut state, "send", payload)["code"], 200);
        }
        let empty = block(0, b"", 0);
        for (payload, code) in [(&*empty, TOO_SMALL_A_BLOCK), (&empty[..empty.len() - 1], alink::BAD_PARAMS)] {
            let reply = ask(&mut state, "send", payload);
            assert_eq!((&reply["code"], &reply["id"]), (&code.into(), &"2".into()));
        }
        let mut short = block(0, &[0; 256], 0);
        short.remove(300);
        assert_eq!(ask(&mut state, "send", &short)["code"], alink::BAD_PARAMS);
        assert_eq!(send(&mut state, 0, &[1; 256])["code"], 200);
    }

    #[test]
    fn a_limit_is_kept() {
        let mut state = State::default();
        state.upload.rate = Rate::new(Some(1));
        init(&mut state, json!({"fileName": "a.bin", "fileSize": 600}));
        assert_eq!(send(&mut state, 0, &[1; 256])["code"], 200);
        assert_eq!(send(&mut state, 256, &[1; 256])["code"], TOO_FAST);
        state.upload.rate = Rate::default();
        assert_eq!(send(&mut state, 256, &[1; 256])["code"], 200);
    }

    #[test]
    fn trouble_comes_when_asked_for() {
        let mut state = State::default();
        init(&mut state, json!({"fileName": "a.bin", "fileSize": 600}));
        state.upload.trouble = Trouble { code: TOO_FAST, count: 1, what: Some("send".into()), ..Trouble::default() };
        assert_eq!(init(&mut state, json!({"fileName": "b.bin", "fileSize": 600}))["code"], 200);
        assert_eq!(send(&mut state, 0, &[1; 256])["code"], TOO_FAST);
        state.upload.trouble = Trouble { cuts: vec![300], loses_block: false, ..Trouble::default() };
        assert_eq!(send(&mut state, 0, &[1; 256])["code"], 200);
        assert_eq!(state.common.cut, None);
        assert_eq!(send(&mut state, 256, &[1; 256]), Value::Null);
        assert_eq!(state.common.cut.take(), Some(Name::new("pk", "dn")));
        assert_eq!(send(&mut state, 256, &[1; 256])["code"], DUPLICATE);
    }
}
