//! JSON without a tree: whether a text is JSON, and where in it a member stands.
//!
//! The text stays where it is: `params` goes to the user as the very bytes that came. Nesting is bounded, nothing
//! recurses (RFC 8259, section 9 allows both).

use core::ops::Range;

use super::template::first_part;
use crate::bytes::contains_byte;
use crate::text::{Text, find_not_utf8, parse_decimal, parse_u64};

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

impl Place {
    /// `length` bytes from `start` on.
    pub(crate) fn new(start: usize, length: usize) -> Self {
        Self { start: start as u32, end: (start + length) as u32 }
    }

    /// The same from the start of the text that has this place in `outer`.
    pub(crate) fn within(self, outer: Self) -> Self {
        Self { start: self.start + outer.start, end: self.end + outer.start }
    }

    /// The same as a range.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether nothing stands there.
    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// What stands there.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn of(self, text: &[u8]) -> &[u8] {
        text.get(self.range()).unwrap_or_default()
    }

    /// The same, to be changed in place.
    pub(crate) fn of_mut(self, text: &mut [u8]) -> &mut [u8] {
        text.get_mut(self.range()).unwrap_or_default()
    }
}

/// What a [`Place`] in the JSON `text` says.
impl Place {
    /// The place between the quotes, if this is a string.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn string(self, text: &[u8]) -> Option<Self> {
        (text.get(self.start as usize) == Some(&b'"')).then(|| Self { start: self.start + 1, end: self.end - 1 })
    }

    /// The place of a string's text, escapes as they are, or of the number in its stead: Alink's `id` comes as either. No
    /// object and no array, which could not be sent back between quotes.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn scalar(self, text: &[u8]) -> Option<Self> {
        match self.of(text).first()? {
            b'{' | b'[' => None,
            b'"' => self.string(text),
            _ => Some(self),
        }
    }

    /// The whole number, if 32 bits hold it.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn number(self, text: &[u8]) -> Option<i32> {
        match self.of(text) {
            [b'-', digits @ ..] => 0_i32.checked_sub_unsigned(parse_decimal(digits)?),
            digits => parse_decimal(digits)?.try_into().ok(),
        }
    }

    /// The number that a text spells.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn count(self, text: &[u8]) -> Option<u64> {
        parse_u64(self.scalar(text)?.of(text))
    }
}

/// As many members are looked for at a time.
const NAMES: usize = 5;

/// The values of the members whose `names` are these [`parts`](crate::codec::template::parts!), as they are written: the first
/// of each name. The place of a member that is missing is empty. `None` if `text` is not one JSON object and nothing else but
/// white space.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn members(text: &[u8], names: &[u8]) -> Option<[Place; NAMES]> {
    let mut places = [Place::default(); NAMES];
    let found = each(text, &mut |name, value| {
        let mut names = names;
        for place in &mut places {
            let Some((wanted, rest)) = first_part(names) else { break };
            names = rest;
            if place.is_empty() && name.of(text) == wanted {
                *place = value;
            }
        }
    });
    found.is_ok().then_some(places)
}

/// Checks that `text` is one JSON object and nothing else but white space. Meanwhile gives `visit` the places of the name of
/// each member, between its quotes, and of its value.
pub(crate) fn each(text: &[u8], visit: &mut dyn FnMut(Place, Place)) -> Result<(), JsonError> {
    scan(text, true, visit)
}

/// Gives `visit` the place of each element of the JSON array `text`, which begins with its bracket. An error if it is something
/// else.
#[allow(dead_code)] // Used by clouds that a build may leave out.
pub(crate) fn elements(text: &[u8], visit: &mut dyn FnMut(Place)) -> Result<(), JsonError> {
    if !text.starts_with(b"[") {
        return Err(JsonError::NotJson(NotJson { at: 0 }));
    }
    scan(text, false, &mut |_, element| visit(element))
}

/// The string at `place` of `text`, as people read it. It is decoded in place, so that `text` is no JSON any more. Empty if
/// there is no string.
pub(crate) fn take_string(text: &mut [u8], place: Place) -> Text<'_> {
    let place = place.string(text).unwrap_or_default();
    let text = place.of_mut(text);
    let length = unescape(text);
    Text::known(text.get(..length).unwrap_or_default())
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

/// Checks that `text` is one JSON value and nothing else but white space: of any kind, or an object.
pub(crate) fn check(text: &[u8], is_object: bool) -> Result<(), JsonError> {
    scan(text, is_object, &mut |_, _| {})
}

