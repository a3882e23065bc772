//! Every scoring method from its formula, one customer after the other.

use std::collections::BTreeSet;

use rfm_core::scoring::{Closed, CustomCuts};
use rfm_core::{CutMethod, Dimension, RankMethod, Ratio, Scale, Scoring};

/// The scores of values, by their method's own formula. Ties that a method splits are split in the order of the rows, or by a
/// number made of their ids.
///
/// # Panics
///
/// If there is no reference for the method yet, or of natural breaks if there are more than 14 distinct values or 40 customers.
pub fn scores(dimension: Dimension, scoring: &Scoring, values: &[i128], scale: Scale, ids: &[&str]) -> Vec<u8> {
    let all = All::new(dimension, values);
    let score = |row: usize| match scoring {
        Scoring::Cuts(method) => all.cut_score(method, values[row], scale),
        Scoring::Ranks(RankMethod::Ntile(ntile)) => {
            ntile_group(all.rank(row, |row| row), values.len(), ntile.bins().number())
        }
        Scoring::Ranks(RankMethod::RandomTies(random)) => {
            let rank = all.rank(row, |row| (random_number(random.seed(), dimension, ids[row]), row));
            rank * usize::from(random.bins().number()) / (values.len() + 1) + 1
        }
        Scoring::Ranks(RankMethod::NtileBestFirst(bins)) => {
            let from_best = values.len() + 1 - all.rank(row, std::cmp::Reverse);
            usize::from(bins.number()) + 1 - ntile_group(from_best, values.len(), bins.number())
        }
        Scoring::Ranks(RankMethod::RankFirstQcut(bins)) => {
            let ranks: Vec<i128> = (1..=values.len()).map(whole).collect();
            let rank = whole(all.rank(row, |row| row));
            (1..bins.number()).filter(|part| is_above_quantile(rank, &ranks, *part, bins.number())).count() + 1
        }
        other => panic!("no reference for {other:?}"),
    };
    (0..values.len()).map(|row| u8::try_from(score(row)).expect("at most 100 bins")).collect()
}

/// The values of all customers.
struct All<'v> {
    dimension: Dimension,
    values: &'v [i128],
    ascending: Vec<i128>,
}

impl<'v> All<'v> {
    fn new(dimension: Dimension, values: &'v [i128]) -> Self {
        let mut ascending = values.to_vec();
        ascending.sort_unstable();
        Self { dimension, values, ascending }
    }

    fn is_worse(&self, one: i128, other: i128) -> bool {
        if self.dimension == Dimension::Recency { one > other } else { one < other }
    }

    fn worse(&self, value: i128) -> usize {
        self.values.iter().filter(|other| self.is_worse(**other, value)).count()
    }

    fn equal(&self, value: i128) -> usize {
        self.values.iter().filter(|other| **other == value).count()
    }

    /// The rank of a row, 1 for the worst, no two alike.
    fn rank<K: Ord>(&self, row: usize, tie: impl Fn(usize) -> K) -> usize {
        let value = self.values[row];
        let earlier = (0..self.values.len()).filter(|other| self.values[*other] == value && tie(*other) < tie(row));
        self.worse(value) + earlier.count() + 1
    }

