//! One number from three scores.

use core::fmt;
use core::str::FromStr;

use crate::axes::{Axes, RfmCell, Score};
use crate::money::{Decimal, Scale};
use crate::ratio::Ratio;
use crate::segments::{ScoreBox, ScoreRange, SegmentError, SegmentModel, SegmentRule};

/// What each score counts for: the weighted score is their sum, R · wR + F · wF + M · wM.
///
/// SPSS Modeler has 100, 10 and 1, which writes the code as a number; shares such as 0.3, 0.4 and 0.3 keep the range of the scores.
/// Weights are 0 or more, not all 0, at most 10^12, and fractions of at most a millionth. As text: three numbers with commas between.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::Weights;
/// use rfm_core::{Ratio, RfmCell};
///
/// let cell = RfmCell::from_numbers(5, 4, 3).expect("scores begin at 1");
/// assert_eq!(Weights::default().weighted_score(cell), Ratio::from(543));
/// let shares: Weights = "0.3, 0.4, 0.3".parse()?;
/// assert_eq!(shares.weighted_score(cell).to_string(), "4");
/// assert!("1, 2".parse::<Weights>().is_err());
/// # Ok::<(), rfm_core::scoring::WeightError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    weights: Axes<Ratio>,
}

/// Why weights are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightError {
    /// Not three numbers.
    #[error("expected three weights such as `0.3, 0.4, 0.3`, found `{text}`")]
    NotThreeNumbers {
        /// The text.
        text: String,
    },
    /// Below 0, or more digits than can be computed with.
    #[error("expected weights from 0 to 10^12 with at most six decimals, found {found}")]
    Range {
        /// The weight.
        found: Ratio,
    },
    /// All of them are 0.
    #[error("all three weights are 0")]
    AllZero,
}

/// Why weighted scores cannot be named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TierError {
    /// Bounds that do not ascend.
    #[error("the bounds of tiers must ascend: {second} stands behind {first}")]
    Order {
        /// A bound.
        first: Ratio,
        /// The one behind it.
        second: Ratio,
    },
    /// A tier that no combination of scores reaches.
    #[error("no combination of scores is worth the tier `{name}`")]
    Unreachable {
        /// The name of the tier.
        name: String,
    },
    /// Names or numbers of bins that a segment model cannot have.
    #[error(transparent)]
    Segments(#[from] SegmentError),
}

impl Weights {
    /// The weights of the three scores.
    ///
    /// # Errors
    ///
    /// [`WeightError`] if one is below 0 or above 10^12, if its denominator in lowest terms is above 10^6, or if all are 0.
    pub fn try_new(weights: Axes<Ratio>) -> Result<Weights, WeightError> {
        let most = Ratio::from(1_000_000_000_000);
        let fits = |weight: &Ratio| weight.denominator() <= 1_000_000 && (Ratio::from(0)..=most).contains(weight);
        match weights.iter().find(|(_, weight)| !fits(weight)) {
            Some((_, found)) => Err(WeightError::Range { found: *found }),
            None if weights == Axes::all(Ratio::from(0)) => Err(WeightError::AllZero),
            None => Ok(Weights { weights }),
        }
    }

    /// The weight of each score.
    #[must_use]
    pub const fn weights(&self) -> &Axes<Ratio> {
        &self.weights
    }

    /// The sum of the weighted scores, exactly.
    #[must_use]
    pub fn weighted_score(&self, cell: RfmCell) -> Ratio {
        self.weights.iter().fold(Ratio::from(0), |sum, (dimension, weight)| {
            let product = weight.checked_mul(Ratio::from(i64::from(cell[dimension].number())));
            // Three times 10^14 over at most 10^18: the sum fits.
            product.and_then(|product| sum.checked_add(product)).unwrap_or(sum)
        })
    }

    /// The decimals with which weighted scores are shown: as many as the weights have, at most six.
    #[must_use]
    pub fn scale(&self) -> Scale {
        let is_whole = |scale: Scale, weight: &Ratio| {
            weight.checked_scale(scale.minor_units()).is_some_and(|scaled| scaled.denominator() == 1)
        };
        let scales = (0..=6).filter_map(Scale::new);
        let mut last = Scale::UNITS;
        for scale in scales {
            last = scale;
            if self.weights.iter().all(|(_, weight)| is_whole(scale, weight)) {
                break;
            }
        }
        last
    }

    /// A weighted score as it is shown; a tie goes to the even neighbour.
    #[must_use]
    pub fn shown(&self, cell: RfmCell) -> Decimal {
        self.weighted_score(cell).to_decimal(self.scale())
    }

