//! Tiles of equal count as SPSS Modeler makes them.
//!
//! A tile is to hold n/k customers. From the worst value to the best, values fill the tiles; one whose customers stand on both sides
//! of the end of a tile stays in it ("Keep in current", the default there) or begins the next ("Add to next"). No value begins more
//! than one tile, so that the ends of later tiles move. IBM's documentation ("Tiles (Equal Count or Sum)") has 10, 13, 15, 15
//! and 20 in quartiles: 1, 1, 2, 2, 3 in the first way, and 1, 2, 3, 3, 4 in the second.

use super::ranks::{self, Place};
use super::{Bins, CutPoints, FitError, Values};

/// Keeps ties in the current tile.
pub(super) fn fit_current(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    let mut tile = 0u128;
    ranks::cuts(values, bins, |place| {
        let current = tile;
        if filled(bins, place)? >= room(tile, place)? {
            tile = tile.saturating_add(1);
        }
        Some(current)
    })
}

/// Adds ties to the next tile.
pub(super) fn fit_next(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    let mut tile = 0u128;
    ranks::cuts(values, bins, |place| {
        if filled(bins, place)? > room(tile, place)? {
            tile = tile.saturating_add(1);
        }
        Some(tile)
    })
}

/// The customers up to this place, k times over, which keeps both sides of the comparison whole.
fn filled(bins: Bins, place: Place) -> Option<u128> {
    place.worse.checked_add(place.equal)?.checked_mul(bins.number().into())
}

/// The customers that this tile and those before it are to hold, k times over.
fn room(tile: u128, place: Place) -> Option<u128> {
    tile.checked_add(1)?.checked_mul(place.all)
}
