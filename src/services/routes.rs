//! Tables of routes, made when this is compiled.
//!
//! An entry is the service and the number of the route among its own in one byte, what its topics begin with, and what stands
//! behind the device's names, both behind their lengths. A table of enums would take 20 bytes more for each route.

use crate::alink::{Identity, Route};
use crate::bytes::strip;
use crate::clouds::ALINK;
use crate::codec::template::first_part;

/// The bytes of the table of [`table`].
#[allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.
pub(super) const fn size(routes: &[(u8, &[Route])], sys: bool) -> usize {
    let (mut size, mut service) = (0, 0);
    while service < routes.len() {
        let mut at = 0;
        while at < routes[service].1.len() {
            let route = routes[service].1[at];
            if route.is_sys() == sys {
                let [start, path] = route.pieces();
                size += 1 + 1 + start.len() + 1 + path.len();
            }
            at += 1;
        }
        service += 1;
    }
    size
}

/// The routes that begin with the device's prefix, or the others.
#[allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.
pub(super) const fn table<const N: usize>(routes: &[(u8, &[Route])], sys: bool) -> [u8; N] {
    let mut table = [0; N];
    let (mut end, mut service) = (0, 0);
    while service < routes.len() {
        let mut at = 0;
        while at < routes[service].1.len() {
            let route = routes[service].1[at];
            if route.is_sys() == sys {
                assert!(at < 8);
                table[end] = routes[service].0 << 3 | at as u8;
                let pieces = route.pieces();
                end = put(&mut table, end + 1, pieces[0]);
                end = put(&mut table, end, pieces[1]);
            }
            at += 1;
        }
        service += 1;
    }
    table
}

#[allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.
const fn put(table: &mut [u8], at: usize, piece: &[u8]) -> usize {
    table[at] = piece.len() as u8;
    let mut count = 0;
    while count < piece.len() {
        table[at + 1 + count] = piece[count];
        count += 1;
    }
    at + 1 + count
}

/// The bits of the bytes that follow the first slash of these routes and of the device's prefix, by the lower five bits of
/// each.
#[allow(clippy::indexing_slicing)] // At compile time, where a mistake does not build.
pub(super) const fn seconds(table: &[u8]) -> u32 {
    let (mut seconds, mut at) = (1 << (ALINK.device.as_bytes()[1] & 0x1f), 0);
    while at < table.len() {
        seconds |= 1 << (table[at + 3] & 0x1f);
        at += 2 + table[at + 1] as usize;
        at += 1 + table[at] as usize;
    }
    seconds
}

/// The service that messages on `topic` are for, the number of the route among its own, and what is behind that: `sys` if
/// the topic begins with the device's prefix, else of the `others`, whose [`seconds`] are these.
pub(super) fn find<'t>(
    sys: &[u8],
    others: &[u8],
    seconds: u32,
    identity: &Identity,
    topic: &'t [u8],
) -> Option<(u8, usize, &'t [u8])> {
    // Most topics of the user's differ in that byte.
    if seconds >> (topic.get(1)? & 0x1f) & 1 == 0 {
        return None;
    }
    let (mut table, topic) = identity.path(topic).map_or((others, topic), |path| (sys, path));
    while let [number, rest @ ..] = table {
        let (mut piece, rest) = first_part(rest)?;
        let (path, rest) = first_part(rest)?;
        table = rest;
        let mut behind = strip(topic, piece);
        if !path.is_empty() {
            behind = behind.and_then(|behind| strip(strip(behind, identity.names())?, path));
            piece = path;
        }
        match behind {
            // A route that ends with a slash stands for all topics that begin like it.
            Some(behind) if behind.is_empty() || piece.ends_with(b"/") => {
                return Some((number >> 3, usize::from(number & 7), behind));
            }
            _ => {}
        }
    }
    None
}
