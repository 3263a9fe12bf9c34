//! Attempts at a connection: their deadline, and the wait between them.

use super::backoff::Backoff;
use crate::time::Instant;

/// DNS, TCP, TLS and the MQTT handshake together may take this long unless the user says otherwise.
pub const CONNECT_TIMEOUT_MS: u32 = 10_000;
/// What is still to be sent when the user closes the device may take this long.
pub const CLOSE_TIMEOUT_MS: u32 = 2_000;
/// After the DISCONNECT the server is given this long to close the link. Closing first, with bytes of the server
/// unread, would reset the connection, and what was sent last could be lost with it (RFC 1122, section 4.2.2.13).
pub const LINGER_MS: u32 = 500;
/// A session that ends sooner than this after its CONNACK counts as kicked.
const QUICK_LOSS_MS: u32 = 10_000;
/// A sum of so much in a row is reported to the user: three quick losses, or twelve that came right behind a packet that
/// was sent, which may have been the reason.
const QUICK_LOSSES: u8 = 12;
const QUICK: u8 = 4;
const QUICK_BEHIND: u8 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No link is wanted.
    Off,
    /// The next attempt comes later.
    Waiting { until: Instant },
    /// The port is opening the link, or the handshake runs on it.
    Opening { deadline: Instant },
    /// The session runs.
    Online { since: Instant },
    /// The last packets go out.
    Closing { deadline: Instant },
}

/// What ended a link, as far as the next attempt depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The server refused the login.
    Refused,
    /// It was closed or cut, as a server does that has accepted another login of this identity.
    Cut,
    /// The same, right behind a packet of the user's.
    Behind,
    /// The same, and that packet is given up now.
    GivenUp,
    /// Something else.
    Failed,
}

#[repr(C)]
pub(crate) struct Reconnect {
    state: State,
    /// Numbers the attempts, so that a report of the port about an old one is not taken for the new one.
    attempt: u16,
    quick_losses: u8,
    /// Milliseconds that an attempt may take.
    timeout: u32,
    backoff: Backoff,
}

impl Reconnect {
    pub(crate) fn new(seed: u32) -> Self {
        Self {
            state: State::Off,
            attempt: 0,
            timeout: CONNECT_TIMEOUT_MS,
            backoff: Backoff::new(seed),
            quick_losses: 0,
        }
    }

    /// The attempt that the port should have open, if any.
    pub(crate) fn wanted(&self) -> Option<u16> {
        match self.state {
            State::Off | State::Waiting { .. } => None,
            State::Opening { .. } | State::Online { .. } | State::Closing { .. } => Some(self.attempt),
        }
    }

    pub(crate) fn is_off(&self) -> bool {
        self.state == State::Off
    }

    pub(crate) fn is_closing(&self) -> bool {
        matches!(self.state, State::Closing { .. })
    }

    /// Connects, at once; each attempt may take `timeout` milliseconds.
    pub(crate) fn start(&mut self, timeout: u32, now: Instant) {
        self.timeout = timeout;
        self.backoff.reset();
        self.quick_losses = 0;
        self.open(now);
    }

    fn open(&mut self, now: Instant) {
        self.attempt = self.attempt.wrapping_add(1);
        self.state = State::Opening { deadline: now.after(self.timeout) };
    }

    pub(crate) fn online(&mut self, now: Instant) {
        self.state = State::Online { since: now };
    }

    pub(crate) fn closing(&mut self, now: Instant) {
        self.state = State::Closing { deadline: now.after(CLOSE_TIMEOUT_MS) };
    }

    /// All is sent: waits for the server to close, but not for long.
    pub(crate) fn linger(&mut self, now: Instant) {
        if let State::Closing { deadline } = &mut self.state {
            if now.until(*deadline) > LINGER_MS {
                *deadline = now.after(LINGER_MS);
            }
        }
    }

    pub(crate) fn stop(&mut self) {
        self.state = State::Off;
    }

    /// The link is gone. Returns whether that looks like a second login under the same identity.
    pub(crate) fn lost(&mut self, now: Instant, end: End) -> bool {
        let mut kicked = false;
        if let State::Online { since } = self.state {
            if now.since(since) >= QUICK_LOSS_MS {
                self.quick_losses = 0;
                self.backoff.reset();
            } else if matches!(end, End::Cut | End::Behind) {
                let weight = if end == End::Cut { QUICK } else { QUICK_BEHIND };
                self.quick_losses = self.quick_losses.saturating_add(weight);
                kicked = self.quick_losses >= QUICK_LOSSES;
            }
        }
        if end == End::GivenUp {
            self.quick_losses = 0;
            self.backoff.reset();
        }
        let wait = self.backoff.next(end == End::Refused || kicked);
        self.state = State::Waiting { until: now.after(wait) };
        kicked
    }

    /// When [`poll`](Self::poll) has something to do.
    #[cfg_attr(target_os = "none", inline(never))]
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Off | State::Online { .. } => None,
            State::Waiting { until: at } | State::Opening { deadline: at } | State::Closing { deadline: at } => {
                Some(at)
            }
        }
    }

    /// Whether the time for opening or for closing is over. Starts the next attempt when its time has come.
    pub(crate) fn poll(&mut self, now: Instant) -> bool {
        if !self.deadline().is_some_and(|deadline| now.reached(deadline)) {
            return false;
        }
        if let State::Waiting { .. } = self.state {
            self.open(now);
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_numbered_and_spaced() {
        let mut now = Instant::from_millis(0);
        let mut link = Reconnect::new(7);
        link.start(CONNECT_TIMEOUT_MS, now);
        for attempt in 1..20 {
            assert_eq!(link.wanted(), Some(attempt));
            assert!(!link.lost(now, End::Cut));
            assert_eq!(link.wanted(), None);
            now = link.deadline().unwrap();
            assert!(!link.poll(now));
        }
        assert!(link.poll(now.after(CONNECT_TIMEOUT_MS)), "an attempt has its time");
    }

    #[test]
    fn three_quick_losses_are_a_kick_and_slow_it_down() {
        let mut now = Instant::from_millis(0);
        let mut link = Reconnect::new(7);
        link.start(CONNECT_TIMEOUT_MS, now);
        let mut waits = [0; 4];
        for (round, wait) in waits.iter_mut().enumerate() {
            link.online(now);
            now = now.after(500);
            assert_eq!(link.lost(now, End::Cut), round >= 2);
            *wait = now.until(link.deadline().unwrap());
            now = now.after(*wait);
            link.poll(now);
        }
        assert!(waits[2] >= 30_000 && waits[3] >= 30_000, "{waits:?}");
        link.online(now);
        now = now.after(QUICK_LOSS_MS);
        assert!(!link.lost(now, End::Cut));
        assert!(now.until(link.deadline().unwrap()) <= 1_000, "a session that lasted starts over");
    }
}
