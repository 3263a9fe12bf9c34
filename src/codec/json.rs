//! JSON without a tree: whether a text is JSON, and where in it a member stands.
//!
//! The text stays where it is: `params` goes to the user as the very bytes that came. Nesting is bounded, nothing
//! recurses (RFC 8259, section 9 allows both).

use core::ops::Range;

use crate::bytes::contains_byte;
use crate::text::{Text, parse_decimal, parse_u64};

/// The deepest nesting that is taken.
pub const NESTING_MAX: u32 = 32;

/// Where a text stops being JSON, in bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// The offset of the first byte that cannot stand there.
    pub at: usize,
}

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// It is not JSON.
    NotJson(NotJson),
    /// The bracket at that offset is nested deeper than [`NESTING_MAX`].
    TooDeep(usize),
}

/// Where something stands in a text, in bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    start: u32,
    end: u32,
}

impl From<Range<usize>> for Place {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start as u32, end: range.end as u32 }
    }
}

impl Place {
    /// `length` bytes from `start` on.
    pub(crate) fn new(start: usize, length: usize) -> Self {
        Self { start: start as u32, end: (start + length) as u32 }
    }

    /// `tail`, which is what `text` ends with.
    pub(crate) fn last(text: &[u8], tail: &[u8]) -> Self {
        Self::new(text.len() - tail.len(), tail.len())
    }

    /// What is behind the first `count` bytes.
    pub(crate) fn behind(self, count: usize) -> Self {
        Self { start: self.start + count as u32, end: self.end }
    }

    /// Whether nothing stands there.
    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// What stands there.
    pub(crate) fn of(self, text: &[u8]) -> &[u8] {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The same, to be changed in place.
    #[allow(dead_code)] // Used by services that a build may leave out.
    pub(crate) fn of_mut(self, text: &mut [u8]) -> &mut [u8] {
        text.get_mut(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A text that is one JSON object and nothing else but white space.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a>(&'a str);

impl<'a> Object<'a> {
    /// Checks the whole of `text`.
    pub(crate) fn parse(text: &'a str) -> Result<Self, JsonError> {
        let mut scanner = Scanner::new(text);
        scanner.space();
        if scanner.peek() != b'{' {
            return Err(JsonError::NotJson(NotJson { at: scanner.at }));
        }
        check(text).map(|()| Self(text))
    }

    /// The same for bytes, which may be no text at all.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        Self::parse(core::str::from_utf8(bytes).ok()?).ok()
    }

    /// Each member, from the first to the last.
    #[allow(dead_code)] // Used by services that a build may leave out.
    pub(crate) fn members(self) -> Members<'a> {
        let mut scanner = Scanner::new(self.0);
        scanner.mark();
        Members { text: self.0, scanner }
    }

    /// The object that the member called `name` is.
    #[allow(dead_code)]
    pub(crate) fn object(self, name: &str) -> Option<Self> {
        self.get(name).and_then(Self::within)
    }

    /// A value of an object that was checked, if it is an object itself.
    #[allow(dead_code)]
    pub(crate) fn within(value: &'a str) -> Option<Self> {
        value.starts_with('{').then_some(Self(value))
    }

    /// The value of the first member called `name`, as it is written.
    pub(crate) fn get(self, name: &str) -> Option<&'a str> {
        self.0.get(self.find(name)?)
    }

    /// Where the string called `name` stands, without its quotes; `None` if that is no string.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn string(self, name: &str) -> Range<usize> {
        match self.find(name) {
            Some(Range { start, end }) if self.0.as_bytes().get(start) == Some(&b'"') => {
                start + 1..end.saturating_sub(1)
            }
            _ => 0..0,
        }
    }

    /// Where the value of the first member called `name` stands.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn find(self, name: &str) -> Option<Range<usize>> {
        let bytes = self.0.as_bytes();
        let mut scanner = Scanner::new(self.0);
        scanner.mark();
        loop {
            // Behind the bracket, or behind a comma.
            let key = scanner.at;
            scanner.string()?;
            let key = bytes.get(key + 1..scanner.at.wrapping_sub(1))?;
            scanner.mark();
            let value = scanner.at;
            scanner.value()?;
            if key == name.as_bytes() {
                return Some(value..scanner.at);
            }
            scanner.space();
            if scanner.peek() != b',' {
                return None;
            }
            scanner.mark();
        }
    }

