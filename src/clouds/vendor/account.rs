//! The login of a device to a vendor cloud, kept while the device is connected: most clouds have the time signed, so each link
//! has a signature of its own, and topics carry names.

use heapless::Vec;
use zeroize::Zeroize;

use super::error::LoginError;
use super::login::{Login, TEXTS};
use super::{Brand, HAS_BRANDS};
use crate::bytes::put;
use crate::clouds::moment::Moment;
use crate::mqtt::{FILTER_MAX, Qos, Session};
use crate::time::Instant;

/// All texts of a login together have so many bytes at most.
const BYTES: usize = 448;

/// The login that is kept, if there is one. It has no size in a build without vendor clouds.
pub(crate) struct Account {
    kept: [Kept; HAS_BRANDS as usize],
}

struct Kept {
    brand: Option<Brand>,
    vendor: u32,
    with_certificate: bool,
    /// The lengths of the texts; `ABSENT` for one that is not given.
    lengths: [u16; TEXTS],
    texts: Vec<u8, BYTES, u16>,
    /// The wall clock at a moment of the device's clock; 0 if it is not known.
    unix_ms: u64,
    at: Instant,
    /// When the login was signed.
    signed: Instant,
}

/// A signature that expires is used for so long: 20 of its 30 days. The device's clock can compare moments that are 24 days
/// apart.
const RENEWAL_MS: u32 = 20 * 24 * 60 * 60 * 1000;

const ABSENT: u16 = u16::MAX;

impl Account {
    pub(crate) const fn none() -> Self {
        Self { kept: [const { Kept::none() }; _] }
    }

    /// Keeps what `login` has. `TooLong` if that is too much.
    pub(crate) fn keep(&mut self, login: &Login) -> Result<(), LoginError> {
        match self.kept.first_mut() {
            Some(kept) => kept.keep(login),
            None => Err(LoginError::Vendor),
        }
    }

    /// Overwrites the login. The clock stays.
    pub(crate) fn forget(&mut self) {
        if let Some(kept) = self.kept.first_mut() {
            kept.forget();
        }
    }

    /// The cloud and the login that is kept. A device on Alibaba's cloud asks this for each message, so it costs no call there.
    #[inline(always)]
    pub(crate) fn vendor(&self) -> Option<(Brand, Login<'_>)> {
        if self.is_kept() { self.read() } else { None }
    }

    #[inline(never)]
    fn read(&self) -> Option<(Brand, Login<'_>)> {
        let kept = self.kept.first()?;
        Some((kept.brand?, kept.login()))
    }

    /// Whether a login is kept.
    #[inline(always)]
    pub(crate) fn is_kept(&self) -> bool {
        self.kept.first().is_some_and(|kept| kept.brand.is_some())
    }

    /// Signs the login again, for the next link.
    pub(crate) fn sign_again(&mut self, session: &mut Session, seed: u32, now: Instant) {
        self.advance(now);
        if let Some((brand, login)) = self.vendor() {
            // Its fields are those of the first one.
            let _ = brand.write(&login, self.moment(seed, now), session.sign_again());
        }
        if let Some(kept) = self.kept.first_mut() {
            kept.signed = now;
        }
    }

    /// When the login has to be signed again, because its signature expires; `None` for never.
    #[inline(always)]
    pub(crate) fn renewal(&self) -> Option<Instant> {
        if self.is_kept() { self.read_renewal() } else { None }
    }

    #[inline(never)]
    fn read_renewal(&self) -> Option<Instant> {
        let (brand, login) = self.vendor()?;
        Some(self.kept.first()?.signed.after(RENEWAL_MS)).filter(|_| brand.expires(&login))
    }

    /// Subscribes to the topics of the cloud's services, for all links.
    pub(crate) fn subscribe(&self, session: &mut Session) -> Result<(), LoginError> {
        let Some((brand, login)) = self.vendor() else { return Ok(()) };
        let mut result = Ok(());
        brand.filters(&login, &mut |pieces| {
            let mut bytes = [0; FILTER_MAX];
            let rest = pieces.iter().fold(&mut bytes[..], |room, piece| put(room, piece)).len();
            let filter = bytes.get(..FILTER_MAX - rest).and_then(|filter| core::str::from_utf8(filter).ok());
            if filter.is_none_or(|filter| session.subscribe(filter, Qos::AtLeastOnce).is_err()) {
                result = Err(LoginError::Subscriptions);
            }
        });
        result
    }

    /// The largest payload that the cloud accepts.
    pub(crate) fn payload_max(&self) -> usize {
        match self.kept.first().and_then(|kept| kept.brand) {
            Some(brand) => brand.payload_max(),
            None => usize::MAX,
        }
    }

    /// Sets the wall clock: milliseconds since 1970-01-01 00:00 UTC.
    pub(crate) fn set_clock(&mut self, unix_ms: u64, now: Instant) {
        if let Some(kept) = self.kept.first_mut() {
            (kept.unix_ms, kept.at) = (unix_ms, now);
        }
    }

    /// Has the wall clock go on. At least once in 49 days, after which the device's clock begins again.
    #[inline(never)]
    pub(crate) fn advance(&mut self, now: Instant) {
        self.set_clock(self.unix_ms(now), now);
    }

    /// This moment. `seed` is the device's random number.
    pub(crate) fn moment(&self, seed: u32, now: Instant) -> Moment {
        Moment { random: now.random(seed), unix_ms: self.unix_ms(now) }
    }

    /// The moment when the clock was last [advanced](Self::advance).
    pub(crate) fn last_moment(&self, seed: u32) -> Moment {
        self.moment(seed, self.kept.first().map_or(Instant::from_millis(0), |kept| kept.at))
    }

    fn unix_ms(&self, now: Instant) -> u64 {
        match self.kept.first() {
            Some(kept) if kept.unix_ms != 0 => kept.unix_ms.wrapping_add(now.since(kept.at).into()),
            _ => 0,
        }
    }
}

impl Kept {
    const fn none() -> Self {
        Self {
            brand: None,
            vendor: 0,
            with_certificate: false,
            lengths: [ABSENT; TEXTS],
            texts: Vec::new(),
            unix_ms: 0,
            at: Instant::from_millis(0),
            signed: Instant::from_millis(0),
        }
    }

    fn keep(&mut self, login: &Login) -> Result<(), LoginError> {
        self.forget();
        for (length, text) in self.lengths.iter_mut().zip(login.texts()) {
            let Some(text) = text else { continue };
            if self.texts.extend_from_slice(text).is_err() {
                self.forget();
                return Err(LoginError::TooLong);
            }
            *length = text.len() as u16;
        }
        (self.vendor, self.with_certificate) = (login.vendor, login.with_certificate);
        self.brand = Brand::of(login.vendor);
        self.signed = self.at;
        Ok(())
    }

    fn forget(&mut self) {
        self.brand = None;
        self.lengths = [ABSENT; TEXTS];
        self.texts.zeroize();
        // A vector without bytes keeps what it had: `zeroize` has overwritten that as well.
        self.texts.clear();
    }

    fn login(&self) -> Login<'_> {
        let mut rest = &*self.texts;
        let texts = self.lengths.map(|length| {
            if length == ABSENT {
                return None;
            }
            let (text, behind) = rest.split_at_checked(length.into())?;
            rest = behind;
            Some(text)
        });
        Login::with_texts(self.vendor, self.with_certificate, texts)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.forget();
    }
}
