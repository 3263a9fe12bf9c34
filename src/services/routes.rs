//! Tables of routes, made when this is compiled.
#![allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.

use crate::alink::{Identity, Route};
use crate::clouds::ALINK;

/// A route: the service, the number among its own, and where it leads.
#[derive(Clone, Copy)]
pub(super) struct Entry<W>(W, u8, Route);

/// The number of routes that begin with the device's prefix, or of the others.
pub(super) const fn count<W>(routes: &[(W, &[Route])], sys: bool) -> usize {
    let (mut count, mut service) = (0, 0);
    while service < routes.len() {
        let mut at = 0;
        while at < routes[service].1.len() {
            count += (routes[service].1[at].is_sys() == sys) as usize;
            at += 1;
        }
        service += 1;
    }
    count
}

/// These routes.
pub(super) const fn entries<W: Copy, const N: usize>(routes: &[(W, &[Route])], sys: bool) -> [Entry<W>; N] {
    let mut entries = [Entry(routes[0].0, 0, Route::Sys("")); N];
    let (mut count, mut service) = (0, 0);
    while service < routes.len() {
        let mut at = 0;
        while at < routes[service].1.len() {
            let route = routes[service].1[at];
            if route.is_sys() == sys {
                entries[count] = Entry(routes[service].0, at as u8, route);
                count += 1;
            }
            at += 1;
        }
        service += 1;
    }
    entries
}

/// The bits of the bytes that follow the first slash of these routes and of the device's prefix, by the lower five bits of
/// each.
pub(super) const fn seconds<W>(entries: &[Entry<W>]) -> u32 {
    let (mut seconds, mut at) = (1 << (ALINK.device.as_bytes()[1] & 0x1f), 0);
    while at < entries.len() {
        seconds |= 1 << (entries[at].2.start()[1] & 0x1f);
        at += 1;
    }
    seconds
}

/// The service that messages on `topic` are for, the number of the route among its own, and what is behind that: `sys` if
/// the topic begins with the device's prefix, else of the `others`, whose [`seconds`] are these.
pub(super) fn find<'t, W: Copy>(
    sys: &[Entry<W>],
    others: &[Entry<W>],
    seconds: u32,
    identity: &Identity,
    topic: &'t [u8],
) -> Option<(W, usize, &'t [u8])> {
    // Most topics of the user's differ in that byte.
    if seconds >> (topic.get(1)? & 0x1f) & 1 == 0 {
        return None;
    }
    let (entries, topic) = identity.path(topic).map_or((others, topic), |path| (sys, path));
    entries.iter().find_map(|Entry(which, at, route)| Some((*which, usize::from(*at), route.rest(identity, topic)?)))
}