    /// The whole number called `name`, if 32 bits hold it.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn number(self, name: &str) -> Option<i32> {
        let text = self.get(name)?.as_bytes();
        match text {
            [b'-', digits @ ..] => 0_i32.checked_sub_unsigned(parse_decimal(digits)?),
            _ => parse_decimal(text)?.try_into().ok(),
        }
    }

    /// Where the text called `name` stands, escapes as they are, or the number in its place: Alink's `id` comes as either.
    /// No object and no array, which could not be given back between quotes.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn text_at(self, name: &str) -> Option<Place> {
        let Range { start, end } = self.find(name)?;
        match self.0.as_bytes().get(start)? {
            b'{' | b'[' => None,
            b'"' => Some(Place::new(start + 1, end - start - 2)),
            _ => Some(Place::new(start, end - start)),
        }
    }

    /// That text.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        let Place { start, end } = self.text_at(name)?;
        self.0.get(start as usize..end as usize)
    }

    /// The number that the text called `name` spells.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn count(self, name: &str) -> Option<u64> {
        parse_u64(self.text(name)?.as_bytes())
    }
}

/// The members of an object: where each stands, its name without quotes and with escapes as they are, and its value.
pub(crate) struct Members<'a> {
    text: &'a str,
    scanner: Scanner<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Range<usize>, &'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let scanner = &mut self.scanner;
        // Behind the bracket, or behind a comma; at the end there is no name.
        let start = scanner.at;
        scanner.string()?;
        let name = self.text.get(start + 1..scanner.at.wrapping_sub(1))?;
        scanner.mark();
        let value = scanner.at;
        scanner.value()?;
        let end = scanner.at;
        scanner.mark();
        Some((start..end, name, self.text.get(value..end)?))
    }
}

/// The string called `name` of the object `text`, as people read it. It is decoded in place, so that `text` is no JSON any
/// more. `None` if there is no such string.
// In line it takes 70 bytes more.
#[inline(never)]
pub(crate) fn take_string<'a>(text: &'a mut [u8], name: &str) -> Option<Text<'a>> {
    let place = Object::read(text)?.string(name);
    if place.start == 0 {
        return None;
    }
    let text = text.get_mut(place)?;
    let length = unescape(text);
    Some(Text::known(text.get(..length)?))
}

/// Undoes the escapes in `text`, which is what stands between the quotes of a string (section 7), in place: what they stand
/// for is never longer. Half of a surrogate pair becomes U+FFFD. Returns the new length.
pub(crate) fn unescape(text: &mut [u8]) -> usize {
    let (mut from, mut to) = (0, 0);
    while let Some(&byte) = text.get(from) {
        let mut unit = u32::from(byte);
        // Bytes that follow the first one of a character. What is not escaped is copied byte by byte.
        let mut tail = 0;
        if let Some(high) = code_unit(text, from) {
            (unit, from) = (high, from + 6);
            if high >> 11 == 0x1b {
                unit = 0xfffd;
                // What is no second half is no other escape either.
                let low = code_unit(text, from).unwrap_or_default();
                if high >> 10 == 0x36 && low >> 10 == 0x37 {
                    unit = 0x1_0000 + ((high & 0x3ff) << 10 | low & 0x3ff);
                    from += 6;
                }
            }
            tail = u32::from(unit > 0x7f) + u32::from(unit > 0x7ff) + u32::from(unit > 0xffff);
        } else if byte == b'\\' {
            unit = match text.get(from + 1).copied().unwrap_or_default() {
                b'b' => 8,
                b'f' => 12,
                b'n' => 10,
                b'r' => 13,
                b't' => 9,
                // A quote, a backslash or a slash.
                itself => itself.into(),
            };
            from += 2;
        } else {
            from += 1;
        }
        // The first byte tells how many follow by its highest bits.
        let mut byte = if tail > 0 { 0x7f80 >> tail | unit >> (6 * tail) } else { unit };
        loop {
            if let Some(place) = text.get_mut(to) {
                *place = byte as u8;
            }
            to += 1;
            if tail == 0 {
                break;
            }
            tail -= 1;
            byte = 0x80 | unit >> (6 * tail) & 0x3f;
        }
    }
    to
}

/// The four hexadecimal digits of the escape at `at`, if there is one of that kind.
#[cfg_attr(target_os = "none", inline(never))]
fn code_unit(text: &[u8], at: usize) -> Option<u32> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    Some(digits.iter().fold(0, |unit, digit| unit << 4 | char::from(*digit).to_digit(16).unwrap_or_default()))
}

