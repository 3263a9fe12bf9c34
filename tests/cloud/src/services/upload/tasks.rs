//! The uploads under way, what they must keep to, and the files that came of them.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::refusal::{
    DUPLICATE, FINISHED, NO_TASK, No, Outcome, SAME_FILE, TOO_LARGE_A_BLOCK, TOO_LARGE_A_FILE, TOO_SMALL_A_BLOCK,
    WRONG_FILE, WRONG_OFFSET, no,
};
use crate::alink::BAD_PARAMS;
use crate::devices::Name;

const FILE_MAX: u64 = 16 << 20;
const BLOCK_MIN: u64 = 256;
const BLOCK_MAX: u64 = 128 << 10;
/// How long an upload id is good for.
const LIFE_MS: u64 = 24 * 3600 * 1000;

const CRC64: crc::Crc<u64> = crc::Crc::<u64>::new(&crc::CRC_64_XZ);

/// What a device asks for.
pub struct Init {
    name: String,
    /// `None`: told by the last block.
    size: Option<u64>,
    strategy: Strategy,
    sum: Option<u64>,
    uid: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strategy {
    Overwrite,
    Append,
    Reject,
}

impl Init {
    pub fn read(params: &Value) -> Result<Init, No> {
        let name = params["fileName"].as_str().unwrap_or_default();
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        if name.len() > 100 || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.bytes().all(legal) {
            return no(BAD_PARAMS, format!("fileName is {}", params["fileName"]));
        }
        let size = match params["fileSize"].as_i64() {
            Some(-1) => None,
            Some(size) if size > FILE_MAX as i64 => {
                return no(TOO_LARGE_A_FILE, format!("{size} bytes; the limit is {FILE_MAX}"));
            }
            Some(size) if size > 0 => Some(size as u64),
            _ => return no(BAD_PARAMS, format!("fileSize is {}", params["fileSize"])),
        };
        let strategy = match &params["conflictStrategy"] {
            Value::Null => Strategy::Overwrite,
            text if text == "overwrite" => Strategy::Overwrite,
            text if text == "append" => Strategy::Append,
            text if text == "reject" => Strategy::Reject,
            other => return no(BAD_PARAMS, format!("conflictStrategy is {other}")),
        };
        let sum = match (&params["ficMode"], &params["ficValue"], size) {
            (Value::Null, Value::Null, _) => None,
            (mode, Value::String(value), Some(_)) if mode == "crc64" && value.len() == 16 => {
                match u64::from_str_radix(value, 16) {
                    Ok(sum) => Some(sum),
                    Err(_) => return no(BAD_PARAMS, format!("ficValue is {value}")),
                }
            }
            (mode, value, _) => return no(BAD_PARAMS, format!("ficMode is {mode}, ficValue {value}")),
        };
        let uid = match &params["initUid"] {
            Value::Null => String::new(),
            Value::String(uid) if (1..=15).contains(&uid.len()) => uid.clone(),
            other => return no(BAD_PARAMS, format!("initUid is {other}")),
        };
        Ok(Init { name: name.to_owned(), size, strategy, sum, uid })
    }
}

/// A block, its sum already checked.
pub struct Block<'a> {
    pub offset: u64,
    pub data: &'a [u8],
    /// Does the device say that it is the last one?
    pub last: bool,
}

struct Task {
    device: Name,
    asked: Init,
    begun_ms: u64,
    got: Vec<u8>,
    finished: bool,
}

/// A file that has arrived.
pub struct File {
    pub upload: String,
    pub content: Vec<u8>,
}

#[derive(Default)]
pub struct Tasks {
    tasks: HashMap<String, Task>,
    files: HashMap<(Name, String), File>,
    last: u64,
}

impl Tasks {
    pub fn file(&self, device: &Name, name: &str) -> Option<&File> {
        self.files.get(&(device.clone(), name.to_owned()))
    }

    /// How many uploads of this device have begun and not ended.
    pub fn under_way(&self, device: &Name) -> usize {
        self.tasks.values().filter(|task| &task.device == device && !task.finished).count()
    }

    /// Forgets the uploads under way, as if a day had passed.
    pub fn forget(&mut self) {
        self.tasks.clear();
    }