    /// Segments by the weighted score: each customer belongs to the last tier whose bound is not above the score. Bounds ascend;
    /// scores below the first are the model's fallback.
    ///
    /// # Errors
    ///
    /// [`TierError`] if bounds do not ascend, if no combination of scores falls into a tier, or if a name is empty or used as the
    /// fallback.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::scoring::Weights;
    /// use rfm_core::{Axes, Ratio, RfmCell};
    ///
    /// let weights: Weights = "0.3, 0.4, 0.3".parse()?;
    /// let tiers = [(Ratio::from(0), "Lost"), (Ratio::new(21, 10), "At Risk"), (Ratio::new(41, 10), "Loyal")];
    /// let model = weights.tiers("loyalty", Axes::all(5), &tiers)?;
    /// let name = |r, f, m| model.name_of(RfmCell::from_numbers(r, f, m).expect("scores begin at 1"));
    /// assert_eq!([name(1, 2, 3), name(2, 2, 3), name(5, 4, 4)], ["Lost", "At Risk", "Loyal"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn tiers(&self, name: &str, bins: Axes<u8>, tiers: &[(Ratio, &str)]) -> Result<SegmentModel, TierError> {
        if let Some(pair) = tiers.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
            return Err(TierError::Order { first: pair[0].0, second: pair[1].0 });
        }
        let mut boxes: Vec<Vec<ScoreBox>> = vec![Vec::new(); tiers.len()];
        let tier = |recency, frequency, monetary| {
            let cell = Axes { recency, frequency, monetary };
            let reached = tiers.partition_point(|(bound, _)| *bound <= self.weighted_score(cell));
            reached.checked_sub(1)
        };
        let scores = |bins: u8| (1..=bins).filter_map(Score::new);
        for recency in scores(bins.recency) {
            for frequency in scores(bins.frequency) {
                // Along monetary value the tiers only rise: each has one run of scores.
                let column: Vec<Score> = scores(bins.monetary).collect();
                let of = |monetary: &Score| tier(recency, frequency, *monetary);
                for run in column.chunk_by(|one, next| of(one) == of(next)) {
                    if let (Some(tier), [first, .., last] | [first @ last]) = (run.first().and_then(of), run) {
                        boxes[tier].push(Axes {
                            recency: recency.number().into(),
                            frequency: frequency.number().into(),
                            monetary: ScoreRange::new(first.number(), last.number()),
                        });
                    }
                }
            }
        }
        let mut model = SegmentModel::builder(name, bins);
        // The best first, as people write them.
        for ((_, name), boxes) in tiers.iter().zip(boxes).rev() {
            if boxes.is_empty() {
                return Err(TierError::Unreachable { name: (*name).to_owned() });
            }
            model = model.rule(SegmentRule::of_boxes(*name, boxes));
        }
        Ok(model.build()?)
    }
}

/// Those of SPSS Modeler: 100, 10 and 1.
impl Default for Weights {
    fn default() -> Weights {
        Weights { weights: Axes { recency: Ratio::from(100), frequency: Ratio::from(10), monetary: Ratio::from(1) } }
    }
}

impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Axes { recency, frequency, monetary } = self.weights;
        write!(f, "{recency},{frequency},{monetary}")
    }
}

impl FromStr for Weights {
    type Err = WeightError;