    fn cut_score(&self, method: &CutMethod, value: i128, scale: Scale) -> usize {
        let (n, bins) = (self.values.len(), usize::from(method.bins()));
        let (worse, equal) = (self.worse(value), self.equal(value));
        // How many cuts a value is above, turned round where less is better.
        let above = |cuts: usize| if self.dimension == Dimension::Recency { bins - cuts } else { cuts + 1 };
        let parts = 1..method.bins();
        let quantile = |value: i128, part: &u8| is_above_quantile(value, &self.ascending, *part, method.bins());
        // On a quantile or above it is not below it, which of the mirror image is above.
        let mirrored: Vec<i128> = self.ascending.iter().rev().map(|value| -value).collect();
        let reaches =
            |value: i128, part: &u8| !is_above_quantile(-value, &mirrored, method.bins() - *part, method.bins());
        match method {
            CutMethod::Quantile(_) => above(parts.filter(|part| quantile(value, part)).count()),
            CutMethod::QuantileLeft(_) => above(parts.filter(|part| reaches(value, part)).count()),
            CutMethod::RfmR(_) => {
                let unit = i128::from(scale.minor_units());
                above(parts.filter(|part| reaches(value - unit, part)).count())
            }
            // p = worse / (n - 1) reaches (score - 1) / bins
            CutMethod::PercentRank(_) if n == 1 => 1,
            CutMethod::PercentRank(_) => bins + 1 - first(bins, |step| worse * bins >= (bins - step) * (n - 1)),
            // d = (n - worse) / n is at most step / bins
            CutMethod::CumeDist(_) => bins + 1 - first(bins, |step| (n - worse) * bins <= step * n),
            CutMethod::CumeDistWorstFirst(_) => first(bins, |score| (worse + equal) * bins <= score * n),
            CutMethod::TilesCurrent(_) => self.tile(value, |count, end| count >= end, false, bins),
            CutMethod::TilesNext(_) => self.tile(value, |count, end| count > end, true, bins),
            CutMethod::RankMinCut(_) => {
                let lowest_ranks = self.values.iter().map(|value| self.worse(*value) + 1);
                let (rank, low, high) = (worse + 1, 1, lowest_ranks.max().expect("there is a customer"));
                // pandas widens a span that is none on both sides alike.
                let (rank, low, high) = if low == high { (1, 0, 2) } else { (rank, low, high) };
                first(bins, |bin| (rank - low) * bins <= bin * (high - low))
            }
            // rank = worse + (equal + 1) / 2
            CutMethod::ProcRank(_) => (2 * worse + equal + 1) * bins / (2 * (n + 1)) + 1,
            CutMethod::P0Quartile(_) => {
                let cut = |part: usize| self.ascending[(n * part / bins).max(1) - 1];
                above((1..bins).filter(|part| value >= cut(*part)).count())
            }
            CutMethod::QcutDrop(_) => {
                // All times the bins, so that quantiles are whole.
                let parts = whole(bins);
                let quantile = |part: usize| {
                    let (at, rest) = ((n - 1) * part / bins, (n - 1) * part % bins);
                    let next = self.ascending[(at + 1).min(n - 1)];
                    self.ascending[at] * parts + whole(rest) * (next - self.ascending[at])
                };
                let (lowest, highest) = (self.ascending[0] * parts, self.ascending[n - 1] * parts);
                let kept: BTreeSet<i128> =
                    (1..bins).map(quantile).filter(|cut| lowest < *cut && *cut < highest).collect();
                let passed = kept.iter().filter(|cut| **cut < value * parts).count();
                if self.dimension == Dimension::Recency { kept.len() + 1 - passed } else { passed + 1 }
            }
            CutMethod::NaturalBreaks(_) => self.natural_class(value, bins),
            CutMethod::Percentiles(percentiles) => {
                let cuts = percentiles.percentages().iter();
                above(cuts.filter(|cut| self.is_above_percentile(value, **cut)).count())
            }
            CutMethod::Custom(cuts) => above(passed_cuts(value, cuts, scale)),
            other => panic!("no reference for {other:?}"),
        }
    }

    /// The tile that a value is put into, when all up to it are: whether one is full is asked before the value or behind it.
    fn tile(&self, value: i128, is_full: fn(usize, usize) -> bool, before: bool, bins: usize) -> usize {
        let mut distinct: Vec<i128> =
            self.values.iter().copied().filter(|other| !self.is_worse(value, *other)).collect();
        distinct.sort_unstable();
        distinct.dedup();
        if self.dimension == Dimension::Recency {
            distinct.reverse();
        }
        let (mut tile, mut of_value) = (1, 1);
        for value in distinct {
            let count = self.worse(value) + self.equal(value);
            let next = tile + usize::from(is_full(count * bins, tile * self.values.len()));
            of_value = if before { next } else { tile };
            tile = next;
        }
        of_value.min(bins)
    }

