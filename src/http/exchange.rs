//! One HTTP request and its response.

use core::ops::Range;

use zeroize::Zeroize;

use super::request::{Following, Request};
use crate::bytes::{close_gap, copy, is_printable};
use crate::codec::http::{self, Response};
use crate::link::{CONNECT_TIMEOUT_MS, End, LinkWanted, Loss, Reconnect};
use crate::text::Text;
use crate::time::Instant;

/// The scratch buffer has so many bytes for the response at least.
const RESPONSE_MIN: usize = 1024;

/// What became of an exchange.
pub(crate) enum Progress {
    /// A response is there; it stays until [`Exchange::finish`]. The link is closed.
    Response {
        /// Its status.
        status: u16,
    },
    /// The attempt has failed: [`Exchange::again`], or [`Exchange::finish`].
    Failed(Loss),
}

/// A request, its attempts, and what has come of the response.
pub(crate) struct Exchange<'b> {
    /// A note of the owner, the host, the request, the response; empty if there is no exchange.
    scratch: &'b mut [u8],
    note_end: usize,
    host_end: usize,
    request_end: usize,
    /// Where the unsent rest of the request starts.
    sent: usize,
    /// Where the response ends.
    received: usize,
    /// Where its body stands in the response, once that is whole.
    body: Range<usize>,
    port: u16,
    tls: bool,
    /// Whether the link of the present attempt is up.
    is_up: bool,
    /// The code with which that link has ended, 0 for the end of the stream.
    ended: Option<i32>,
    attempts: Reconnect,
}

impl<'b> Exchange<'b> {
    /// No exchange. `seed` is any random number.
    pub(crate) fn new(seed: u32) -> Self {
        Self {
            scratch: &mut [],
            note_end: 0,
            host_end: 0,
            request_end: 0,
            sent: 0,
            received: 0,
            body: 0..0,
            port: 0,
            tls: true,
            is_up: false,
            ended: None,
            attempts: Reconnect::new(seed),
        }
    }

    /// Sends `request`. If its memory is too small, returns the bytes that it would need.
    pub(crate) fn start(&mut self, request: Request<'b>, now: Instant) -> Result<(), usize> {
        let Request { scratch, end, note_end, host_end, port, tls, response_max } = request;
        let needed = end + RESPONSE_MIN;
        if scratch.len() < needed {
            scratch.zeroize();
            return Err(needed);
        }
        self.finish();
        let size = scratch.len().min(end + response_max);
        self.scratch = scratch.get_mut(..size).unwrap_or_default();
        (self.note_end, self.host_end, self.request_end) = (note_end, host_end, end);
        (self.port, self.tls) = (port, tls);
        self.rewind();
        self.attempts.start(CONNECT_TIMEOUT_MS, now);
        Ok(())
    }

    /// Closes the link. The response stays.
    pub(crate) fn stop(&mut self) {
        self.attempts.stop();
        (self.is_up, self.ended) = (false, None);
    }

    /// Whether the link is closed, and the response still here.
    pub(crate) fn has_ended(&self) -> bool {
        self.attempts.is_off() && !self.scratch.is_empty()
    }

    /// Ends the exchange: overwrites its memory and lets go of it.
    pub(crate) fn finish(&mut self) {
        self.stop();
        core::mem::take(&mut self.scratch).zeroize();
        self.rewind();
    }

    /// What the owner has noted in the request, and the body of the response.
    pub(crate) fn response(&mut self) -> (&[u8], &mut [u8]) {
        let body = self.body.clone();
        let (note, received) = self.parts();
        (note, received.get_mut(body).unwrap_or_default())
    }

    /// What the owner has noted in the request, and what has come of the response.
    fn parts(&mut self) -> (&[u8], &mut [u8]) {
        let (before, rest) = self.scratch.split_at_mut_checked(self.request_end).unwrap_or_default();
        let length = self.received.saturating_sub(self.request_end);
        (before.get(..self.note_end).unwrap_or_default(), rest.get_mut(..length).unwrap_or_default())
    }

