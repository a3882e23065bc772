//! What lines are worth.

use std::ops::Range;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_schema::DataType;
use rfm_core::Scale;

use super::numbers::Numbers;
use crate::rows::Column;

/// What lines are worth: at a common scale, or lent from an array of decimals that has it.
#[derive(Default)]
pub(super) struct Amounts {
    units: Vec<i128>,
    scale: Scale,
    lent: Option<Range<usize>>,
}

impl Amounts {
    /// The numbers, at a common scale.
    pub(super) fn take(&mut self, numbers: &Numbers) -> Option<()> {
        let Some(scale) = numbers.scale() else {
            return self.bring(numbers.units().iter().copied().map(Some), numbers.places());
        };
        self.units.clear();
        self.units.extend(numbers.units().iter().map(|units| i128::from(*units)));
        (self.scale, self.lent) = (scale, None);
        Some(())
    }

    /// Quantity times price, where the decimals of both are at most nine together.
    pub(super) fn multiply(&mut self, quantities: &mut Numbers, prices: &mut Numbers) -> Option<()> {
        if let (Some(left), Some(right)) = (quantities.scale(), prices.scale())
            && left.min(right) == Scale::UNITS
        {
            let mut are_small = true;
            let pairs = quantities.units().iter().zip(prices.units());
            self.units.clear();
            self.units.extend(pairs.map(|(quantity, price)| {
                let (product, is_large) = quantity.overflowing_mul(*price);
                are_small &= !is_large;
                i128::from(product)
            }));
            // As many decimals as one of them needs: the other factor is whole.
            (self.scale, self.lent) = (left.max(right), None);
            return are_small.then_some(());
        }
        // What a line needs is not what its factors need together, if those are of different lines.
        [&mut *quantities, &mut *prices].into_iter().for_each(Numbers::tell_apart);
        let pairs = quantities.places().zip(prices.places());
        let places = pairs.map(|(left, right)| left.decimals() + right.decimals());
        Scale::new(places.clone().max().unwrap_or_default())?;
        let pairs = quantities.units().iter().zip(prices.units());
        let products = pairs.map(|(quantity, price)| quantity.checked_mul(*price));
        self.bring(products, places.map(|places| Scale::new(places).unwrap_or_default()))
    }

    fn bring(
        &mut self,
        numbers: impl Iterator<Item = Option<i64>>,
        places: impl Iterator<Item = Scale> + Clone,
    ) -> Option<()> {
        let scale = places.clone().max().unwrap_or_default();
        // Of 64 bits times 10^9 at most 94 are in use.
        let mut factors = [1; 10];
        for (factor, below) in factors.iter_mut().zip(0..=scale.decimals()) {
            *factor = i128::from(Scale::new(scale.decimals() - below)?.minor_units());
        }
        self.units.clear();
        (self.scale, self.lent) = (scale, None);
        for (units, places) in numbers.zip(places) {
            self.units.push(i128::from(units?) * factors.get(usize::from(places.decimals()))?);
        }
        Some(())
    }

    /// Decimals of 128 bits without nulls: as they are, or without the zeros that all of them end with, so that the scale is the
    /// one that a text of them would have.
    pub(super) fn lend_from(&mut self, column: &Column, chosen: &Range<usize>, round: Option<Scale>) -> Option<()> {
        let array = column.plain()?;
        let DataType::Decimal128(_, places) = array.data_type() else { return None };
        let places = Scale::new(u8::try_from(*places).ok()?)?;
        let decimals = array.as_primitive_opt::<Decimal128Type>()?;
        let values = decimals.values().get(chosen.clone())?;
        if decimals.nulls().is_some_and(|nulls| nulls.slice(chosen.start, chosen.len()).null_count() > 0) {
            return None;
        }
        let mut zeros = places;
        for value in values {
            let value = i64::try_from(*value).ok()?;
            while zeros > Scale::UNITS && value % zeros.minor_units() != 0 {
                zeros = Scale::new(zeros.decimals() - 1)?;
            }
        }
        let scale = Scale::new(places.decimals() - zeros.decimals())?;
        if round.is_some_and(|round| scale > round) {
            return None;
        }
        self.units.clear();
        (self.scale, self.lent) = (scale, (zeros == Scale::UNITS).then(|| chosen.clone()));
        if self.lent.is_none() {
            let divisor = i128::from(zeros.minor_units());
            self.units.extend(values.iter().map(|value| value / divisor));
        }
        Some(())
    }