    /// The class, 1 for the worst, among the best of all ways to cut the distinct values.
    fn natural_class(&self, value: i128, bins: usize) -> usize {
        let mut distinct = self.ascending.clone();
        distinct.dedup();
        if self.dimension == Dimension::Recency {
            distinct.reverse();
        }
        assert!(distinct.len() <= 14 && self.values.len() <= 40, "there are too many ways");
        let classes = bins.min(distinct.len());
        // Every fraction of a number of customers is whole in it.
        let common = (1..=whole(self.values.len())).fold(1, |common, count| common / gcd(common, count) * count);
        let worth = |starts: &[usize]| {
            let ends = starts.iter().skip(1).copied().chain([distinct.len()]);
            let worth = |(start, end): (&usize, usize)| {
                let class = &distinct[*start..end];
                let customers: i128 = class.iter().map(|value| whole(self.equal(*value))).sum();
                let sum: i128 = class.iter().map(|value| (value - distinct[0]) * whole(self.equal(*value))).sum();
                // The squared deviations are least where the squares of the sums are most.
                sum * sum * (common / customers)
            };
            starts.iter().zip(ends).map(worth).sum::<i128>()
        };
        // Starts as bits of a number; the first is always there.
        let mut best: Option<(i128, Vec<usize>)> = None;
        for bits in 0..1u32 << distinct.len() {
            if bits.count_ones() as usize != classes || bits & 1 == 0 {
                continue;
            }
            let starts: Vec<usize> = (0..distinct.len()).filter(|at| bits >> at & 1 == 1).collect();
            let found = worth(&starts);
            let is_better = best.as_ref().is_none_or(|(most, of)| found > *most || found == *most && starts < *of);
            if is_better {
                best = Some((found, starts));
            }
        }
        let position = distinct.iter().position(|other| *other == value).expect("it is a value");
        best.expect("there is a way").1.iter().filter(|start| **start <= position).count()
    }

    /// Whether a value is above the type-7 quantile at a percentage.
    fn is_above_percentile(&self, value: i128, percentage: Ratio) -> bool {
        let (part, parts) = (percentage.numerator(), i128::from(percentage.denominator()) * 100);
        let steps = whole(self.ascending.len() - 1) * part;
        let (below, rest) = (usize::try_from(steps / parts).expect("few customers"), steps % parts);
        let lower = self.ascending[below];
        let upper = if rest == 0 { lower } else { self.ascending[below + 1] };
        value * parts > lower * parts + (upper - lower) * rest
    }
}

/// The first of 1 to k that fits; the last always does.
fn first(bins: usize, fits: impl Fn(usize) -> bool) -> usize {
    (1..=bins).find(|bin| fits(*bin)).expect("the last one fits")
}

/// The group of a rank where the first of the groups have one more: walks through them.
fn ntile_group(rank: usize, customers: usize, bins: u8) -> usize {
    let bins = usize::from(bins);
    let mut last = 0;
    for group in 1..=bins {
        last += customers / bins + usize::from(group <= customers % bins);
        if rank <= last {
            return group;
        }
    }
    unreachable!("the groups have all customers")
}

/// FNV-1a over the name of the dimension, a zero and the id, then the finalizer of SplitMix64.
fn random_number(seed: u64, dimension: Dimension, id: &str) -> u64 {
    let mut hash = 14_695_981_039_346_656_037_u64 ^ seed;
    for byte in format!("{dimension}\0{id}").bytes() {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(1_099_511_628_211);
    }
    hash = (hash ^ hash >> 30).wrapping_mul(13_787_848_793_156_543_929);
    hash = (hash ^ hash >> 27).wrapping_mul(10_723_151_780_598_845_931);
    hash ^ hash >> 31
}

/// Whether a value is above the type-7 quantile at `part / parts`: with h = (n − 1) part / parts,
/// x\[floor h\] + (h − floor h)(x\[floor h + 1\] − x\[floor h\]).
fn is_above_quantile(value: i128, sorted: &[i128], part: u8, parts: u8) -> bool {
    let (part, parts) = (usize::from(part), usize::from(parts));
    let below = (sorted.len() - 1) * part / parts;
    let rest = (sorted.len() - 1) * part - below * parts;
    let upper = if rest == 0 { sorted[below] } else { sorted[below + 1] };
    value * whole(parts) > sorted[below] * whole(parts) + (upper - sorted[below]) * whole(rest)
}

fn passed_cuts(value: i128, cuts: &CustomCuts, scale: Scale) -> usize {
    let passes = |cut: &&Ratio| {
        // value / unit against numerator / denominator
        let value = value * i128::from(cut.denominator());
        let cut = cut.numerator() * i128::from(scale.minor_units());
        value > cut || cuts.closed() == Closed::Left && value == cut
    };
    cuts.cuts().iter().filter(passes).count()
}

fn gcd(one: i128, other: i128) -> i128 {
    if other == 0 { one } else { gcd(other, one % other) }
}

fn whole(number: usize) -> i128 {
    i128::try_from(number).expect("few customers")
}
