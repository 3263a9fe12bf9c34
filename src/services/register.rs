//! Registration: a device that has its product's secret gets a secret, or a token, of its own.
//!
//! Over HTTPS it needs a link of its own, and runs beside a session. Over MQTT it is a session of its own, with a login of
//! its own. What is sent, and how the answer is read, is the cloud's ([`crate::clouds`]).

use super::service::{Handle, Parts, Report, Service};
use crate::alink::Identity;
use crate::clouds::registration::{Answer, HAS_FOLLOWING, Way};
use crate::clouds::{Endpoint, LoginError, Registration};
use crate::codec::json::Place;
use crate::http::{Following, Request};
use crate::link::{CONNECT_TIMEOUT_MS, LinkId, Loss};
use crate::mqtt::Refusal;
use crate::text::Text;
use crate::time::Instant;

/// So many attempts are made, of [`CONNECT_TIMEOUT_MS`] each at most. With the waits
/// between them a registration is over within 65 s.
pub const TRIES: u8 = 5;
/// Seconds of keepalive that the login over MQTT asks for.
const KEEPALIVE: u16 = 60;

/// A registration that was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// The registration cannot be used.
    Login(LoginError),
    /// A registration is under way, or the device is connected and the registration would need its link.
    AlreadyConnected,
    /// The scratch buffer is too small.
    TooLarge {
        /// Bytes that it would have to have.
        needed: usize,
    },
}

impl<E: Into<LoginError>> From<E> for RegisterError {
    fn from(error: E) -> Self {
        Self::Login(error.into())
    }
}

/// The end of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform has registered the device: keep this, and connect with it.
    Done {
        /// The client identifier that goes with a device token; `None` with a device secret.
        client_id: Option<Text<'a>>,
        /// The device secret or the device token.
        secret: Text<'a>,
    },
    /// The cloud has registered the device, which logs in with a certificate: keep both, and connect with them.
    #[cfg(feature = "tencent")]
    Certified {
        /// The certificate, PEM.
        certificate: Text<'a>,
        /// Its private key, PEM.
        private_key: Text<'a>,
    },
    /// The platform has refused to register the device.
    Refused {
        /// The platform's code, or HTTP's status.
        code: i32,
        /// The platform's words, often empty.
        message: Text<'a>,
    },
    /// No attempt has led to an answer, or the server has refused the login.
    Failed(Loss),
}

/// How a registration ends; the texts of an answer are in what has come.
enum End {
    Answer(Answer),
    Failed(Loss),
}

/// A registration, if there is one.
pub struct Register {
    /// The link on which an answer is awaited.
    link: Option<LinkId>,
    way: Way,
    /// Attempts left, this one included.
    tries: u8,
    /// The end, until it is reported.
    end: End,
}

impl Service for Register {
    type Event<'a> = Event<'a>;
    const HAS_LINKS: bool = true;
    const HAS_FOLLOWING: bool = HAS_FOLLOWING;

    fn new() -> Self {
        Self { link: None, way: Way::NONE, tries: 0, end: End::Failed(Loss::Timeout) }
    }

    fn start(&mut self) {
        // It may go on beside the session.
    }

    fn own_link(&self) -> Option<LinkId> {
        self.link
    }

    fn on_reply(&mut self, topic: &[u8], names: &[u8], payload: &mut [u8]) -> Option<Result<(), Loss>> {
        (topic == self.way.topic().as_bytes()).then(|| self.read(200, names, payload))
    }

    fn on_response(&mut self, status: u16, note: &[u8], body: &mut [u8]) -> Result<(), Loss> {
        match status {
            // The platform, or a proxy before it, has too much to do, or a fault.
            408 | 429 | 500.. => Err(Loss::Refused(Refusal::Unavailable)),
            _ => self.read(status, note, body),
        }
    }

    fn following(&self) -> Option<Following> {
        Some(self.way.following()?.0)
    }

    fn followed(&mut self) {
        if let Some((_, way)) = self.way.following() {
            self.way = way;
        }
    }

