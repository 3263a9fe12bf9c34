//! One HTTP/1.1 response, read in place (RFC 9112): its status, and the two headers that tell the length of its body.
//!
//! What two readers could take for responses of different lengths is refused: a proxy on the way may be one of the two.
//!
//! The crate `httparse` checks it in the tests. In the library it would take 1.2 KiB more, and one way to panic.

use core::ops::Range;

use crate::bytes::{close_gap, cut};
use crate::text::parse_decimal;

/// A response that is complete.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Where its body stands, chunks joined.
    pub(crate) body: Range<usize>,
}

/// No response, or one that ends early.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotHttp;

/// Reads the response that `bytes` begin with; `None` if more of it is to come. `ended` says that nothing more comes.
///
/// With `is_head_enough` a successful response (RFC 9110, section 15.3) is complete with its headers, and has an empty body.
///
/// Changes nothing before the response is complete.
#[cfg_attr(target_os = "none", inline(never))]
pub(crate) fn read(bytes: &mut [u8], ended: bool, is_head_enough: bool) -> Result<Option<Response>, NotHttp> {
    let (mut head, mut size) = (Head::START, 0);
    let is_complete = loop {
        if !head.read(bytes)? {
            break false;
        }
        let body = bytes.get_mut(head.end..).unwrap_or_default();
        match (head.status, head.length) {
            // Any number of interim responses may come before (RFC 9110, section 15.2): each is over at its empty line,
            // whatever its headers say (section 6.3).
            (100..=199, _) => {}
            (200..=299, _) if is_head_enough => break true,
            (204 | 304, _) => break true,
            (_, Length::Known(length)) => {
                size = length;
                break length <= body.len();
            }
            (_, Length::UntilTheEnd) => {
                size = body.len();
                break ended;
            }
            // They stay apart until all are there.
            (_, Length::Chunked) => break chunks(body, false, &mut size)? && chunks(body, true, &mut size)?,
        }
    };
    if is_complete {
        Ok(Some(Response { status: head.status, body: head.end..head.end + size }))
    } else if ended {
        Err(NotHttp)
    } else {
        Ok(None)
    }
}

/// Where the value of the first header of this name stands in the `head` of a response that [`read`] has accepted.
#[allow(dead_code)] // Used by registrations that a build may leave out.
pub(crate) fn header(head: &[u8], name: &[u8]) -> Option<Range<usize>> {
    let mut rest = head;
    loop {
        let (line, after) = cut(rest, b'\n')?;
        if let Some((found, value)) = cut(line, b':')
            && found.eq_ignore_ascii_case(name)
        {
            let behind = value.trim_ascii_start();
            let start = head.len() - rest.len() + line.len() - behind.len();
            return Some(start..start + behind.trim_ascii_end().len());
        }
        rest = after;
    }
}

/// How a message gives the length of its body (section 6.3).
#[derive(Clone, Copy)]
enum Length {
    Known(usize),
    Chunked,
    UntilTheEnd,
}

/// What comes before the body.
struct Head {
    status: u16,
    length: Length,
    /// Where what has been read of it ends.
    end: usize,
}

impl Head {
    const START: Self = Self { status: 0, length: Length::UntilTheEnd, end: 0 };

    /// Whether all of it is there.
    fn read(&mut self, bytes: &[u8]) -> Result<bool, NotHttp> {
        let rest = bytes.get(self.end..).unwrap_or_default();
        if rest.iter().zip(VERSION).any(|(byte, wanted)| byte != wanted) {
            return Err(NotHttp);
        }
        let Some(line) = self.line(bytes) else { return Ok(false) };
        let (minor, status) = read_status(line.get(VERSION.len()..).unwrap_or_default()).ok_or(NotHttp)?;
        (self.status, self.length) = (status, Length::UntilTheEnd);
        let is_old = minor == b'0';
        while let Some(line) = self.line(bytes) {
            if line.is_empty() {
                return Ok(true);
            }
            self.read_header(line, is_old).ok_or(NotHttp)?;
        }
        Ok(false)
    }

