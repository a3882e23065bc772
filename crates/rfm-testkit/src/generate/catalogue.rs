//! What the shop of the generator sells, and where its customers live.

use super::random::SplitMix64;

/// One product: text as a person reads it, and as it stands in a CSV file.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) sku: String,
    pub(super) description: String,
    pub(super) description_csv: Vec<u8>,
    /// In cents.
    pub(super) price: u32,
}

/// All products. Two of eight descriptions have a comma, one of them quotes as well; a few have letters beyond ASCII.
#[derive(Debug)]
pub(super) struct Catalogue {
    products: Vec<Product>,
}

const THINGS: [(&str, u32); 24] = [
    ("mug", 695),
    ("tea towel", 450),
    ("notebook", 325),
    ("candle", 850),
    ("gift bag", 85),
    ("photo frame", 1295),
    ("paper napkins", 125),
    ("lunch box", 1150),
    ("greeting card", 195),
    ("storage tin", 575),
    ("jam jar", 165),
    ("bunting", 595),
    ("key ring", 245),
    ("cushion cover", 1395),
    ("hot water bottle", 1095),
    ("umbrella", 1650),
    ("cake stand", 2495),
    ("doormat", 1850),
    ("breakfast tray", 1895),
    ("garden lantern", 2250),
    ("wall clock", 3295),
    ("picnic basket", 4495),
    ("café set", 5995),
    ("oil lamp", 7950),
];

const KINDS: [&str; 16] = [
    "blue", "red", "green", "white", "black", "rose", "striped", "spotted", "vintage", "oak", "linen", "ceramic",
    "small", "large", "folding", "crème",
];

const QUANTITIES: [(i32, u32); 10] =
    [(1, 520), (2, 190), (3, 80), (4, 60), (6, 60), (12, 50), (24, 25), (48, 10), (96, 4), (240, 1)];

const COUNTRIES: [(&str, u32); 10] = [
    ("United Kingdom", 620),
    ("Germany", 90),
    ("France", 80),
    ("Ireland", 50),
    ("Netherlands", 40),
    ("Spain", 35),
    ("Belgium", 30),
    ("Switzerland", 25),
    ("Portugal", 20),
    ("Australia", 10),
];

impl Catalogue {
    pub(super) fn new() -> Self {
        let mut products = Vec::with_capacity(THINGS.len() * KINDS.len());
        for (thing, (name, base)) in THINGS.iter().enumerate() {
            for (kind, adjective) in KINDS.iter().enumerate() {
                let number = thing * KINDS.len() + kind;
                let description = match number % 8 {
                    5 => format!("{}, {adjective}", capital(name)),
                    6 => format!("{} \"Aurora\", {adjective}", capital(name)),
                    _ => format!("{} {name}", capital(adjective)),
                };
                let variant = if kind % 4 == 3 { "B" } else { "" };
                products.push(Product {
                    sku: format!("{}{variant}", 20_000 + number * 7),
                    description_csv: quoted(&description),
                    description,
                    price: base + base * kind as u32 / 40,
                });
            }
        }
        Self { products }
    }

    pub(super) fn product(&self, index: u16) -> &Product {
        &self.products[usize::from(index)]
    }

    /// A product, the first ones far more often: the product of two even numbers.
    pub(super) fn pick(&self, random: &mut SplitMix64) -> u16 {
        let n = self.products.len() as u32;
        let spread = (u64::from(random.below(1 << 16)) * u64::from(random.below(1 << 16))) >> 16;
        // Things and kinds are laid out thing by thing; the stride mixes them so that favourites differ in price.
        ((((spread * u64::from(n)) >> 16) * 37) % u64::from(n)) as u16
    }
}

/// The products of one order, so that no two of its lines are equal by chance.
#[derive(Default)]
pub(super) struct Basket {
    products: [u64; (THINGS.len() * KINDS.len()).div_ceil(64)],
}

impl Basket {
    /// Adds the product, or the next one that is not in the basket yet. An order is far shorter than the catalogue.
    pub(super) fn add(&mut self, mut product: u16) -> u16 {
        loop {
            let (word, bit) = (usize::from(product / 64), 1 << (product % 64));
            if self.products[word] & bit == 0 {
                self.products[word] |= bit;
                return product;
            }
            product = (product + 1) % (THINGS.len() * KINDS.len()) as u16;
        }
    }
}

pub(super) fn pick_quantity(random: &mut SplitMix64) -> i32 {
    QUANTITIES[weighted(random, QUANTITIES.iter().map(|entry| entry.1))].0
}

pub(super) fn pick_country(random: &mut SplitMix64) -> u8 {
    weighted(random, COUNTRIES.iter().map(|entry| entry.1)) as u8
}

pub(super) fn country(index: u8) -> &'static str {
    COUNTRIES[usize::from(index)].0
}

/// The index of a weight, drawn by weights that add up to 1000.
fn weighted(random: &mut SplitMix64, weights: impl Iterator<Item = u32>) -> usize {
    let mut left = random.below(1000);
    for (index, weight) in weights.enumerate() {
        if left < weight {
            return index;
        }
        left -= weight;
    }
    0
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn quoted(text: &str) -> Vec<u8> {
    if text.contains(['"', ',']) { format!("\"{}\"", text.replace('"', "\"\"")).into_bytes() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn weights_add_up_to_a_thousand() {
        assert_eq!(QUANTITIES.iter().map(|entry| entry.1).sum::<u32>(), 1000);
        assert_eq!(COUNTRIES.iter().map(|entry| entry.1).sum::<u32>(), 1000);
    }

    #[test]
    fn nearly_every_product_is_sold_and_skus_differ() {
        let catalogue = Catalogue::new();
        let skus: HashSet<&str> = catalogue.products.iter().map(|product| product.sku.as_str()).collect();
        assert_eq!(skus.len(), THINGS.len() * KINDS.len());
        let mut random = SplitMix64::new(3);
        let sold: HashSet<u16> = (0..100_000).map(|_| catalogue.pick(&mut random)).collect();
        // The last one sells three times in a million.
        assert!(sold.len() > 375, "{}", sold.len());
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(quoted("Mug"), b"Mug");
        assert_eq!(quoted("Mug, blue"), b"\"Mug, blue\"");
        assert_eq!(quoted("6\" plate"), b"\"6\"\" plate\"");
    }
}