#[cfg_attr(target_os = "none", inline(never))]
fn scan(text: &[u8], is_object: bool, visit: &mut dyn FnMut(Place, Place)) -> Result<(), JsonError> {
    let mut scanner = Scanner { bytes: text, at: 0, too_deep: false, seen: 0, key: Place::default() };
    scanner.space();
    if (is_object && scanner.peek() != b'{') || scanner.value(visit).is_none() {
        return Err(scanner.error());
    }
    scanner.end()
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether it has stopped at a bracket that is nested too deep.
    too_deep: bool,
    /// All bytes of strings, one over the other: whether one of them is not ASCII.
    seen: u8,
    /// Where the last name of a member stands, between its quotes.
    key: Place,
}

/// What closes the innermost bracket, the bit of which is 1 for an object.
fn closing(open: u32) -> u8 {
    if open & 1 == 1 { b'}' } else { b']' }
}

/// Each method steps over what it is named after. `None` if something else is there: `at` is where that begins to differ.
impl Scanner<'_> {
    /// Why it has stopped.
    fn error(&self) -> JsonError {
        if self.too_deep { JsonError::TooDeep(self.at) } else { JsonError::NotJson(NotJson { at: self.at }) }
    }

    /// The end of the text, which must be UTF-8.
    #[cfg_attr(target_os = "none", inline(never))]
    fn end(&mut self) -> Result<(), JsonError> {
        self.space();
        if self.at < self.bytes.len() {
            return Err(self.error());
        }
        // Outside strings JSON is ASCII.
        if self.seen >= 0x80 {
            if let Some(at) = find_not_utf8(self.bytes) {
                return Err(JsonError::NotJson(NotJson { at }));
            }
        }
        Ok(())
    }

    /// The byte that is next; 0, which JSON nowhere has, at the end.
    #[cfg_attr(target_os = "none", inline(never))]
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

    /// One value of any kind. The kinds of the brackets that are open stand in the bits of `open`, 1 for an object. `visit`
    /// gets the members of the outermost object.
    fn value(&mut self, visit: &mut dyn FnMut(Place, Place)) -> Option<()> {
        let (mut open, mut depth) = (0_u32, 0);
        // The member at depth 1, if there is one: its name, and where its value begins.
        let (mut name, mut start) = (Place::default(), 0);
        loop {
            self.space();
            if depth == 1 {
                (name, start) = (self.key, self.at);
            }
            match self.peek() {
                bracket @ (b'{' | b'[') => {
                    if depth == NESTING_MAX {
                        self.too_deep = true;
                        return None;
                    }
                    self.mark();
                    depth += 1;
                    open = open << 1 | u32::from(bracket == b'{');
                    if self.peek() != closing(open) {
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
                if depth == 1 && start > 0 {
                    visit(name, Place::new(start, self.at - start));
                }
                self.space();
                if self.take(closing(open)) {
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
            let start = self.at;
            self.string()?;
            self.key = Place { start: start as u32 + 1, end: self.at as u32 - 1 };
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
            self.seen |= byte;
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
    use crate::codec::template::parts;

    fn find(text: &[u8], name: &str) -> Place {
        let names = [&[name.len() as u8], name.as_bytes()].concat();
        members(text, &names).unwrap()[0]
    }

    /// The value of the member called `name`, as it is written.
    fn get<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        let place = find(text.as_bytes(), name);
        (!place.is_empty()).then(|| core::str::from_utf8(place.of(text.as_bytes())).unwrap())
    }

    fn scalar<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        let place = find(text.as_bytes(), name);
        Some(core::str::from_utf8(place.scalar(text.as_bytes())?.of(text.as_bytes())).unwrap())
    }

    fn number(text: &str, name: &str) -> Option<i32> {
        let place = find(text.as_bytes(), name);
        place.number(text.as_bytes())
    }

    fn error(text: &str) -> Option<JsonError> {
        check(text.as_bytes(), true).err()
    }

    #[test]
    fn members_are_found_as_they_stand() {
        let text = r#" { "id" : "12", "params":{"a":[1,{"b":"}"}],"s":"\"\u00e9"} ,"code":200, "id2":7,"neg":-3} "#;
        assert_eq!(get(text, "params"), Some(r#"{"a":[1,{"b":"}"}],"s":"\"\u00e9"}"#));
        assert_eq!(scalar(text, "id"), Some("12"));
        assert_eq!(scalar(text, "id2"), Some("7"));
        assert_eq!(number(text, "code"), Some(200));
        assert_eq!(number(text, "neg"), Some(-3));
        assert_eq!(number(text, "id"), None);
        let ends = r#"{"a":-2147483648,"b":2147483647,"c":-2147483649,"d":2147483648,"e":1.0,"f":-0}"#;
        let numbers = ["a", "b", "c", "d", "e", "f"].map(|name| number(ends, name));
        assert_eq!(numbers, [Some(i32::MIN), Some(i32::MAX), None, None, None, Some(0)]);
        assert_eq!((scalar(text, "params"), scalar(text, "a")), (None, None));
        assert_eq!(get(text, "a"), None, "not at the top level");
        assert_eq!(get("{}", "x"), None);
        assert_eq!(get(r#"{"x":1,"x":2}"#, "x"), Some("1"), "the first of a name");
        let [b, none, a, ..] = members(br#"{"a":1,"b":""}"#, parts!("b%c%a")).unwrap();
        assert_eq!((b.of(br#"{"a":1,"b":""}"#), none.is_empty(), a.of(br#"{"a":1"#)), (&b"\"\""[..], true, &b"1"[..]));
    }

    #[test]
    fn what_is_not_utf8_is_no_json() {
        assert_eq!(check(b"{\"a\":\"\xff\"}", true).err(), Some(JsonError::NotJson(NotJson { at: 6 })));
        assert_eq!(check(b"\"\xe4\xba\"", false).err(), Some(JsonError::NotJson(NotJson { at: 1 })));
        assert_eq!(check("\"\u{4e91}\"".as_bytes(), false), Ok(()));
        assert_eq!(check(b"\xff", false).err(), Some(JsonError::NotJson(NotJson { at: 0 })));
    }

    #[test]
    fn members_come_one_by_one() {
        let all = |text: &str| {
            let mut found = Vec::new();
            let visit = &mut |name: Place, value: Place| {
                found.push([name, value].map(|place| std::string::String::from(&text[place.range()])));
            };
            each(text.as_bytes(), visit).unwrap();
            found
        };
        assert_eq!(
            all(r#" { "a" : {"b":[1,"}"]} , "c\"":-2,"":null } "#),
            [["a", r#"{"b":[1,"}"]}"#], [r#"c\""#, "-2"], ["", "null"]]
        );
        for empty in ["{}", "{ }", " {\n} "] {
            assert!(all(empty).is_empty());
        }
        assert!(each(b"[]", &mut |_, _| panic!("no member")).is_err());
        let mut bytes = *b"abcdef";
        Place::new(1, 2).of_mut(&mut bytes).fill(b'x');
        assert_eq!(&bytes, b"axxdef");
    }

    #[test]
    fn elements_come_one_by_one() {
        let all = |text: &str| {
            let mut found = Vec::new();
            elements(text.as_bytes(), &mut |place| found.push(std::string::String::from(&text[place.range()])))
                .unwrap();
            found
        };
        assert_eq!(
            all(r#"[{"a":[1,"]"]} , [[2],{}],"x,y",null ] "#),
            [r#"{"a":[1,"]"]}"#, "[[2],{}]", r#""x,y""#, "null"]
        );
        for empty in ["[]", "[ ]", "[\n] "] {
            assert!(all(empty).is_empty());
        }
        for other in ["", "{}", r#"{"a":[]}"#, "1", "[1", "[1,]", "[] x"] {
            assert!(elements(other.as_bytes(), &mut |_| ()).is_err(), "{other}");
        }
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
            assert_eq!(error(text), Some(JsonError::NotJson(NotJson { at })), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| std::format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(error(&nested(31)), None);
        for depth in [32, 33, 500] {
            assert_eq!(error(&nested(depth)), Some(JsonError::TooDeep(5 + 31)));
        }
        // An error before the bracket that is too deep comes first, and breadth is not depth.
        assert_eq!(error("{]"), Some(JsonError::NotJson(NotJson { at: 1 })));
        assert!(check(std::format!("[{}{{}}]", "[[]],{\"a\":{}},".repeat(99)).as_bytes(), false).is_ok());
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
            let place = find(&bytes, name);
            std::string::String::from(take_string(&mut bytes, place).as_str())
        };
        assert_eq!((take("a"), take("s")), ("x".into(), " \"q\" ".into()));
        for none in ["n", "t", "i", "o", "l", "e", "y", "missing"] {
            assert_eq!(take(none), "", "{none}");
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
            let bytes = text.as_bytes();
            let found = members(bytes, parts!("a%b%c"));
            proptest::prop_assert_eq!(found.is_some(), check(bytes, true).is_ok());
            if let Some([a, b, c, ..]) = found {
                let _ = (a.of(bytes), a.string(bytes), b.number(bytes), b.count(bytes), c.scalar(bytes));
            }
        }

        #[test]
        fn an_object_with_any_text_in_it_is_read_back(value in "[^\"\\\\\u{0}-\u{1f}]{0,20}", number: i32) {
            let text = std::format!("{{\"n\":{number},\"deep\":{{\"t\":\"no\"}},\"t\":\"{value}\"}}");
            assert_eq!(scalar(&text, "t"), Some(value.as_str()));
            assert_eq!(self::number(&text, "n"), Some(number));
        }
    }
}
