//! Requests to the platform, and the replies that are awaited.
//!
//! A reply is known by its message id. It comes within 10 s or not at all, and never once the link is lost.

use heapless::Vec;

use crate::mqtt::SendError;
use crate::time::Instant;

/// How long a reply may take.
pub(crate) const REPLY_MS: u32 = 10_000;
/// The number of replies that may be awaited at a time.
pub(crate) const AWAITED_MAX: usize = 20;

/// Whether the caller wants to know what became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An event follows: the reply, or that none has come.
    Wanted,
    /// No event follows.
    Ignored,
}

/// Why there is no reply to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NoReply {
    /// None has come within 10 s.
    Overdue = 0,
    /// The link was lost.
    LinkEnded = 1,
}

/// A reply that is awaited.
#[derive(Clone, Copy)]
struct Awaited {
    /// The lower half of its id.
    id: u16,
    /// When the request was sent, in units of 64 ms.
    sent: u16,
    /// The service that sent it.
    owner: u8,
    /// The replies without an id that come before this one.
    before: u8,
}

/// The ids that were used, and the replies that are awaited, the oldest first.
pub(crate) struct Requests {
    before_first: u32,
    last: u32,
    awaited: Vec<Awaited, AWAITED_MAX, u8>,
    /// The number of those, from the first on, whose link is lost.
    lost: u8,
}

impl Requests {
    /// Ids start anywhere: scripts that post on their own use small numbers, whose replies must not be taken for ours.
    pub(crate) fn new(seed: u32) -> Self {
        let before_first = 1_000_000 + seed % 1_000_000;
        Self { before_first, last: before_first, awaited: Vec::new(), lost: 0 }
    }

    /// The next id, which is not used up by this.
    pub(crate) fn upcoming(&self) -> u32 {
        self.last.wrapping_add(1)
    }

    /// The next id.
    pub(crate) fn next_id(&mut self) -> u32 {
        self.last = self.upcoming();
        self.last
    }

    /// Whether `id` is one of these.
    pub(crate) fn issued(&self, id: u32) -> bool {
        id != self.before_first && id.wrapping_sub(self.before_first) <= self.last.wrapping_sub(self.before_first)
    }

    /// Whether another reply can be awaited, if it is wanted.
    pub(crate) fn must_fit(&self, reply: Reply) -> Result<(), SendError> {
        if reply == Reply::Wanted && self.awaited.is_full() { Err(SendError::Full) } else { Ok(()) }
    }

    /// A request of the service `owner` is sent; returns its id. `before` is as in [`Awaited`].
    pub(crate) fn sent(&mut self, owner: u8, reply: Reply, now: Instant, before: u8) -> u32 {
        let id = self.next_id();
        if reply == Reply::Wanted {
            let sent = (now.as_millis() >> 6) as u16;
            let _ = self.awaited.push(Awaited { id: id as u16, sent, owner, before });
        }
        id
    }

    /// The reply `id` to a request of `owner` has come. Returns whether it was awaited.
    pub(crate) fn replied(&mut self, owner: u8, id: u32) -> bool {
        let is_this = |awaited: &Awaited| awaited.owner == owner && awaited.id == id as u16;
        let Some(at) = self.awaited.iter().position(is_this) else { return false };
        if at < usize::from(self.lost) || !self.issued(id) {
            return false;
        }
        self.remove(at);
        true
    }

    /// A reply to a request of `owner` has come, which does not say to which: to the oldest one. Returns its id if it is
    /// awaited; `None` if no reply is awaited.
    pub(crate) fn replied_in_order(&mut self, owner: u8) -> Option<Option<u32>> {
        let lost = usize::from(self.lost);
        let at = self.awaited.iter().skip(lost).position(|awaited| awaited.owner == owner)? + lost;
        let awaited = self.awaited.get_mut(at)?;
        if let Some(before) = awaited.before.checked_sub(1) {
            awaited.before = before;
            return Some(None);
        }
        self.remove(at).map(Some)
    }

    /// A request of `owner` that will have no reply any more, and why.
    pub(crate) fn failed(&mut self, owner: u8, now: Instant) -> Option<(u32, NoReply)> {
        let at = self.awaited.iter().position(|awaited| awaited.owner == owner)?;
        let why = if at < usize::from(self.lost) { NoReply::LinkEnded } else { NoReply::Overdue };
        if why == NoReply::Overdue && !now.reached(self.due(at, now)?) {
            return None;
        }
        Some((self.remove(at)?, why))
    }

    /// The link is lost.
    pub(crate) fn link_down(&mut self) {
        self.lost = self.awaited.len() as u8;
    }

    /// Whether the link of one was lost that was not [reported](Self::failed) yet.
    pub(crate) fn has_lost(&self) -> bool {
        self.lost > 0
    }