    pub fn begin(&mut self, device: &Name, asked: Init, now_ms: u64) -> Outcome {
        self.tasks.retain(|_, task| now_ms < task.begun_ms + LIFE_MS);
        let same = |task: &Task| &task.device == device && task.asked.name == asked.name;
        // The same request once more, its answer having been lost.
        let repeated =
            |task: &Task| same(task) && !asked.uid.is_empty() && task.asked.uid == asked.uid && !task.finished;
        if let Some((id, task)) = self.tasks.iter().find(|(_, task)| repeated(task)) {
            return Ok(json!({"uploadId": id, "fileName": asked.name, "offset": task.got.len()}));
        }
        let key = (device.clone(), asked.name.clone());
        match asked.strategy {
            Strategy::Overwrite => {
                self.tasks.retain(|_, task| !same(task));
                self.files.remove(&key);
            }
            Strategy::Append => {
                if let Some((id, task)) = self.tasks.iter().find(|(_, task)| same(task) && !task.finished) {
                    return Ok(json!({"uploadId": id, "fileName": asked.name, "offset": task.got.len()}));
                }
            }
            Strategy::Reject if self.files.contains_key(&key) => {
                return no(SAME_FILE, format!("there is a file called {}", asked.name));
            }
            Strategy::Reject => {}
        }
        self.last += 1;
        let id = format!("upload-{}", self.last);
        let reply = json!({"uploadId": id, "fileName": asked.name, "offset": 0});
        let task = Task { device: device.clone(), asked, begun_ms: now_ms, got: Vec::new(), finished: false };
        self.tasks.insert(id, task);
        Ok(reply)
    }

    pub fn cancel(&mut self, device: &Name, id: &str) -> Outcome {
        match self.tasks.get(id) {
            Some(task) if &task.device == device && !task.finished => {
                self.tasks.remove(id);
                Ok(json!({ "uploadId": id }))
            }
            _ => no(NO_TASK, format!("no upload {id:?}")),
        }
    }

    pub fn take(&mut self, device: &Name, id: &str, block: &Block, now_ms: u64) -> Outcome {
        let known = |task: &&mut Task| &task.device == device && now_ms < task.begun_ms + LIFE_MS;
        let Some(task) = self.tasks.get_mut(id).filter(known) else { return no(NO_TASK, format!("no upload {id:?}")) };
        if task.finished {
            return no(FINISHED, "this upload has been finished");
        }
        let (got, length) = (task.got.len() as u64, block.data.len() as u64);
        let end = block.offset.saturating_add(length);
        if length > BLOCK_MAX {
            return no(TOO_LARGE_A_BLOCK, format!("a block of {length} bytes; the limit is {BLOCK_MAX}"));
        }
        if task.asked.size.is_some_and(|size| end > size) || end > FILE_MAX {
            return no(TOO_LARGE_A_FILE, "the block ends behind the file");
        }
        let ends = task.asked.size.map_or(block.last, |size| end == size);
        if length < BLOCK_MIN && !ends {
            return no(TOO_SMALL_A_BLOCK, format!("a block of {length} bytes, not the last one"));
        }
        let data = json!({"uploadId": id, "offset": block.offset, "bSize": length});
        // An empty last block says that there is no more; there is nothing in it to be there already.
        if length > 0 && end <= got && task.got[block.offset as usize..end as usize] == *block.data {
            return Err((DUPLICATE, "the block is there already".into(), data));
        }
        if block.offset != got {
            let data = json!({"uploadId": id, "offset": got});
            return Err((WRONG_OFFSET, format!("offset {}, not {got}", block.offset), data));
        }
        task.got.extend_from_slice(block.data);
        if !ends {
            return Ok(data);
        }
        finish(task, id, data, &mut self.files)
    }
}

