//! What can go wrong, and for how long.

use super::pipe::Weather;
use super::world::{Link, World};

macro_rules! faults {
    ($($(#[$doc:meta])* $Name:ident,)*) => {
        /// One thing that goes wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Fault {
            $($(#[$doc])* $Name,)*
        }

        pub(super) const FAULTS: &[Fault] = &[$(Fault::$Name),*];
    };
}

faults! {
    /// The connection is reset.
    Cut,
    /// The broker closes it in good order.
    Closed,
    /// Nothing gets through any more, and nobody is told.
    HalfOpen,
    /// The broker hears nothing any more.
    DeafBroker,
    /// The device hears nothing any more.
    DeafDevice,
    /// Nothing gets through for a while, then all of it does.
    Stall,
    /// Names are not found for a while.
    Dns,
    /// Connections are refused for a while.
    Refused,
    /// Packets to the server vanish for a while: connecting hangs.
    Vanish,
    /// TLS fails for a while.
    Tls,
    /// The server takes connections for a while and says nothing.
    Mute,
    /// The server is not available for a while: CONNACK 3.
    Unavailable,
    /// The server does not know the device for a while: CONNACK 5.
    NotAuthorized,
    /// A second device with this identity logs in, again and again.
    Kick,
    /// Somebody answers who is no broker.
    Garbage,
    /// The network is slow and loses much for a while.
    Slow,
    /// Each byte comes on its own for a while.
    SingleBytes,
    /// The broker restarts and remembers.
    Restart,
    /// The broker restarts and has forgotten every session.
    Forget,
}

/// What is wrong beyond the link that is up, and until when.
#[derive(Default)]
pub(super) struct Trouble {
    /// Opening a link ends in this code after so many milliseconds; without a code it hangs.
    opening: Option<(Option<i32>, u64)>,
    mute: bool,
    pub(super) until: u64,
    /// When the last trouble was over.
    pub(super) over_at: u64,
}

impl Trouble {
    /// What becomes of an attempt at a link that would take `passage` milliseconds.
    pub(super) fn opening(&self, now: u64, passage: u64) -> (Result<(), i32>, Option<u64>) {
        match self.opening {
            Some((Some(code), after)) if now < self.until => (Err(code), Some(after)),
            Some((None, _)) if now < self.until => (Ok(()), None),
            _ => (Ok(()), Some(passage)),
        }
    }

    pub(super) fn broker_is_mute(&self, now: u64) -> bool {
        self.mute && now < self.until
    }
}

impl World {
    /// Something goes wrong now.
    pub(super) fn suffer(&mut self, fault: Fault) {
        let for_ms = self.random.between(1_000, 300_000);
        self.recover();
        self.trouble.until = self.now + for_ms;
        match fault {
            Fault::Cut => self.lose(104),
            Fault::Closed => self.broker_closes(),
            Fault::HalfOpen | Fault::DeafBroker | Fault::DeafDevice => {
                if let Some(Link::Up(up)) = &mut self.link {
                    up.up.dead |= fault != Fault::DeafDevice;
                    up.down.dead |= fault != Fault::DeafBroker;
                }
            }
            Fault::Stall => {
                if let Some(Link::Up(up)) = &mut self.link {
                    up.up.stalled_until = self.trouble.until;
                    up.down.stalled_until = self.trouble.until;
                }
            }
            Fault::Dns => self.trouble.opening = Some((Some(-2), 5_000)),
            Fault::Refused => self.trouble.opening = Some((Some(111), 2 * self.weather.delay)),
            Fault::Vanish => self.trouble.opening = Some((None, 0)),
            Fault::Tls => self.trouble.opening = Some((Some(-0x2700), 4 * self.weather.delay)),
            Fault::Mute => self.trouble.mute = true,
            Fault::Unavailable => self.broker.refuses = Some(3),
            Fault::NotAuthorized => self.broker.refuses = Some(5),
            Fault::Kick => {
                for _ in 0..4 {
                    self.broker_closes();
                    let end = self.now + 6_000;
                    self.run_until(end);
                }
            }
            Fault::Garbage => {
                if let Some(Link::Up(up)) = &mut self.link {
                    let bytes: Vec<u8> = (0..40).map(|_| self.random.next() as u8).collect();
                    // The first byte is of no packet that a server may send.
                    up.down.send(self.now, &[&[0xf7][..], &bytes].concat(), &self.weather, &mut self.random);
                }
            }
            Fault::Slow => self.weather = Weather { delay: 1_200, loss: 10, segment: 200 },
            Fault::SingleBytes => self.weather.segment = 1,
            Fault::Restart | Fault::Forget => {
                self.broker_closes();
                self.broker.restart(fault == Fault::Forget);
                self.trouble.opening = Some((Some(111), 2 * self.weather.delay));
                self.trouble.until = self.now + for_ms.min(20_000);
            }
        }
        // What stops connections from being made is noticed when one has to be made.
        if self.trouble.opening.is_some() || self.broker.refuses.is_some() || self.trouble.mute {
            self.lose(104);
        }
    }

    /// All is well again, but for links that are dead.
    pub(super) fn recover(&mut self) {
        self.trouble = Trouble { over_at: self.now, ..Trouble::default() };
        self.weather = Weather::FAIR;
        self.broker.refuses = None;
    }

    fn broker_closes(&mut self) {
        self.broker.link_lost();
        if let Some(Link::Up(up)) = &mut self.link {
            up.closed = true;
        }
    }
}
