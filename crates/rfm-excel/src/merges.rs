//! Merged cells of `.xls`: one value, shown over an area. The other cells of the area are empty, and were meant to have the
//! value or to have none; nobody can tell.

use std::ops::Range;

use calamine::Dimensions;

/// The merged areas of a sheet, asked row by row from the top.
#[derive(Debug, Default)]
pub(crate) struct Merges {
    /// By their first rows.
    areas: Vec<Dimensions>,
    next: usize,
    active: Vec<Dimensions>,
}

impl Merges {
    pub(crate) fn new(mut areas: Vec<Dimensions>) -> Merges {
        areas.retain(|area| area.start.0 <= area.end.0 && area.start.1 <= area.end.1);
        areas.sort();
        Merges { areas, next: 0, active: Vec::new() }
    }

    /// The columns of a row that are covered; rows are counted from 0 and asked in ascending order.
    pub(crate) fn covered(&mut self, row: u32) -> impl Iterator<Item = Range<u32>> {
        self.active.retain(|area| area.end.0 >= row);
        while let Some(area) = self.areas.get(self.next).filter(|area| area.start.0 <= row) {
            self.next += 1;
            if area.end.0 >= row {
                self.active.push(*area);
            }
        }
        self.active.iter().map(move |area| {
            let first = area.start.1 + u32::from(area.start.0 == row);
            first..area.end.1.saturating_add(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_cells_of_an_area_but_the_first_are_covered() {
        let area = |start, end| Dimensions { start, end };
        let mut merges = Merges::new(vec![area((4, 0), (6, 0)), area((1, 2), (2, 3)), area((9, 9), (8, 8))]);
        let covered = |merges: &mut Merges, row| -> Vec<u32> { merges.covered(row).flatten().collect() };
        assert!(covered(&mut merges, 0).is_empty());
        assert_eq!(covered(&mut merges, 1), [3]);
        assert_eq!(covered(&mut merges, 2), [2, 3]);
        assert!(covered(&mut merges, 4).is_empty());
        assert_eq!(covered(&mut merges, 6), [0]);
        assert!(covered(&mut merges, 8).is_empty());
    }
}