/// Checks that `text` is one JSON value of any kind and nothing else but white space.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn check(text: &str) -> Result<(), JsonError> {
    let mut scanner = Scanner::new(text);
    let is_value = scanner.value().is_some();
    if is_value {
        scanner.space();
    }
    let at = scanner.at;
    if scanner.too_deep {
        Err(JsonError::TooDeep(at))
    } else if is_value && at == text.len() {
        Ok(())
    } else {
        Err(JsonError::NotJson(NotJson { at }))
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether it has stopped at a bracket that is nested too deep.
    too_deep: bool,
}

/// Each method steps over what it is named after. `None` if something else is there: `at` is where that begins to differ.
impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, too_deep: false }
    }

    /// The byte that is next; 0, which JSON nowhere has, at the end.
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// A byte of any kind, and the white space around it.
    fn mark(&mut self) {
        self.space();
        self.at += 1;
        self.space();
    }

    /// Steps over `byte` if it is next; whether it was.
    #[cfg_attr(target_os = "none", inline(never))]
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == byte;
        self.at += usize::from(is_next);
        is_next
    }

    /// One value of any kind. The kinds of the brackets that are open stand in the bits of `open`, 1 for an object.
    #[cfg_attr(target_os = "none", inline(never))]
    fn value(&mut self) -> Option<()> {
        let (mut open, mut depth) = (0_u32, 0);
        loop {
            self.space();
            match self.peek() {
                bracket @ (b'{' | b'[') => {
                    if depth == NESTING_MAX {
                        self.too_deep = true;
                        return None;
                    }
                    self.mark();
                    depth += 1;
                    open = open << 1 | u32::from(bracket == b'{');
                    if self.peek() != bracket + 2 {
                        self.key(open)?;
                        continue;
                    }
                }
                b'"' => self.string()?,
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                _ => return None,
            }
            // A value has ended: so may the brackets around it, or another follows.
            loop {
                if depth == 0 {
                    return Some(());
                }
                self.space();
                let bracket = if open & 1 == 1 { b'}' } else { b']' };
                if self.take(bracket) {
                    depth -= 1;
                    open >>= 1;
                } else if self.peek() == b',' {
                    self.mark();
                    self.key(open)?;
                    break;
                } else {
                    return None;
                }
            }
        }
    }

    /// The name and the colon before a member of an object; nothing in an array.
    fn key(&mut self, open: u32) -> Option<()> {
        if open & 1 == 1 {
            self.string()?;
            self.space();
            return self.take(b':').then_some(());
        }
        Some(())
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn string(&mut self) -> Option<()> {
        if !self.take(b'"') {
            return None;
        }
        loop {
            let byte = self.peek();
            if byte < 0x20 {
                return None;
            }
            self.at += 1;
            if byte == b'"' {
                return Some(());
            }
            if byte == b'\\' {
                let escaped = self.peek();
                if !contains_byte(b"\"\\/bfnrtu", escaped) {
                    return None;
                }
                self.at += 1;
                for _ in 0..if escaped == b'u' { 4 } else { 0 } {
                    if !self.peek().is_ascii_hexdigit() {
                        return None;
                    }
                    self.at += 1;
                }
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Some(())
    }

    #[cfg_attr(target_os = "none", inline(never))]
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        word.iter().all(|byte| self.take(*byte)).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

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
    fn members_come_one_by_one() {
        let text = r#" { "a" : {"b":[1,"}"]} , "c\"":-2,"":null } "#;
        let object = Object::parse(text).unwrap();
        let members: Vec<_> =
            object.members().map(|(place, name, value)| (text.as_bytes().get(place).unwrap(), name, value)).collect();
        let expected: [(&[u8], _, _); 3] = [
            (br#""a" : {"b":[1,"}"]}"#, "a", r#"{"b":[1,"}"]}"#),
            (br#""c\"":-2"#, r#"c\""#, "-2"),
            (br#""":null"#, "", "null"),
        ];
        assert_eq!(members, expected);
        assert_eq!(object.object("a").unwrap().members().map(|member| member.1).collect::<Vec<_>>(), ["b"]);
        assert!(object.object("c").is_none() && object.object("").is_none());
        for empty in ["{}", "{ }", " {\n} "] {
            assert_eq!(Object::parse(empty).unwrap().members().count(), 0);
        }
        let mut bytes = *b"abcdef";
        Place::new(1, 2).of_mut(&mut bytes).fill(b'x');
        assert_eq!(&bytes, b"axxdef");
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
            assert_eq!(Object::parse(text).err(), Some(JsonError::NotJson(NotJson { at })), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| std::format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(Object::parse(&nested(31)).is_ok());
        for depth in [32, 33, 500] {
            assert_eq!(Object::parse(&nested(depth)).err(), Some(JsonError::TooDeep(5 + 31)));
        }
        // What is wrong before it is too deep is told first, and breadth is no depth.
        assert_eq!(Object::parse("{]").err(), Some(JsonError::NotJson(NotJson { at: 1 })));
        assert!(check(&std::format!("[{}{{}}]", "[[]],{\"a\":{}},".repeat(99))).is_ok());
    }

    fn decoded(text: &str) -> std::string::String {
        let mut bytes = Vec::from(text);
        let length = unescape(&mut bytes);
        std::string::String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    #[test]
    fn escapes_become_what_they_stand_for() {
        for (text, wanted) in [
            ("", ""),
            ("plain 云", "plain 云"),
            (r"\u5c5e\u6027\u4e0d\u5b58\u5728", "属性不存在"),
            (r#"a\"b\\c\/d"#, "a\"b\\c/d"),
            (r"\b\f\n\r\t", "\u{8}\u{c}\n\r\t"),
            (r"\\u0041 \\\u0041", "\\u0041 \\A"),
            (r"\u0000\u007f\u0080\u07ff\u0800\uffff", "\0\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}"),
            (r"\uD83D\uDE00\ud800\udc00\uDBFF\uDFFF", "\u{1f600}\u{10000}\u{10ffff}"),
            (r"\ud800", "\u{fffd}"),
            (r"\udc00x", "\u{fffd}x"),
            (r"\ud83dx\ude00", "\u{fffd}x\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
            (r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            (r"\ud83d\n\ude00", "\u{fffd}\n\u{fffd}"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\ud83d\\ude00", "\u{fffd}\\ude00"),
        ] {
            assert_eq!(decoded(text), wanted, "{text}");
        }
    }

    #[test]
    fn only_a_string_is_taken_for_one() {
        let text = r#"{"a":"x","n":null,"t":true,"i":5,"o":{"a":"y"},"l":["z"],"e":"","s":" \"q\" "}"#;
        let take = |name| {
            let mut bytes = Vec::from(text);
            take_string(&mut bytes, name).map(|text| std::string::String::from(text.as_str()))
        };
        assert_eq!(take("a").as_deref(), Some("x"));
        assert_eq!(take("e").as_deref(), Some(""));
        assert_eq!(take("s").as_deref(), Some(" \"q\" "));
        for none in ["n", "t", "i", "o", "l", "y", "missing"] {
            assert_eq!(take(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_serde_json_writes_and_reads_is_decoded(value: std::string::String, ascii: bool) {
            let mut text = serde_json::to_string(&value).unwrap();
            if ascii {
                text = text.encode_utf16().map(|unit| match u8::try_from(unit) {
                    Ok(byte) if byte.is_ascii() => std::string::String::from(char::from(byte)),
                    _ => std::format!("\\u{unit:04x}"),
                }).collect();
            }
            proptest::prop_assert_eq!(decoded(&text[1..text.len() - 1]), value);
        }

        #[test]
        fn pairs_and_halves_are_what_the_standard_library_makes_of_them(
            units in proptest::collection::vec(proptest::sample::select(std::vec![
                ("\\ud83d", 0xd83d_u16), ("\\uD800", 0xd800), ("\\udbff", 0xdbff), ("\\ude00", 0xde00), ("\\uDFFF", 0xdfff),
                ("\\u00e9", 0xe9), ("\\u5C5E", 0x5c5e), ("\\uffff", 0xffff), ("云", 0x4e91), ("\\\\", 0x5c), ("\\n", 10), ("u", 0x75),
            ]), 0..12),
        ) {
            let (text, units): (Vec<&str>, Vec<u16>) = units.into_iter().unzip();
            proptest::prop_assert_eq!(decoded(&text.concat()), std::string::String::from_utf16_lossy(&units));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            if let Ok(object) = Object::parse(&text) {
                let _ = (object.get("a"), object.number("b"), object.text("c"), object.string("d"));
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