    // ---- The link ----

    /// The link that the port should hold open now.
    pub(crate) fn link(&self) -> LinkWanted<'_> {
        let host = self.scratch.get(self.note_end..self.host_end).unwrap_or_default();
        match self.attempts.wanted() {
            Some(attempt) if self.ended.is_none() => LinkWanted::Open {
                attempt,
                // The request took it from a text.
                host: Text::known(host),
                port: self.port,
                tls: self.tls,
            },
            _ => LinkWanted::Closed,
        }
    }

    fn is_of(&self, attempt: u16) -> bool {
        self.attempts.wanted() == Some(attempt) && self.ended.is_none()
    }

    pub(crate) fn link_up(&mut self, attempt: u16) {
        self.is_up |= self.is_of(attempt);
    }

    /// The link could not be opened or is gone. What has come before counts all the same, and its end may be that of the
    /// response.
    pub(crate) fn link_lost(&mut self, attempt: u16, code: i32) {
        if self.is_of(attempt) {
            self.ended = Some(code);
        }
    }

    /// The unsent rest of the request.
    pub(crate) fn to_send(&self) -> &[u8] {
        let range = if self.is_up { self.sent..self.request_end } else { 0..0 };
        self.scratch.get(range).unwrap_or_default()
    }

    pub(crate) fn sent(&mut self, count: usize) {
        self.sent = self.sent.saturating_add(count).min(self.request_end);
    }

    /// Space for what arrives.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        let end = if self.is_up { self.scratch.len() } else { 0 };
        self.scratch.get_mut(self.received..end).unwrap_or_default()
    }

    pub(crate) fn received(&mut self, count: usize) {
        self.received = self.received.saturating_add(count).min(self.scratch.len());
    }

    // ---- Progress ----

    /// When to [`poll`](Self::poll) if nothing arrives.
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        if self.ended.is_some() { Some(now) } else { self.attempts.deadline() }
    }

    /// Makes the next step; `None` if nothing is done until more arrives, or the deadline. With `is_head_enough` the body of a
    /// successful response is not waited for.
    pub(crate) fn poll(&mut self, now: Instant, is_head_enough: bool) -> Option<Progress> {
        if self.attempts.is_off() {
            return None;
        }
        let ended = self.ended;
        let is_full = self.is_up && self.space().is_empty();
        let loss = match (http::read(self.parts().1, ended == Some(0), is_head_enough), ended) {
            (Ok(Some(Response { status, body })), _) => {
                self.stop();
                self.body = body;
                return Some(Progress::Response { status });
            }
            // Cut off: as bad as a link lost.
            (_, Some(code)) => Loss::Link(code),
            (Err(_), None) => Loss::Answer,
            (Ok(None), None) if is_full => Loss::AnswerTooLarge,
            (Ok(None), None) if self.attempts.poll(now) => Loss::Timeout,
            (Ok(None), None) => return None,
        };
        Some(Progress::Failed(loss))
    }

    /// Sends the request that follows on the successful response that is here.
    pub(crate) fn follow(&mut self, following: &Following, now: Instant) -> Result<(), Loss> {
        let &Following { header, note_end, tail_end, host_end } = following;
        let head_end = self.note_end;
        let start = self.request_end;
        let received = self.scratch.get(start..self.body.start.saturating_add(start)).unwrap_or_default();
        let Some(place) = http::header(received, header) else { return Err(Loss::Answer) };
        if !is_printable(received.get(place.clone()).unwrap_or_default(), received.len()) {
            return Err(Loss::Answer);
        }
        let (length, tail) = (place.len(), tail_end.saturating_sub(note_end));
        if self.scratch.len() < head_end + length + tail + RESPONSE_MIN {
            return Err(Loss::AnswerTooLarge);
        }
        // The value moves behind the part before it, the tail is copied behind the value, and its first copy is dropped.
        let found = start + place.start;
        close_gap(self.scratch.get_mut(head_end..found + length).unwrap_or_default(), found.saturating_sub(head_end));
        let (before, behind) = self.scratch.split_at_mut_checked(head_end + length).unwrap_or_default();
        copy(behind, before.get(note_end..tail_end).unwrap_or_default());
        close_gap(self.scratch.get_mut(note_end..head_end + length + tail).unwrap_or_default(), tail);
        (self.note_end, self.host_end, self.request_end) = (note_end, host_end.saturating_sub(tail), head_end + length);
        self.scratch.get_mut(self.request_end..).unwrap_or_default().zeroize();
        self.rewind();
        self.attempts.start(CONNECT_TIMEOUT_MS, now);
        Ok(())
    }

    /// Drops the response, or the part of it that is there, and sends the request on another link after a wait.
    pub(crate) fn again(&mut self, now: Instant) {
        self.parts().1.zeroize();
        self.rewind();
        self.attempts.lost(now, End::Failed);
    }

    /// Makes all ready for the next link.
    fn rewind(&mut self) {
        (self.sent, self.received) = (self.host_end, self.request_end);
        (self.is_up, self.ended, self.body) = (false, None, 0..0);
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::codec::template::{Value, template};

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody";
    const NOW: Instant = Instant::from_millis(u32::MAX - 5_000);

    fn started(size: usize) -> Result<Exchange<'static>, usize> {
        let mut exchange = Exchange::new(1);
        let mut request = Request::new(Vec::leak(std::vec![0xee; size]));
        request.note(&[template!("pk/dn")]);
        request.server(b"host.test", 443, true);
        request.put(&[template!("%"), Value::Text(REQUEST)]);
        exchange.start(request, NOW).map(|()| exchange)
    }

    fn attempt(exchange: &Exchange) -> u16 {
        let LinkWanted::Open { attempt, host, port: 443, tls: true } = exchange.link() else { panic!() };
        assert_eq!(host.as_str(), "host.test");
        attempt
    }

    fn up(exchange: &mut Exchange) {
        exchange.link_up(attempt(exchange));
    }

    fn arrives(exchange: &mut Exchange, bytes: &[u8]) {
        for part in bytes.chunks(7) {
            exchange.space()[..part.len()].copy_from_slice(part);
            exchange.received(part.len());
        }
    }

    fn is_answered(exchange: &mut Exchange) {
        let Some(Progress::Response { status: 200 }) = exchange.poll(NOW, false) else { panic!() };
        let (note, body) = exchange.response();
        assert_eq!((note, &*body), (&b"pk/dn"[..], &b"body"[..]));
        assert_eq!((exchange.link(), exchange.deadline(NOW)), (LinkWanted::Closed, None));
        assert!(exchange.poll(NOW, false).is_none() && exchange.has_ended());
        exchange.finish();
        assert!(!exchange.has_ended() && exchange.scratch.is_empty());
    }

    fn fails(exchange: &mut Exchange, loss: Loss) {
        let Some(Progress::Failed(failed)) = exchange.poll(NOW, false) else { panic!() };
        assert_eq!(failed, loss);
        exchange.again(NOW);
        assert_eq!(exchange.link(), LinkWanted::Closed);
        assert!(exchange.to_send().is_empty() && exchange.space().is_empty());
        let next = exchange.deadline(NOW).unwrap();
        assert!(exchange.poll(next, false).is_none());
        assert_eq!(attempt(exchange), 2);
    }

    #[test]
    fn a_request_is_answered() {
        let mut exchange = started(2048).ok().unwrap();
        assert!(exchange.to_send().is_empty() && exchange.space().is_empty(), "the link is not up");
        up(&mut exchange);
        assert_eq!(exchange.to_send(), REQUEST);
        exchange.sent(3);
        assert_eq!(exchange.to_send(), &REQUEST[3..]);
        exchange.sent(REQUEST.len() - 3);
        assert!(exchange.to_send().is_empty());
        arrives(&mut exchange, &RESPONSE[..20]);
        assert!(exchange.poll(NOW, false).is_none());
        arrives(&mut exchange, &RESPONSE[20..]);
        is_answered(&mut exchange);
    }

    #[test]
    fn the_end_of_the_link_does_not_take_a_response_away() {
        for code in [0, 104] {
            let mut exchange = started(2048).ok().unwrap();
            up(&mut exchange);
            arrives(&mut exchange, RESPONSE);
            exchange.link_lost(1, code);
            assert_eq!(exchange.deadline(NOW), Some(NOW));
            is_answered(&mut exchange);
        }
        let mut exchange = started(2048).ok().unwrap();
        up(&mut exchange);
        arrives(&mut exchange, b"HTTP/1.1 200 OK\r\n\r\nbody");
        assert!(exchange.poll(NOW, false).is_none());
        exchange.link_lost(1, 0);
        is_answered(&mut exchange);
    }

    #[test]
    fn an_attempt_that_fails_is_followed_by_another_one() {
        for code in [0, 104] {
            for arrived in [&b""[..], &RESPONSE[..20], b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbody"] {
                let mut exchange = started(2048).ok().unwrap();
                up(&mut exchange);
                exchange.sent(5);
                arrives(&mut exchange, arrived);
                exchange.link_lost(1, code);
                fails(&mut exchange, Loss::Link(code));
                exchange.link_up(1);
                exchange.link_lost(1, 0);
                assert!(exchange.to_send().is_empty(), "reports of the old link do not count");
                up(&mut exchange);
                assert_eq!(exchange.to_send(), REQUEST);
                arrives(&mut exchange, RESPONSE);
                is_answered(&mut exchange);
            }
        }
        let mut exchange = started(2048).ok().unwrap();
        up(&mut exchange);
        arrives(&mut exchange, b"SSH-2.0-x\r\n");
        fails(&mut exchange, Loss::Answer);
        let mut exchange = started(2048).ok().unwrap();
        let late = exchange.deadline(NOW).unwrap();
        assert_eq!(late, NOW.after(CONNECT_TIMEOUT_MS));
        assert!(matches!(exchange.poll(late, false), Some(Progress::Failed(Loss::Timeout))));
    }

    #[test]
    fn a_response_has_its_limits() {
        for (size, space) in [(2048, 2048 - 5 - 9 - REQUEST.len()), (100_000, crate::http::RESPONSE_MAX)] {
            let mut exchange = started(size).ok().unwrap();
            up(&mut exchange);
            assert_eq!(exchange.space().len(), space);
            arrives(&mut exchange, b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n");
            let rest = exchange.space().len();
            arrives(&mut exchange, &std::vec![b'x'; rest]);
            fails(&mut exchange, Loss::AnswerTooLarge);
        }
    }

    const TAIL: &[u8] = b"\r\n\r\n{}";
    const HEAD: &[u8] = b"GET /next HTTP/1.1\r\nX-Auth: ";

    /// A request that another one is to follow, with `value` in its response.
    fn answered_with(size: usize, value: &str) -> (Exchange<'static>, Following) {
        let mut exchange = Exchange::new(1);
        let mut request = Request::new(Vec::leak(std::vec![0xee; size]));
        request.accept(size);
        let put = |request: &mut Request, text: &[u8]| {
            request.put(&[template!("%"), Value::Text(text)]);
            request.end()
        };
        let note_end = put(&mut request, b"pk/dn");
        let tail_end = put(&mut request, TAIL);
        let host_end = put(&mut request, b"next.test");
        request.note(&[template!("%"), Value::Text(HEAD)]);
        request.server(b"host.test", 443, true);
        put(&mut request, REQUEST);
        exchange.start(request, NOW).unwrap();
        up(&mut exchange);
        arrives(&mut exchange, b"HTTP/1.1 201 Created\r\nX-Token: ");
        arrives(&mut exchange, value.as_bytes());
        arrives(&mut exchange, b"\r\nContent-Length: 99999\r\n\r\nhalf");
        assert!(exchange.poll(NOW, false).is_none(), "its body is not here");
        assert!(matches!(exchange.poll(NOW, true), Some(Progress::Response { status: 201 })));
        (exchange, Following { header: b"x-token", note_end, tail_end, host_end })
    }

    #[test]
    fn a_request_may_follow_with_a_header_of_the_response() {
        for length in [1, 7, 20, 300, 3000] {
            let value = "t".repeat(length);
            let (mut exchange, following) = answered_with(5000, &value);
            assert_eq!(exchange.follow(&following, NOW), Ok(()));
            let LinkWanted::Open { attempt: 2, host, port: 443, tls: true } = exchange.link() else { panic!() };
            assert_eq!(host.as_str(), "next.test");
            exchange.link_up(2);
            assert_eq!(exchange.to_send(), [HEAD, value.as_bytes(), TAIL].concat());
            assert!(exchange.space().iter().all(|byte| *byte == 0), "nothing of the first response is left");
            arrives(&mut exchange, RESPONSE);
            is_answered(&mut exchange);
        }
    }

    #[test]
    fn a_request_that_followed_is_sent_again_as_it_is() {
        let (mut exchange, following) = answered_with(5000, "token");
        exchange.follow(&following, NOW).unwrap();
        exchange.link_lost(2, 104);
        assert!(matches!(exchange.poll(NOW, false), Some(Progress::Failed(Loss::Link(104)))));
        exchange.again(NOW);
        let next = exchange.deadline(NOW).unwrap();
        assert!(exchange.poll(next, false).is_none());
        exchange.link_up(3);
        assert_eq!(exchange.to_send(), [HEAD, b"token", TAIL].concat());
    }

    #[test]
    fn a_header_that_cannot_be_sent_on_ends_the_attempt() {
        for (value, loss) in [("", Loss::Answer), ("a b", Loss::Answer), ("\u{e9}", Loss::Answer)] {
            let (mut exchange, following) = answered_with(5000, value);
            assert_eq!(exchange.follow(&following, NOW), Err(loss), "{value}");
            exchange.again(NOW);
            let next = exchange.deadline(NOW).unwrap();
            assert!(exchange.poll(next, true).is_none());
            up(&mut exchange);
            assert_eq!(exchange.to_send(), REQUEST, "the first one is sent again");
        }
        let (mut exchange, mut following) = answered_with(5000, "token");
        following.header = b"X-Other";
        assert_eq!(exchange.follow(&following, NOW), Err(Loss::Answer));
        let (mut exchange, following) = answered_with(1500, &"t".repeat(1000));
        assert_eq!(exchange.follow(&following, NOW), Err(Loss::AnswerTooLarge));
    }

    #[test]
    fn too_little_memory_is_an_error_that_says_how_much_is_needed() {
        let needed = 5 + 9 + REQUEST.len() + RESPONSE_MIN;
        for size in [0, 5, 20, needed - 1] {
            assert_eq!(started(size).err(), Some(needed));
        }
        assert!(started(needed).is_ok());
    }

    #[test]
    fn what_was_in_the_memory_is_overwritten() {
        let mut memory = [0; 2048];
        let mut exchange = Exchange::new(1);
        let mut request = Request::new(&mut memory);
        request.put(&[template!("secret")]);
        assert_eq!(exchange.start(request, NOW), Ok(()));
        exchange.link_up(1);
        exchange.space()[..6].copy_from_slice(b"secret");
        exchange.received(6);
        drop(exchange);
        assert_eq!(memory, [0; 2048]);
        let mut request = Request::new(&mut memory[..100]);
        request.put(&[template!("secret")]);
        assert!(Exchange::new(1).start(request, NOW).is_err());
        assert_eq!(memory, [0; 2048]);
    }
}