    /// The next line without its end, which may be a line feed alone (section 2.2).
    #[cfg_attr(target_os = "none", inline(never))]
    fn line<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let (line, rest) = cut(bytes.get(self.end..)?, b'\n')?;
        self.end = bytes.len() - rest.len();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // What may not stand in a line is read as a line that is none.
        Some(if is_text(line) { line } else { b"\0" })
    }

    /// A header (section 5); `None` if it is none. White space in the name, which is how a folded line begins as well, and
    /// control characters are errors; what else a name may not have is let pass, since only two names matter.
    fn read_header(&mut self, line: &[u8], is_old: bool) -> Option<()> {
        let (name, value) = cut(line, b':')?;
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
            return None;
        }
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            // Once, alone, and not in HTTP/1.0 (sections 6.1, 6.3).
            let is_first = matches!(self.length, Length::UntilTheEnd) && !is_old;
            if !is_first || !trim(value).eq_ignore_ascii_case(b"chunked") {
                return None;
            }
            self.length = Length::Chunked;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            // A length may be told several times, in a list as well, if it is the same each time (section 6.3).
            let mut list = Some(value);
            while let Some(value) = list {
                let (number, more) = cut(value, b',').map_or((value, None), |(number, more)| (number, Some(more)));
                list = more;
                let told = parse_decimal(trim(number))? as usize;
                match self.length {
                    Length::UntilTheEnd => self.length = Length::Known(told),
                    Length::Known(before) if before == told => {}
                    _ => return None,
                }
            }
        }
        Some(())
    }
}

/// What each response begins with, before a digit.
const VERSION: &[u8] = b"HTTP/1.";

/// `text` without spaces and tabs around it.
#[cfg_attr(target_os = "none", inline(never))]
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// Whether `text` may stand in a line: it has no control characters but tabs (sections 2.2, 5.5).
#[cfg_attr(target_os = "none", inline(never))]
fn is_text(text: &[u8]) -> bool {
    !text.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t')
}

/// The minor version and the status in what follows [`VERSION`] in a status line (section 4).
fn read_status(line: &[u8]) -> Option<(u8, u16)> {
    // Some leave out the space before a reason that is empty.
    let ([minor @ b'0'..=b'9', b' ', _, _, _] | [minor @ b'0'..=b'9', b' ', _, _, _, b' ', ..]) = line else {
        return None;
    };
    let status = parse_decimal(line.get(2..5)?)?;
    (status >= 100).then_some((*minor, status as u16))
}

/// Whether the last chunk is there, and with it all; `total` is their length together. `join` moves them to the front
/// (section 7.1).
fn chunks(body: &mut [u8], join: bool, total: &mut usize) -> Result<bool, NotHttp> {
    let mut at = 0;
    *total = 0;
    loop {
        let rest = body.get(at..).unwrap_or_default();
        let Some((line, after)) = cut(rest, b'\n') else { return Ok(false) };
        let start = body.len() - after.len();
        // Unlike the lines of a head, that of a chunk never ends in a line feed alone.
        let size = line.strip_suffix(b"\r").and_then(chunk_size).ok_or(NotHttp)?;
        if size == 0 {
            return Ok(true);
        }
        let end = start + size;
        match body.get(end..).unwrap_or_default() {
            [b'\r', b'\n', ..] => {}
            [] | [b'\r'] => return Ok(false),
            _ => return Err(NotHttp),
        }
        if join {
            close_gap(body.get_mut(*total..end).unwrap_or_default(), start - *total);
        }
        *total += size;
        at = end + 2;
    }
}

