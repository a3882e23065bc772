//! Our own nine segments for quartile scores: every one of the 64 codes exactly once, on boxes that fit on a page.

use super::{Cells::Box, Data, Text, eleven};

pub(super) const TABLE: Data = Data {
    name: "quartile",
    description: "64 codes, 9 segments: boxes that take every code exactly once",
    source: "this library",
    bins: 4,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&eleven::CHAMPIONS, Box([(4, 4), (3, 4), (3, 4)])),
        (&LOYAL, Box([(3, 3), (3, 4), (3, 4)])),
        (&FREQUENT_LOW_SPEND, Box([(3, 4), (3, 4), (1, 2)])),
        (&BIG_SPENDERS, Box([(3, 4), (1, 2), (3, 4)])),
        (&eleven::NEW_CUSTOMERS, Box([(4, 4), (1, 2), (1, 2)])),
        (&eleven::ABOUT_TO_SLEEP, Box([(3, 3), (1, 2), (1, 2)])),
        (&eleven::AT_RISK, Box([(2, 2), (3, 4), (1, 4)])),
        (&eleven::AT_RISK, Box([(1, 2), (1, 2), (3, 4)])),
        (&CANNOT_LOSE_THEM, Box([(1, 1), (3, 4), (1, 4)])),
        (&eleven::LOST, Box([(1, 2), (1, 2), (1, 2)])),
    ],
};

const LOYAL: Text = Text {
    name: "Loyal",
    description: "Buy often and spend well, the last time not long ago",
    meaning: "They come back on their own and respond to attention",
    action: "Keep them close: a loyalty programme, products of higher value, and a reminder before the gap grows",
};

const FREQUENT_LOW_SPEND: Text = Text {
    name: "Frequent Low Spenders",
    description: "Bought recently and often, for small sums",
    meaning: "Regulars with small baskets",
    action: "Raise the basket: bundles, free delivery from a sum on, related products",
};

const BIG_SPENDERS: Text = Text {
    name: "Big Spenders",
    description: "Bought recently, rarely, for large sums",
    meaning: "Few orders that matter; the next one is worth asking for",
    action: "Advise rather than discount, and give a reason to come back sooner",
};

const CANNOT_LOSE_THEM: Text = Text {
    name: "Cannot Lose Them",
    description: "Used to buy often, but have not come back for the longest time",
    meaning: "Former regulars, most of them gone to somebody else",
    action: "Win them back by a call or a personal offer, and find out why they left",
};
