//! JSON: the scanner takes what `serde_json` takes, unless it is nested too deep; and what is answered is JSON again.

use aliyun_iot::device::Event;
use aliyun_iot::services::{self, call};
use aliyun_iot::{
    alink::{PostError, Reply},
    codec::json::NESTING_MAX,
};

use super::port::{DN, Memory, PK, Port, publish};

/// Whether `text` is one JSON value.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut memory = Memory::new();
    let mut port = Port::online(memory.device(), true);
    let taken = match port.device.model().post_properties(text, Reply::Wanted, port.now) {
        Ok(_) => true,
        Err(PostError::Json(error)) => {
            assert!(error.at <= text.len());
            false
        }
        Err(PostError::Nesting { at }) => {
            assert!(depth(text) > NESTING_MAX as usize && matches!(text.as_bytes()[at], b'[' | b'{'));
            false
        }
        // Too large for the buffer, which is looked at last.
        Err(_) => true,
    };
    let is_object = text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{');
    assert_eq!(taken, is_json(text) && is_object && depth(text) <= NESTING_MAX as usize, "{text}");
    port.settle(&mut |_, _| {});

    let (mut told, mut oversize) = (false, false);
    let topic = format!("/sys/{PK}/{DN}/thing/service/property/set");
    port.last_sent.clear();
    port.feed(&publish(&topic, data), usize::MAX, &mut |event, _| match event {
        Event::Service(services::Event::Call(call::Event::SetProperties { .. })) => told = true,
        Event::Oversize { .. } => oversize = true,
        other => panic!("{other:?}"),
    });
    assert_eq!(told, taken && !oversize, "{text}");
    let brace = port.last_sent.windows(5).position(|bytes| bytes == b"{\"id\"");
    if let Some(answer) = brace.and_then(|at| port.last_sent.get(at..)) {
        let answer = std::str::from_utf8(answer).unwrap();
        assert!(is_json(answer), "{answer} to {text}");
    }

    // As the answer to a call.
    port.feed(&publish(&topic, b"{\"id\":\"1\",\"params\":{}}"), usize::MAX, &mut |_, wish| {
        *wish = super::port::Wish::Answer(200, text.to_owned());
    });
}
