//! How is text of somebody else shown on a terminal? Without effect on the terminal.

/// Characters that steer a terminal, or the direction of what is written, as escapes; all others as they are.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match steers(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

/// Control characters (C0, DEL, C1), ends of lines, marks and overrides of direction.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_and_what_steers_does_not() {
        assert_eq!(escaped("plain {\"a\": 1} 温度 é 🙂"), "plain {\"a\": 1} 温度 é 🙂");
        assert_eq!(escaped("\u{1b}[31m\r\n\t\0"), r"\u{1b}[31m\r\n\t\u{0}");
        for c in (0..0x20).chain(0x7f..0xa0).chain([0x200e, 0x2028, 0x202e, 0x2066]).filter_map(char::from_u32) {
            assert!(!escaped(&c.to_string()).contains(c), "{c:?}");
        }
    }
}