    fn on_attempt_failed(&mut self, loss: Loss) -> bool {
        self.tries = self.tries.saturating_sub(1);
        let is_refused = matches!(loss, Loss::Refused(refusal) if refusal != Refusal::Unavailable);
        self.end = End::Failed(loss);
        self.tries == 0 || is_refused
    }

    fn report_end(&mut self, payload: &mut [u8], report: impl for<'e> Report<Event<'e>>) {
        let answer = match &self.end {
            End::Answer(answer) => answer,
            End::Failed(loss) => return report.report(Event::Failed(*loss)),
        };
        // The cloud has decoded the texts.
        let text = |place: Place| Text::known(place.of(payload));
        match *answer {
            Answer::Registered { secret, client_id } => {
                let client_id = (!client_id.is_empty()).then(|| text(client_id));
                report.report(Event::Done { client_id, secret: text(secret) });
            }
            #[cfg(feature = "tencent")]
            Answer::Certified { certificate, private_key } => {
                report.report(Event::Certified { certificate: text(certificate), private_key: text(private_key) });
            }
            Answer::Refused { code, message } => report.report(Event::Refused { code, message: text(message) }),
        }
    }

    fn close_link(&mut self) {
        self.link = None;
    }
}

impl Register {
    /// Reads the platform's answer; see [`Way::read`].
    #[cfg_attr(target_os = "none", inline(never))]
    fn read(&mut self, status: u16, note: &[u8], answer: &mut [u8]) -> Result<(), Loss> {
        match self.way.read(status, note, answer) {
            // As HTTP's status may be.
            Some(Answer::Refused { code: 429 | 500, .. }) => Err(Loss::Refused(Refusal::Unavailable)),
            Some(answer) => {
                self.end = End::Answer(answer);
                Ok(())
            }
            None => Err(Loss::Answer),
        }
    }
}

impl<'b> Handle<'_, 'b, Register> {
    /// Has the platform give a device a secret, or a token, of its own. The registration ends with an [`Event`]; each
    /// attempt that is followed by another one is reported with [`Event::Failed`](crate::device::Event::Failed).
    /// [`close`](crate::device::Device::close) ends it early.
    ///
    /// Over HTTPS it has a link of its own, and may run while the device is connected. `scratch` holds the request and
    /// the response, and is the device's until the [`poll`](crate::device::Device::poll) behind the last event; some 1,300
    /// bytes are needed, and more than 5 KiB are of no use. Over MQTT the device must be off, and `scratch` may be empty:
    /// the answer of some 300 bytes must fit the receive buffer.
    pub fn begin<'r>(
        self,
        registration: impl Into<Registration<'r>>,
        scratch: &'b mut [u8],
        now: Instant,
    ) -> Result<(), RegisterError> {
        let registration = registration.into();
        let (register, Parts { session, identity, account, seed, link, endpoint, http, .. }) = self.parts();
        if register.link.is_some() {
            return Err(RegisterError::AlreadyConnected);
        }
        let mut way = registration.way()?;
        let moment = account.moment(seed, now);
        let mut server = Endpoint::none();
        registration.resolve(way, moment, &mut server)?;
        register.link = Some(if way.is_request() {
            // The scratch buffer may be that of the registration before.
            http.finish();
            let mut request = Request::new(scratch);
            way = registration.write_request(way, &server, moment, &mut request);
            http.start(request, now).map_err(|needed| RegisterError::TooLarge { needed })?;
            LinkId::Http
        } else {
            if !link.is_off() {
                return Err(RegisterError::AlreadyConnected);
            }
            *endpoint = server;
            session.reset();
            registration.write_login(way, moment, session.configure(KEEPALIVE, true, 0))?;
            *identity = Identity::new(registration.names());
            link.start(CONNECT_TIMEOUT_MS, now);
            LinkId::Session
        });
        (register.way, register.tries) = (way, TRIES);
        Ok(())
    }

    /// Whether a registration is under way.
    pub fn is_under_way(self) -> bool {
        self.parts().0.link.is_some()
    }
}