    fn from_str(text: &str) -> Result<Weights, WeightError> {
        let numbers: Option<Vec<Ratio>> =
            text.split(',').map(|part| part.trim().parse::<Decimal>().ok().map(Ratio::from)).collect();
        match numbers.as_deref() {
            Some([recency, frequency, monetary]) => {
                Weights::try_new(Axes { recency: *recency, frequency: *frequency, monetary: *monetary })
            }
            _ => Err(WeightError::NotThreeNumbers { text: text.trim().to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(recency: u8, frequency: u8, monetary: u8) -> RfmCell {
        RfmCell::from_numbers(recency, frequency, monetary).unwrap()
    }

    #[test]
    fn weights_read_back_what_they_show() {
        for text in ["100,10,1", "0.3,0.4,0.3", "0,0,0.000001", "1000000000000,0,2", "1,1,1000000.000001"] {
            let weights: Weights = text.parse().unwrap();
            assert_eq!((weights.to_string(), weights.to_string().parse()), (text.to_owned(), Ok(weights)));
        }
        assert_eq!(Weights::default().to_string(), "100,10,1");
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        let error = |text: &str| text.parse::<Weights>().unwrap_err().to_string();
        assert_eq!(error("0,0,0"), "all three weights are 0");
        assert_eq!(error("1,-1,1"), "expected weights from 0 to 10^12 with at most six decimals, found -1");
        assert_eq!(
            error("1,1,0.0000001"),
            "expected weights from 0 to 10^12 with at most six decimals, found 0.0000001"
        );
        assert!(error("1,1,1000000000001").starts_with("expected weights from 0 to 10^12"));
        for text in ["", "1,2", "1,2,3,4", "a,b,c"] {
            assert_eq!(error(text), format!("expected three weights such as `0.3, 0.4, 0.3`, found `{text}`"));
        }
    }

    #[test]
    fn weighted_scores_have_the_decimals_of_the_weights() {
        let shown = |text: &str| text.parse::<Weights>().unwrap().shown(cell(5, 4, 1)).to_string();
        assert_eq!(
            ["100,10,1", "0.3,0.4,0.3", "0.25,1,0", "0.000001,0,0"].map(shown),
            ["541", "3.4", "5.25", "0.000005"]
        );
        let thirds = Weights::try_new(Axes::all(Ratio::new(1, 3))).unwrap();
        assert_eq!(
            (thirds.weighted_score(cell(5, 4, 1)), thirds.shown(cell(5, 4, 1)).to_string()),
            (Ratio::new(10, 3), "3.333333".to_owned())
        );
        let most = Weights::try_new(Axes::all(Ratio::from(1_000_000_000_000))).unwrap();
        assert_eq!(most.weighted_score(cell(100, 100, 100)), Ratio::from(300_000_000_000_000));
        // The largest denominators without a common divisor, and almost the largest weights: the sum is still exact.
        let parts = [1_000_000u64, 999_999, 999_997];
        let [recency, frequency, monetary] =
            parts.map(|part| Ratio::new(1_000_000_000_000 * i128::from(part) - 1, part));
        let fine = Weights::try_new(Axes { recency, frequency, monetary }).unwrap();
        let less = parts.map(|part| Ratio::new(-100, part)).into_iter();
        let expected = less.fold(Ratio::from(300_000_000_000_000), |sum, less| sum.checked_add(less).unwrap());
        assert_eq!(fine.weighted_score(cell(100, 100, 100)), expected);
        assert_eq!(fine.shown(cell(100, 100, 100)).to_string(), "299999999999999.999700");
    }

    #[test]
    fn tiers_are_those_of_the_weighted_score_in_every_cell() {
        // The bounds of METHODS b.11, P1, on all 125 codes.
        let weights: Weights = "0.3,0.4,0.3".parse().unwrap();
        let tiers = [(0, "Lost"), (21, "At Risk"), (31, "Potential Loyalist"), (41, "Loyal Customers")];
        let tiers = tiers.map(|(tenths, name)| (Ratio::new(tenths, 10), name));
        let model = weights.tiers("loyalty", Axes::all(5), &tiers).unwrap();
        for recency in 1..=5 {
            for frequency in 1..=5 {
                for monetary in 1..=5 {
                    let score = 3 * u32::from(recency) + 4 * u32::from(frequency) + 3 * u32::from(monetary);
                    let expected = match score {
                        ..=20 => "Lost",
                        21..=30 => "At Risk",
                        31..=40 => "Potential Loyalist",
                        _ => "Loyal Customers",
                    };
                    assert_eq!(model.name_of(cell(recency, frequency, monetary)), expected);
                }
            }
        }
        let coverage = model.coverage();
        assert!(coverage.gaps().is_empty() && coverage.overlaps().is_empty());
    }

    #[test]
    fn tiers_that_are_none_are_refused() {
        let weights = Weights::default();
        let error = |tiers: &[(Ratio, &str)]| weights.tiers("t", Axes::all(5), tiers).unwrap_err().to_string();
        let at = |bound: i64, name| (Ratio::from(bound), name);
        assert_eq!(error(&[at(300, "a"), at(300, "b")]), "the bounds of tiers must ascend: 300 stands behind 300");
        assert_eq!(error(&[at(0, "a"), at(556, "b")]), "no combination of scores is worth the tier `b`");
        assert_eq!(error(&[at(0, "a"), at(56, "b"), at(111, "c")]), "no combination of scores is worth the tier `b`");
        // What lies below the first is the fallback.
        let model = weights.tiers("t", Axes::all(5), &[at(300, "a")]).unwrap();
        assert_eq!([model.name_of(cell(2, 5, 5)), model.name_of(cell(3, 1, 1))], [model.fallback(), "a"]);
    }
}
