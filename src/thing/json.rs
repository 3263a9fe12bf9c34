//! JSON without a tree: whether a text is JSON, and where in it a member stands.
//!
//! The text stays where it is: `params` goes to the user as the very bytes that came. Nesting is bounded, nothing
//! recurses (RFC 8259, section 9 allows both).

use crate::text::parse_decimal;

/// Deepest nesting that is taken.
const DEPTH: u32 = 32;

/// Where a text stops being JSON, in bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// The offset of the first byte that cannot stand there.
    pub at: usize,
}

/// A text that is one JSON object and nothing else but white space.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a>(&'a str);

impl<'a> Object<'a> {
    /// Checks the whole of `text`.
    pub(crate) fn parse(text: &'a str) -> Result<Self, NotJson> {
        let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
        scanner.space();
        if scanner.peek() != Some(b'{') {
            return Err(scanner.wrong());
        }
        check(text).map(|()| Self(text))
    }

    /// The value of the first member called `name`, as it is written.
    pub(crate) fn get(self, name: &str) -> Option<&'a str> {
        let mut scanner = Scanner { bytes: self.0.as_bytes(), at: 0 };
        scanner.space();
        scanner.at += 1;
        loop {
            scanner.space();
            let key = scanner.at;
            scanner.string().ok()?;
            let key = self.0.get(key + 1..scanner.at.checked_sub(1)?)?;
            scanner.space();
            scanner.at += 1;
            scanner.space();
            let value = scanner.at;
            scanner.value().ok()?;
            if key == name {
                return self.0.get(value..scanner.at);
            }
            scanner.space();
            if scanner.peek() != Some(b',') {
                return None;
            }
            scanner.at += 1;
        }
    }

    /// The whole number called `name`, if 32 bits hold it.
    pub(crate) fn number(self, name: &str) -> Option<i32> {
        let text = self.get(name)?.as_bytes();
        match text.strip_prefix(b"-") {
            Some(digits) => 0_i32.checked_sub_unsigned(parse_decimal(digits)?),
            None => parse_decimal(text)?.try_into().ok(),
        }
    }

    /// The text called `name`, escapes as they stand, or the number in its place: Alink's `id` comes as either. No object
    /// and no array, which could not be given back between quotes.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        let value = self.get(name).filter(|value| !value.starts_with(['{', '[']))?;
        Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
    }
}

/// Checks that `text` is one JSON value of any kind and nothing else but white space.
pub(crate) fn check(text: &str) -> Result<(), NotJson> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    scanner.value()?;
    scanner.space();
    if scanner.at == text.len() { Ok(()) } else { Err(scanner.wrong()) }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn wrong(&self) -> NotJson {
        NotJson { at: self.at }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), NotJson> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.wrong())
        }
    }

    /// One value of any kind. The kinds of the brackets that are open stand in the bits of `open`, 1 for an object.
    fn value(&mut self) -> Result<(), NotJson> {
        let (mut open, mut depth) = (0_u32, 0);
        loop {
            self.space();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    if depth == DEPTH {
                        return Err(self.wrong());
                    }
                    self.at += 1;
                    self.space();
                    depth += 1;
                    open = open << 1 | u32::from(bracket == b'{');
                    if self.peek() != Some(bracket + 2) {
                        self.key(open)?;
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                _ => return Err(self.wrong()),
            }
            // A value has ended: so may the brackets around it, or another follows.
            loop {
                if depth == 0 {
                    return Ok(());
                }
                self.space();
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        self.space();
                        self.key(open)?;
                        break;
                    }
                    Some(close @ (b'}' | b']')) if (close == b'}') == (open & 1 == 1) => {
                        self.at += 1;
                        depth -= 1;
                        open >>= 1;
                    }
                    _ => return Err(self.wrong()),
                }
            }
        }
    }

    /// The name and the colon before a member of an object; nothing in an array.
    fn key(&mut self, open: u32) -> Result<(), NotJson> {
        if open & 1 == 1 {
            self.string()?;
            self.space();
            self.expect(b':')?;
        }
        Ok(())
    }

    fn string(&mut self) -> Result<(), NotJson> {
        self.expect(b'"')?;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|digit| digit.is_ascii_hexdigit()) {
                                    return Err(self.wrong());
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.wrong()),
                    }
                }
                Some(0x20..) => self.at += 1,
                _ => return Err(self.wrong()),
            }
        }
    }

    fn number(&mut self) -> Result<(), NotJson> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1
        } else {
            self.digits()?
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), NotJson> {
        let start = self.at;
        while self.peek().is_some_and(|digit| digit.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.wrong()) }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), NotJson> {
        word.iter().try_for_each(|byte| self.expect(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_as_they_stand() {
        let text = r#" { "id" : "12", "params":{"a":[1,{"b":"}"}],"s":"\"\u00e9"} ,"code":200, "id2":7,"neg":-3} "#;
        let object = Object::parse(text).unwrap();
        assert_eq!(object.get("params"), Some(r#"{"a":[1,{"b":"}"}],"s":"\"\u00e9"}"#));
        assert_eq!(object.text("id"), Some("12"));
        assert_eq!(object.text("id2"), Some("7"));
        assert_eq!(object.number("code"), Some(200));
        assert_eq!(object.number("neg"), Some(-3));
        assert_eq!(object.number("id"), None);
        let ends =
            Object::parse(r#"{"a":-2147483648,"b":2147483647,"c":-2147483649,"d":2147483648,"e":1.0,"f":-0}"#).unwrap();
        let numbers = ["a", "b", "c", "d", "e", "f"].map(|name| ends.number(name));
        assert_eq!(numbers, [Some(i32::MIN), Some(i32::MAX), None, None, None, Some(0)]);
        assert_eq!((object.text("params"), object.text("a")), (None, None));
        assert_eq!(object.get("a"), None, "not at the top level");
        assert_eq!(Object::parse("{}").unwrap().get("x"), None);
    }

    #[test]
    fn what_is_not_json_is_told_where() {
        for (text, at) in [
            ("", 0),
            ("[1]", 0),
            ("{'a':1}", 1),
            ("{\"a\" 1}", 5),
            ("{\"a\":}", 5),
            ("{\"a\":01}", 6),
            ("{\"a\":1,}", 7),
            ("{\"a\":1]", 6),
            ("{\"a\":tru}", 8),
            ("{\"a\":\"\\x\"}", 7),
            ("{\"a\":\"\n\"}", 6),
            ("{\"a\":1} x", 8),
            ("{\"a\":1", 6),
            ("{\"a\":1.}", 7),
        ] {
            assert_eq!(Object::parse(text).err(), Some(NotJson { at }), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| std::format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(Object::parse(&nested(31)).is_ok());
        assert_eq!(Object::parse(&nested(32)).err(), Some(NotJson { at: 5 + 31 }));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            if let Ok(object) = Object::parse(&text) {
                let _ = (object.get("a"), object.number("b"), object.text("c"));
            }
        }

        #[test]
        fn an_object_with_any_text_in_it_is_read_back(value in "[^\"\\\\\u{0}-\u{1f}]{0,20}", number: i32) {
            let text = std::format!("{{\"n\":{number},\"deep\":{{\"t\":\"no\"}},\"t\":\"{value}\"}}");
            let object = Object::parse(&text).unwrap();
            assert_eq!(object.text("t"), Some(value.as_str()));
            assert_eq!(object.number("n"), Some(number));
        }
    }
}
