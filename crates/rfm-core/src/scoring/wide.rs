//! Whole numbers of any size, for comparing sums of fractions exactly.

use core::cmp::Ordering;

/// A whole number, 0 or more: digits to the base 2^64, the lowest first, without zeros at the high end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wide(Vec<u64>);

impl From<u64> for Wide {
    fn from(value: u64) -> Wide {
        Wide(vec![value]).trimmed()
    }
}

impl Wide {
    pub(super) fn times_small(&self, by: u64) -> Wide {
        let mut carry = 0u64;
        let mut digits: Vec<u64> = self.0.iter().map(|digit| multiply_add(*digit, by, 0, &mut carry)).collect();
        digits.push(carry);
        Wide(digits).trimmed()
    }

    pub(super) fn plus(&self, other: &Wide) -> Wide {
        let length = self.0.len().max(other.0.len());
        let mut carry = 0u64;
        let digit = |of: &Wide, at: usize| of.0.get(at).copied().unwrap_or(0);
        let mut digits: Vec<u64> =
            (0..length).map(|at| multiply_add(digit(self, at), 1, digit(other, at), &mut carry)).collect();
        digits.push(carry);
        Wide(digits).trimmed()
    }

    pub(super) fn times(&self, other: &Wide) -> Wide {
        let mut digits = vec![0u64; self.0.len().saturating_add(other.0.len())];
        for (shift, by) in other.0.iter().enumerate() {
            let mut carry = 0u64;
            let (_, places) = digits.split_at_mut(shift);
            let (low, high) = places.split_at_mut(self.0.len());
            for (place, digit) in low.iter_mut().zip(&self.0) {
                *place = multiply_add(*digit, *by, *place, &mut carry);
            }
            // Nothing has been added here before.
            high[0] = carry;
        }
        Wide(digits).trimmed()
    }

    fn trimmed(mut self) -> Wide {
        let used = self.0.iter().rposition(|digit| *digit > 0).map_or(0, |last| last.saturating_add(1));
        self.0.truncate(used);
        self
    }
}

impl Ord for Wide {
    fn cmp(&self, other: &Wide) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Wide) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The low digit of `left · right + add + carry`, which fits two digits; `carry` becomes the high one.
fn multiply_add(left: u64, right: u64, add: u64, carry: &mut u64) -> u64 {
    let sum = u128::from(left).wrapping_mul(right.into()).wrapping_add(add.into()).wrapping_add((*carry).into());
    *carry = u64::try_from(sum >> 64).unwrap_or(u64::MAX);
    u64::try_from(sum & u128::from(u64::MAX)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wide(value: u128) -> Wide {
        Wide::from((value >> 64) as u64).times_small(1 << 32).times_small(1 << 32).plus(&Wide::from(value as u64))
    }

    proptest! {
        #[test]
        fn it_computes_as_128_bits_do(a: u64, b: u64, c: u128, d: u128) {
            let product = u128::from(a) * u128::from(b);
            prop_assert_eq!(Wide::from(a).times(&Wide::from(b)), wide(product));
            prop_assert_eq!(Wide::from(a).times_small(b), wide(product));
            prop_assert_eq!(wide(c >> 1).plus(&wide(d >> 1)), wide((c >> 1) + (d >> 1)));
            prop_assert_eq!(wide(c).cmp(&wide(d)), c.cmp(&d));
            // (c + d) a = c a + d a
            let sum = wide(c).plus(&wide(d)).times(&Wide::from(a));
            prop_assert_eq!(sum, wide(c).times_small(a).plus(&wide(d).times(&Wide::from(a))));
        }
    }
}