    /// The amounts that were read last, of the same column.
    pub(super) fn lend<'a>(&'a self, column: Option<&'a Column>) -> Option<(&'a [i128], Scale)> {
        match &self.lent {
            None => Some((&self.units, self.scale)),
            Some(range) => {
                let values = column?.plain()?.as_primitive_opt::<Decimal128Type>()?.values();
                Some((values.get(range.clone())?, self.scale))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Decimal32Array, Decimal64Array, Decimal128Array, Float64Array, Int64Array};

    use super::super::tests::{column, reading};
    use super::*;

    fn decimals(units: &[i64], scale: i8) -> ArrayRef {
        let array = Decimal64Array::from(units.to_vec()).with_precision_and_scale(18, scale);
        Arc::new(array.unwrap())
    }

    fn numbers(array: ArrayRef) -> Numbers {
        let (rows, mut numbers) = (array.len(), Numbers::default());
        reading(|reading| numbers.fill(&column(array), &(0..rows), rows, reading, true)).unwrap();
        numbers
    }

    fn products(quantities: ArrayRef, prices: ArrayRef) -> Option<(Vec<i128>, u8)> {
        let mut amounts = Amounts::default();
        amounts.multiply(&mut numbers(quantities), &mut numbers(prices))?;
        Some((amounts.units, amounts.scale.decimals()))
    }

    fn whole(numbers: &[i64]) -> ArrayRef {
        Arc::new(Int64Array::from(numbers.to_vec()))
    }

    #[test]
    fn decimals_are_lent_as_they_are() {
        let money = |units: Vec<i128>| {
            let array: ArrayRef = Arc::new(Decimal128Array::from(units).with_precision_and_scale(12, 4).unwrap());
            column(array)
        };
        let column = money(vec![7, 10_001, -20_000]);
        let mut amounts = Amounts::default();
        amounts.lend_from(&column, &(1..3), None).unwrap();
        assert_eq!(amounts.lend(Some(&column)).unwrap(), (&[10_001, -20_000][..], Scale::new(4).unwrap()));
        assert!(amounts.units.is_empty());
        let column = money(vec![12_500, 0, -20_000]);
        amounts.lend_from(&column, &(0..3), None).unwrap();
        assert_eq!(
            amounts.lend(Some(&column)).unwrap(),
            (&[125, 0, -200][..], Scale::CENTS),
            "as a text of them would be"
        );
        assert!(amounts.lend_from(&column, &(0..3), Some(Scale::UNITS)).is_none(), "has to be rounded");
    }

    #[test]
    fn products_have_as_many_decimals_as_a_line_needs() {
        assert_eq!(products(whole(&[3, -2]), decimals(&[150, 275], 2)).unwrap(), (vec![450, -550], 2));
        assert_eq!(products(whole(&[3, -2]), decimals(&[150, 270], 2)).unwrap(), (vec![45, -54], 1));
        assert_eq!(products(whole(&[3, -2]), decimals(&[0, 0], 9)).unwrap(), (vec![0, 0], 0));
        assert_eq!(products(whole(&[3, -2]), decimals(&[5, 7], 0)).unwrap(), (vec![15, -14], 0));
        assert_eq!(products(whole(&[3, -2]), decimals(&[1, 0], 9)).unwrap(), (vec![3, 0], 9));
        // 0.5 x 3 and 2 x 0.25: no line needs three decimals.
        let (quantities, prices) = (decimals(&[5, 20], 1), decimals(&[300, 25], 2));
        assert_eq!(products(quantities, prices).unwrap(), (vec![150, 50], 2));
        let prices: ArrayRef = Arc::new(Float64Array::from(vec![1.5, 2.75]));
        assert_eq!(products(whole(&[3, -2]), prices).unwrap(), (vec![450, -550], 2));
        let prices: ArrayRef = Arc::new(Float64Array::from(vec![1.5, 0.000_25]));
        assert_eq!(products(whole(&[3, -2]), prices).unwrap(), (vec![450_000, -50], 5));
        let prices = Decimal32Array::from(vec![i32::MIN, i32::MAX]).with_precision_and_scale(9, 2);
        let expected = (vec![-6_442_450_944, -4_294_967_294], 2);
        assert_eq!(products(whole(&[3, -2]), Arc::new(prices.unwrap())).unwrap(), expected);
    }

    #[test]
    fn products_beyond_64_bits_are_left_to_the_rows() {
        assert!(products(whole(&[1, 2]), whole(&[i64::MAX, i64::MAX])).is_none());
        assert_eq!(
            products(whole(&[1, 1]), whole(&[i64::MAX, i64::MIN])).unwrap().0,
            [i64::MAX.into(), i64::MIN.into()]
        );
        assert!(products(whole(&[-1]), whole(&[i64::MIN])).is_none());
        assert!(products(decimals(&[1], 5), decimals(&[1], 5)).is_none(), "ten decimals");
    }
}
