//! The random numbers of the generator.
//!
//! Own code, because generated files are committed and compared byte by byte: the streams of published generators change
//! between versions. Whole numbers only: `ln`, `exp` and `pow` differ in the last digit between platforms.

/// SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195): a counter and a mixing function.
///
/// Starting a stream costs a few multiplications, so every customer and every order has one of its own, and any of them
/// can be made again without the others. That is what keeps the generator's memory small.
#[derive(Clone, Copy, Debug)]
pub struct SplitMix64 {
    state: u64,
}

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl SplitMix64 {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The stream of one item of a run, independent of the streams of all others.
    pub(crate) fn for_item(seed: u64, kind: u64, first: u32, second: u32) -> Self {
        let item = u64::from(first) << 32 | u64::from(second);
        Self { state: mix(mix(seed.wrapping_add(GAMMA.wrapping_mul(kind))) ^ item.wrapping_mul(GAMMA)) }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        mix(self.state)
    }

    /// A number from 0 to `n - 1`; 0 for `n = 0`.
    ///
    /// The high half of a product (Lemire 2019, doi:10.1145/3230636) without its rejection step: numbers differ in
    /// likelihood by less than 2^-32, which no test here can see, and every draw takes one step of the stream.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next_u64()) * u128::from(n)) >> 64) as u32
    }

    /// True `n` times in a thousand.
    pub fn per_mille(&mut self, n: u32) -> bool {
        self.below(1000) < n
    }

    /// A heavy tail: between 2^j and 2^(j+1) - 1 evenly, where j grows by one with likelihood `up`/1000 up to `top`. So the
    /// likelihood of at least 2^j is (up/1000)^j, a power law with exponent log2(1000/up), without a logarithm.
    pub(crate) fn heavy(&mut self, up: u32, top: u32) -> u32 {
        let mut level = 0;
        while level < top && self.per_mille(up) {
            level += 1;
        }
        (1 << level) + self.below(1 << level)
    }
}

/// The finalizer of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_published_numbers() {
        let mut random = SplitMix64::new(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn below_is_even_and_in_range() {
        let mut random = SplitMix64::new(1);
        let mut counts = [0; 7];
        for _ in 0..70_000 {
            counts[random.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn heavy_tail_falls_by_its_factor() {
        let mut random = SplitMix64::new(2);
        let numbers: Vec<u32> = (0..80_000).map(|_| random.heavy(500, 5)).collect();
        assert!(numbers.iter().all(|n| (1..64).contains(n)));
        for level in 1..=5 {
            let share = numbers.iter().filter(|&&n| n >= 1 << level).count() << level;
            assert!((70_000..90_000).contains(&share), "level {level}: {share}");
        }
    }

    #[test]
    fn neighbouring_items_have_unrelated_streams() {
        let mut ones = 0;
        for item in 0..1000 {
            let a = SplitMix64::for_item(5, 1, item, 0).next_u64();
            let b = SplitMix64::for_item(5, 1, item, 1).next_u64();
            ones += (a ^ b).count_ones();
        }
        assert!((31_000..33_000).contains(&ones), "{ones}");
    }
}
