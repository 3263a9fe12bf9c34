//! A login to a vendor cloud, as the device sees it.

use super::Brand;
use super::account::Account;
use super::error::LoginError;
use super::login::Login;
use super::protocol::Moment;
use crate::clouds::Endpoint;
use crate::clouds::cloud::Cloud;
use crate::mqtt::{Connect, Session};

impl Cloud for Login<'_> {
    type Error = LoginError;

    fn resolve(&self, keepalive: u16, _is_clean: bool, endpoint: &mut Endpoint) -> Result<(), LoginError> {
        Brand::of(self.vendor).ok_or(LoginError::Vendor)?.resolve(self, keepalive, endpoint)
    }

    fn write(&self, moment: Moment, _: bool, connect: &mut Connect) -> Result<(), LoginError> {
        let brand = Brand::of(self.vendor).ok_or(LoginError::Vendor)?;
        if brand.signs_time(self) && !moment.is_known() {
            return Err(LoginError::Clock);
        }
        brand.write(self, moment, connect)
    }

    fn keep(&self, account: &mut Account, session: Option<&mut Session>) -> Result<(), LoginError> {
        account.keep(self)?;
        let subscribed = session.map_or(Ok(()), |session| account.subscribe(session));
        if subscribed.is_err() {
            // The device stays off: nothing would overwrite the secret.
            account.forget();
        }
        subscribed
    }

    fn names(&self) -> Option<[&[u8]; 2]> {
        Some([b"", b""])
    }
}