    /// When the first one is overdue.
    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        self.due(0, now)
    }

    /// When that one is overdue. It is derived from `now`, which is less than an hour from when it was sent.
    fn due(&self, at: usize, now: Instant) -> Option<Instant> {
        let units = ((now.as_millis() >> 6) as u16).wrapping_sub(self.awaited.get(at)?.sent);
        let waited = u32::from(units) << 6 | now.as_millis() & 0x3f;
        Some(Instant::from_millis(now.as_millis().wrapping_sub(waited).wrapping_add(REPLY_MS)))
    }

    /// Awaits one no more; returns its id.
    fn remove(&mut self, at: usize) -> Option<u32> {
        let mut rest = self.awaited.get_mut(at..)?.iter_mut();
        let mut place = rest.next()?;
        let id = place.id;
        for next in rest {
            *place = *next;
            place = next;
        }
        self.awaited.pop();
        if at < usize::from(self.lost) {
            self.lost -= 1;
        }
        // Less than 65,536 requests ago.
        Some(self.last.wrapping_sub(u32::from((self.last as u16).wrapping_sub(id))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: u32 = 0x1234_5678;

    fn at(ms: u32) -> Instant {
        Instant::from_millis(ms.wrapping_sub(3_000))
    }

    #[test]
    fn a_reply_is_awaited_once_and_by_its_owner() {
        let mut requests = Requests::new(SEED);
        let ids = [1, 2, 1].map(|owner| requests.sent(owner, Reply::Wanted, at(0), 0));
        assert!(ids.iter().all(|id| requests.issued(*id)));
        assert!(!requests.replied(2, ids[0]) && !requests.replied(1, ids[1]));
        assert!(requests.replied(1, ids[2]) && !requests.replied(1, ids[2]));
        assert!(!requests.replied(1, ids[0].wrapping_add(1 << 16)), "another id with the same lower half");
        assert!(requests.replied(1, ids[0]) && requests.replied(2, ids[1]));
        let ignored = requests.sent(1, Reply::Ignored, at(0), 0);
        assert!(requests.issued(ignored) && !requests.replied(1, ignored));
    }

    #[test]
    fn a_reply_is_overdue_after_ten_seconds() {
        let mut requests = Requests::new(SEED);
        assert_eq!(requests.deadline(at(0)), None);
        // The clock wraps in between.
        for start in [0, 40, 63, 64, 2_990, 3_010] {
            let id = requests.sent(1, Reply::Wanted, at(start), 0);
            let due = requests.deadline(at(start + 700)).unwrap();
            assert!(due.since(at(start + REPLY_MS - 64)) <= 64, "{start}");
            assert_eq!(requests.failed(1, at(start + REPLY_MS - 64)), None);
            assert_eq!(requests.failed(2, at(start + REPLY_MS)), None);
            assert_eq!(requests.failed(1, at(start + REPLY_MS)), Some((id, NoReply::Overdue)), "{start}");
        }
    }

    #[test]
    fn a_lost_link_ends_all_that_were_sent_on_it() {
        let mut requests = Requests::new(SEED);
        let old = [1, 2, 1].map(|owner| requests.sent(owner, Reply::Wanted, at(0), 0));
        requests.link_down();
        let new = requests.sent(1, Reply::Wanted, at(10), 0);
        assert!(requests.has_lost() && !requests.replied(1, old[0]), "no reply comes on another link");
        assert_eq!(requests.failed(1, at(20)), Some((old[0], NoReply::LinkEnded)));
        assert_eq!(requests.failed(1, at(20)), Some((old[2], NoReply::LinkEnded)));
        assert_eq!(requests.failed(1, at(20)), None);
        assert_eq!(requests.failed(2, at(20)), Some((old[1], NoReply::LinkEnded)));
        assert!(!requests.has_lost() && requests.replied(1, new));
    }

    #[test]
    fn twenty_are_awaited() {
        let mut requests = Requests::new(SEED);
        let first = requests.sent(1, Reply::Wanted, at(0), 0);
        for _ in 1..AWAITED_MAX {
            assert_eq!(requests.must_fit(Reply::Wanted), Ok(()));
            requests.sent(1, Reply::Wanted, at(0), 0);
        }
        assert_eq!(requests.must_fit(Reply::Wanted), Err(SendError::Full));
        assert_eq!(requests.must_fit(Reply::Ignored), Ok(()));
        assert!(requests.replied(1, first));
        assert_eq!(requests.must_fit(Reply::Wanted), Ok(()));
    }

    #[test]
    fn replies_without_an_id_are_to_the_oldest() {
        let mut requests = Requests::new(SEED);
        assert_eq!(requests.replied_in_order(5), None);
        let first = requests.sent(5, Reply::Wanted, at(0), 2);
        requests.sent(1, Reply::Wanted, at(0), 0);
        let second = requests.sent(5, Reply::Wanted, at(0), 0);
        let replies = [0; 5].map(|_| requests.replied_in_order(5));
        assert_eq!(replies, [Some(None), Some(None), Some(Some(first)), Some(Some(second)), None]);
    }
}