/// The last block is there: the file is whole, or it is not the one that was told of.
fn finish(task: &mut Task, id: &str, mut data: Value, files: &mut HashMap<(Name, String), File>) -> Outcome {
    task.finished = true;
    let content = std::mem::take(&mut task.got);
    data["complete"] = json!(true);
    if let Some(told) = task.asked.sum {
        let sum = CRC64.checksum(&content);
        data["ficMode"] = json!("crc64");
        data["ficValueClient"] = json!(format!("{told:016x}"));
        data["ficValueServer"] = json!(format!("{sum:016x}"));
        if sum != told {
            return Err((WRONG_FILE, "the file's sum is wrong".into(), data));
        }
    }
    let key = (task.device.clone(), task.asked.name.clone());
    files.insert(key, File { upload: id.to_owned(), content });
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{init, send};
    use super::*;
    use crate::services::State;

    fn begun(state: &mut State, size: u64) {
        assert_eq!(init(state, json!({"fileName": "a.bin", "fileSize": size, "initUid": "7"}))["code"], 200);
    }

    #[test]
    fn what_is_asked_for_is_judged() {
        for (params, code) in [
            (json!({}), BAD_PARAMS),
            (json!({"fileName": "", "fileSize": 1}), BAD_PARAMS),
            (json!({"fileName": "_a", "fileSize": 1}), BAD_PARAMS),
            (json!({"fileName": "a-b", "fileSize": 1}), BAD_PARAMS),
            (json!({"fileName": "a".repeat(101), "fileSize": 1}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": 0}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": "1"}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": FILE_MAX + 1}), TOO_LARGE_A_FILE),
            (json!({"fileName": "a", "fileSize": 1, "conflictStrategy": "ask"}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": 1, "ficMode": "md5", "ficValue": "0".repeat(16)}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": 1, "ficMode": "crc64", "ficValue": "0"}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": -1, "ficMode": "crc64", "ficValue": "0".repeat(16)}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": 1, "initUid": "1234567890123456"}), BAD_PARAMS),
            (json!({"fileName": "a", "fileSize": FILE_MAX}), 200),
            (json!({"fileName": "a".repeat(100), "fileSize": -1}), 200),
        ] {
            assert_eq!(init(&mut State::default(), params.clone())["code"], code, "{params}");
        }
    }

    #[test]
    fn blocks_come_in_order_and_in_size() {
        let mut state = State::default();
        begun(&mut state, 1000);
        let code = |reply: Value| reply["code"].as_u64().unwrap();
        assert_eq!(code(send(&mut state, 256, &[1; 256])), WRONG_OFFSET);
        assert_eq!(code(send(&mut state, 0, &[1; 255])), TOO_SMALL_A_BLOCK);
        assert_eq!(code(send(&mut state, 0, &vec![1; 131_073])), TOO_LARGE_A_BLOCK);
        assert_eq!(code(send(&mut state, 0, &[1; 1001])), TOO_LARGE_A_FILE);
        assert_eq!(code(send(&mut state, u64::MAX, &[1; 256])), TOO_LARGE_A_FILE);
        assert_eq!(code(send(&mut state, 0, &[1; 300])), 200);
        assert_eq!(code(send(&mut state, 0, &[1; 300])), DUPLICATE);
        assert_eq!(send(&mut state, 0, &[2; 300])["data"]["offset"], 300, "not the same block");
        assert_eq!(send(&mut state, 200, &[1; 300])["data"]["offset"], 300);
        assert_eq!(code(send(&mut state, 300, &[1; 700])), 200);
    }

    #[test]
    fn the_same_request_gives_the_same_upload() {
        let mut state = State::default();
        begun(&mut state, 1000);
        send(&mut state, 0, &[1; 300]);
        let again = init(&mut state, json!({"fileName": "a.bin", "fileSize": 1000, "initUid": "7"}));
        assert_eq!((&again["data"]["uploadId"], &again["data"]["offset"]), (&"upload-1".into(), &300.into()));
        let other = init(&mut state, json!({"fileName": "a.bin", "fileSize": 1000, "initUid": "8"}));
        assert_eq!((&other["data"]["uploadId"], &other["data"]["offset"]), (&"upload-2".into(), &0.into()));
        assert_eq!(send(&mut state, 300, &[1; 700])["code"], NO_TASK, "it was overwritten");
    }

    #[test]
    fn the_whole_file_is_checked() {
        let mut state = State::default();
        let sum = format!("{:016x}", CRC64.checksum(b"123456789"));
        assert_eq!(sum, "995dc9bbdf1939fa");
        for (sent, code) in [(b"123456789", 200), (b"123456780", WRONG_FILE)] {
            state.upload.tasks = Tasks::default();
            init(&mut state, json!({"fileName": "a", "fileSize": 9, "ficMode": "crc64", "ficValue": sum}));
            let reply = send(&mut state, 0, sent);
            assert_eq!((&reply["code"], &reply["data"]["ficValueClient"]), (&code.into(), &sum.clone().into()));
        }
    }

    #[test]
    fn the_last_block_of_an_unknown_size_may_be_empty() {
        let (mut tasks, device) = (Tasks::default(), Name::new("pk", "dn"));
        tasks.begin(&device, Init::read(&json!({"fileName": "a", "fileSize": -1})).unwrap(), 0).unwrap();
        let mut take = |offset, data, last| tasks.take(&device, "upload-1", &Block { offset, data, last }, 0);
        assert!(take(0, &[1; 256], false).is_ok());
        assert_eq!(take(256, b"", false).unwrap_err().0, TOO_SMALL_A_BLOCK);
        assert_eq!(take(0, b"", true).unwrap_err().0, WRONG_OFFSET);
        assert_eq!(take(256, b"", true).unwrap()["complete"], true);
        assert_eq!(tasks.file(&device, "a").unwrap().content, [1; 256]);
    }

    #[test]
    fn an_upload_is_good_for_a_day() {
        let (mut tasks, device) = (Tasks::default(), Name::new("pk", "dn"));
        let asked = Init::read(&json!({"fileName": "a", "fileSize": 1})).unwrap();
        tasks.begin(&device, asked, 0).unwrap();
        let block = Block { offset: 0, data: b"x", last: false };
        assert_eq!(tasks.take(&device, "upload-1", &block, LIFE_MS).unwrap_err().0, NO_TASK);
        assert_eq!(tasks.take(&Name::new("pk", "other"), "upload-1", &block, 0).unwrap_err().0, NO_TASK);
        assert!(tasks.take(&device, "upload-1", &block, LIFE_MS - 1).is_ok());
    }

    #[test]
    fn a_file_that_is_there_can_be_kept() {
        let mut state = State::default();
        begun(&mut state, 1);
        send(&mut state, 0, b"x");
        let keep = json!({"fileName": "a.bin", "fileSize": 1, "conflictStrategy": "reject"});
        assert_eq!(init(&mut state, keep)["code"], SAME_FILE);
    }
}