/// The size in the line before a chunk: hexadecimal, maybe with an extension or white space behind it.
fn chunk_size(line: &[u8]) -> Option<usize> {
    let (mut size, mut rest) = (0, line);
    while let [digit, after @ ..] = rest {
        let Some(digit) = char::from(*digit).to_digit(16) else { break };
        (size, rest) = (size << 4 | digit as usize, after);
    }
    // Seven digits are far more than there ever is room for.
    let count = line.len() - rest.len();
    ((1..=7).contains(&count) && matches!(trim(rest), [] | [b';', ..]) && is_text(line)).then_some(size)
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    fn body(text: &str, ended: bool) -> Result<Option<(u16, String)>, NotHttp> {
        let mut bytes = Vec::from(text);
        let found = read(&mut bytes, ended, false)?;
        Ok(found.map(|Response { status, body }| (status, String::from_utf8(bytes[body].to_vec()).unwrap())))
    }

    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nVary: x\r\n\r\n\
                           3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n";

    #[test]
    fn three_ways_to_tell_the_length() {
        let known = "HTTP/1.1 404 Not Found\r\ncontent-length:  3 \r\n\r\nabc";
        assert_eq!(body(known, false), Ok(Some((404, "abc".into()))));
        assert_eq!(body(CHUNKED, false), Ok(Some((200, "abc0123456789".into()))));
        let until_the_end = "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nabc";
        assert_eq!(body(until_the_end, false), Ok(None));
        assert_eq!(body(until_the_end, true), Ok(Some((200, "abc".into()))));
    }

    #[test]
    fn headers_are_told_apart_however_they_are_written() {
        let feeds_alone = "HTTP/1.1 200\nCONTENT-length:\t3\n\nabc";
        assert_eq!(body(feeds_alone, false), Ok(Some((200, "abc".into()))));
        let others =
            "HTTP/1.1 200 OK\r\nX-Content-Length: 9\r\nVia: a:\u{e9}\r\nEmpty:\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(body(others, false), Ok(Some((200, "abc".into()))));
        let padded = CHUNKED.replace("\n3\r", "\n3  \r").replace("A;x=y", "a\t; x=\"y;z\"");
        assert_eq!(body(&padded, false), Ok(Some((200, "abc0123456789".into()))));
    }

    #[test]
    fn interim_responses_are_passed_over() {
        let last = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        for before in [
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 100\n\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
            "HTTP/1.1 199 x\r\nContent-Length: 9\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
        ] {
            for last in [last, CHUNKED] {
                let text = std::format!("{before}{last}");
                let (whole, _) = body(last, false).unwrap().map(|(status, body)| (body, status)).unwrap();
                assert_eq!(body(&text, false), Ok(Some((200, whole))), "{text}");
            }
            for length in 0..before.len() {
                assert_eq!(body(&before[..length], false), Ok(None), "{before}, {length}");
            }
            assert_eq!(body(before, false), Ok(None), "{before}");
            assert_eq!(body(before, true), Err(NotHttp), "{before}");
            assert_eq!(body(&std::format!("{before}abc"), false), Err(NotHttp), "{before}");
        }
    }

    #[test]
    fn some_responses_never_have_a_body() {
        for status in [204, 304] {
            let text = std::format!("HTTP/1.1 {status} x\r\nContent-Length: 9\r\n\r\n");
            assert_eq!(body(&text, false), Ok(Some((status, String::new()))));
        }
    }

    #[test]
    fn a_success_is_complete_with_its_headers_if_they_are_enough() {
        let head = |status: u16| std::format!("HTTP/1.1 {status} x\r\nX-Token:\t ab c \r\nContent-Length: 9\r\n\r\n");
        for status in [200, 201, 299] {
            let mut bytes = Vec::from(std::format!("HTTP/1.1 103 x\r\nX-Other: no\r\n\r\n{}", head(status)));
            let end = bytes.len();
            for length in 0..end {
                assert_eq!(read(&mut bytes[..length], false, true), Ok(None));
            }
            bytes.extend(b"half");
            assert_eq!(read(&mut bytes, false, true), Ok(Some(Response { status, body: end..end })));
            assert_eq!(header(&bytes[..end], b"x-token").map(|place| &bytes[place]), Some(&b"ab c"[..]));
            assert_eq!(header(&bytes[..end], b"token"), None);
        }
        for status in [300, 401, 500] {
            let mut bytes = Vec::from(head(status));
            assert_eq!(read(&mut bytes, false, true), Ok(None), "its body says why");
            bytes.extend(b"123456789");
            let body = bytes.len() - 9..bytes.len();
            assert_eq!(read(&mut bytes, false, true), Ok(Some(Response { status, body })));
        }
    }

    #[test]
    fn a_length_may_be_told_again_but_not_another_one() {
        let with = |headers: &str| body(&std::format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\nabc"), false);
        for same in [
            "Content-Length: 3\r\nContent-Length: 3",
            "Content-Length: 3, 3",
            "Content-Length: 3,3 ,\t3\r\nVia: x\r\ncontent-length: 03",
        ] {
            assert_eq!(with(same), Ok(Some((200, "abc".into()))), "{same}");
        }
        for wrong in [
            "Content-Length: 3\r\nContent-Length: 2",
            "Content-Length: 2\r\nVia: x\r\ncontent-LENGTH: 3",
            "Content-Length: 3\r\nContent-Length: 3\r\nContent-Length: 0",
            "Content-Length: 3, 2",
            "Content-Length: 2,3",
            "Content-Length: 3,",
            "Content-Length: ,3",
            "Content-Length: 3;3",
            "Content-Length: 3 3",
            "Content-Length: -3",
            "Content-Length: +3",
            "Content-Length: 0x3",
            "Content-Length: 3.0",
            "Content-Length: 3e0",
            "Content-Length: c",
            "Content-Length: \"3\"",
            "Content-Length: \u{ff13}",
            "Content-Length: 4294967299",
            "Content-Length: 18446744073709551619",
            "Content-Length: 3\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 3",
            "Transfer-Encoding: chunked\r\nContent-Length: x",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding:",
        ] {
            assert_eq!(with(wrong), Err(NotHttp), "{wrong}");
        }
        let old = CHUNKED.replace("HTTP/1.1", "HTTP/1.0");
        assert_eq!(body(&old, false), Err(NotHttp), "there are no chunks in HTTP/1.0");
    }

    #[test]
    fn a_chunk_is_told_in_one_way_only() {
        for (good, bad) in [
            ("\n3\r\n", "\n3\n"),
            ("\n3\r\n", "\n 3\r\n"),
            ("\n3\r\n", "\n+3\r\n"),
            ("\n3\r\n", "\n-3\r\n"),
            ("\n3\r\n", "\n0x3\r\n"),
            ("\n3\r\n", "\n3 3\r\n"),
            ("\n3\r\n", "\n3\r\r\n"),
            ("\n3\r\n", "\n;3\r\n"),
            ("\n3\r\n", "\n00000003\r\n"),
            ("x=y", "x=\ry"),
            ("x=y", "x=\0"),
            ("\nA;x=y\r\n", "\nA;x=y\n"),
            ("abc\r\n", "abc\n"),
            ("abc\r\n", "abcd\r\n"),
            ("\n0\r\n", "\n0\n"),
        ] {
            assert!(CHUNKED.contains(good));
            assert_eq!(body(&CHUNKED.replace(good, bad), false), Err(NotHttp), "{bad:?}");
        }
    }

    #[test]
    fn nothing_is_changed_before_all_is_there() {
        // The last chunk's own line is enough: nobody reads trailers.
        let whole = CHUNKED.len() - 2;
        for length in 0..whole {
            let mut bytes = Vec::from(&CHUNKED[..length]);
            assert_eq!(read(&mut bytes, false, false), Ok(None), "{length}");
            assert_eq!(bytes, &CHUNKED.as_bytes()[..length]);
            assert_eq!(read(&mut bytes, true, false), Err(NotHttp), "{length}");
        }
    }

    #[test]
    fn what_is_not_http_is_told_at_once() {
        for text in [
            "\x20\x02\0\0",
            "SSH-2.0-OpenSSH\r\n",
            "HTTP/1.1 abc\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\r\n folded: c\r\n\r\n",
            "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\rContent-Length: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: \0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
            "HTTP/1.1 200\tOK\r\n\r\n",
            "HTTP/1.1 200 O\rK\r\n\r\n",
            "HTTP/1.1 200 \x1b[2J\r\n\r\n",
            "HTTP/1.1 099 OK\r\n\r\n",
            "HTTP/1.1  200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\n folded: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\na: b\r\n\tc\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
        ] {
            assert_eq!(body(text, false), Err(NotHttp), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_head_is_what_httparse_reads(
            status in 100..600_u16,
            headers in proptest::collection::vec(("[A-Za-z-]{1,20}", "[ -~]{0,20}"), 0..9),
            length: Option<u16>,
            cut in 0..400_usize,
        ) {
            let mut text = std::format!("HTTP/1.1 {status} Some reason\r\n");
            let lengths = ["content-length", "transfer-encoding"];
            for (name, value) in headers.iter().filter(|(name, _)| !lengths.contains(&&*name.to_ascii_lowercase())) {
                text += &std::format!("{name}: {value}\r\n");
            }
            if let Some(length) = length {
                text += &std::format!("Content-length:{length}\r\n");
            }
            text += "\r\nbody";
            let bytes = &text.as_bytes()[..cut.min(text.len())];
            let mut room = [httparse::EMPTY_HEADER; 10];
            let mut other = httparse::Response::new(&mut room);
            let theirs = match other.parse(bytes).unwrap() {
                httparse::Status::Complete(start) => Some((status, start, length.map(usize::from))),
                httparse::Status::Partial => None,
            };
            let mut head = Head::START;
            let ours = head.read(bytes).unwrap().then_some(match head.length {
                Length::Known(length) => (head.status, head.end, Some(length)),
                _ => (head.status, head.end, None),
            });
            proptest::prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn a_chunk_is_as_long_as_httparse_says(line in "[0-9a-fA-F]{1,7}( ;[a-z=]{0,9})?") {
            let theirs = httparse::parse_chunk_size(std::format!("{line}\r\n").as_bytes());
            let Ok(httparse::Status::Complete((_, size))) = theirs else { panic!("{theirs:?}") };
            proptest::prop_assert_eq!(chunk_size(line.as_bytes()), Some(size as usize));
        }

        #[test]
        fn no_bytes_make_it_panic(head in 0..4_usize, tail: Vec<u8>, ended: bool, is_head_enough: bool) {
            let head = ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", CHUNKED][head];
            let mut bytes = Vec::from(head);
            bytes.extend(tail);
            if let Ok(Some(response)) = read(&mut bytes, ended, is_head_enough) {
                assert!(bytes.get(response.body.clone()).is_some());
                let head = &bytes[..response.body.start];
                for name in [&b"Transfer-Encoding"[..], b"x", b""] {
                    assert!(header(head, name).is_none_or(|place| head.get(place).is_some()));
                }
            }
        }
    }
}
