//! What has the cloud seen, and who is watching?

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};

use serde_json::{Map, Value, json};

use crate::devices::{ALIYUN, Name};

/// Records kept, and the bytes that they may take together.
const RECORDS: usize = 4096;
const BYTES: usize = 16 << 20;

/// One thing seen: a JSON object that names the device, if it is known, with the payload in full.
#[derive(Clone)]
pub struct Record(Map<String, Value>);

impl Record {
    pub fn new(kind: &str, device: &Name) -> Record {
        let cloud = (device.cloud != ALIYUN).then_some(device.cloud);
        let record = Record::of_nobody(kind).with("device", &*device.device).with("productKey", &*device.product);
        record.with("cloud", cloud)
    }

    /// Nobody has said yet which device it is.
    pub fn of_nobody(kind: &str) -> Record {
        Record(Map::new()).with("kind", kind)
    }

    /// Adds a field; what is not there is left out.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Record {
        let value = value.into();
        if !value.is_null() {
            self.0.insert(key.to_owned(), value);
        }
        self
    }

    /// The payload: as text where it is text, else as hex digits.
    pub fn with_payload(self, payload: &[u8]) -> Record {
        match std::str::from_utf8(payload) {
            Ok(text) => self.with("payload", text),
            Err(_) => self.with("hex", hex::encode(payload)),
        }
    }
}

/// The last records, and the lines that watchers wait for.
#[derive(Default)]
pub struct Journal {
    kept: VecDeque<(Value, usize)>,
    bytes: usize,
    count: u64,
    watchers: Vec<SyncSender<Arc<str>>>,
}

impl Journal {
    pub fn add(&mut self, now_ms: u64, record: Record) {
        self.count += 1;
        let record = Value::Object(record.with("n", self.count).with("at", now_ms).0);
        let line: Arc<str> = record.to_string().into();
        // A watcher that does not read is let go: the cloud does not wait for it.
        self.watchers.retain(|watcher| {
            !matches!(watcher.try_send(line.clone()), Err(TrySendError::Disconnected(_) | TrySendError::Full(_)))
        });
        self.bytes += line.len();
        self.kept.push_back((record, line.len()));
        while self.kept.len() > RECORDS || self.bytes > BYTES {
            let Some((_, size)) = self.kept.pop_front() else {
                break;
            };
            self.bytes -= size;
        }
    }

    pub fn watch(&mut self, watcher: SyncSender<Arc<str>>) {
        self.watchers.push(watcher);
    }

    /// The kept records whose fields equal those of `filter`, newer than number `since`.
    pub fn seen(&self, filter: &[(&str, &Value)], since: u64) -> Value {
        let records: Vec<&Value> = self
            .kept
            .iter()
            .map(|(record, _)| record)
            .filter(|record| record["n"].as_u64() > Some(since))
            .filter(|record| filter.iter().all(|(key, value)| &record[*key] == *value))
            .collect();
        json!({ "records": records, "last": self.count })
    }

    pub fn clear(&mut self) {
        self.kept.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str) -> Record {
        Record::new(kind, &Name::new("pk", "dn"))
    }

    #[test]
    fn memory_is_bounded_by_count_and_by_bytes() {
        let mut journal = Journal::default();
        for _ in 0..RECORDS + 3 {
            journal.add(1, record("x"));
        }
        assert_eq!(journal.kept.len(), RECORDS);
        assert_eq!(journal.kept[0].0["n"], 4);
        for _ in 0..20 {
            journal.add(1, record("x").with_payload(&vec![b'a'; 1 << 20]));
        }
        assert!(journal.bytes <= BYTES);
        assert!(journal.kept.len() < 20);
    }

    #[test]
    fn filters_by_field_and_by_number() {
        let mut journal = Journal::default();
        journal.add(1, record("a").with_payload(b"\xff\x00"));
        journal.add(2, record("b").with_payload("字".as_bytes()));
        assert_eq!(journal.seen(&[("kind", &json!("a"))], 0)["records"][0]["hex"], "ff00");
        let rest = journal.seen(&[], 1);
        assert_eq!(rest["records"].as_array().unwrap().len(), 1);
        assert_eq!(rest["records"][0]["payload"], "字");
    }

    #[test]
    fn a_slow_watcher_is_let_go() {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let mut journal = Journal::default();
        journal.watch(sender);
        journal.add(1, record("a"));
        journal.add(1, record("b"));
        assert!(journal.watchers.is_empty());
        assert!(receiver.recv().unwrap().contains("\"a\""));
        assert!(receiver.recv().is_err());
    }
}
