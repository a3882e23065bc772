//! The default segments of `rfm_segments` in pymc-marketing, over quartiles. There the last match wins; no code is listed twice, so
//! that the first one is the same.

use super::{Cells::Codes, Data, Text};

/// 18 codes are nobody's, 441 and 442 among them: the most recent and most frequent customers, with small baskets.
pub(super) const TABLE: Data = Data {
    name: "pymc",
    description: "pymc-marketing 0.19, default: 5 segments, 18 of 64 codes are Other",
    source: "pymc-marketing 0.19.2, clv.utils.rfm_segments, default segment_config",
    bins: 4,
    fallback: "Other",
    rules: &[
        (&PREMIUM, Codes("333 334 343 344 433 434 443 444")),
        (&REPEAT, Codes("143 232 233 234 243 244 332")),
        (&TOP_SPENDER, Codes("124 133 134 144 224 313 314 323 324 413 414 423 424")),
        (&AT_RISK, Codes("122 123 132 212 214 222 223 312 322 412 422")),
        (&INACTIVE, Codes("111 112 113 114 211 311 411")),
    ],
};

const PREMIUM: Text = Text {
    name: "Premium Customer",
    description: "In the upper half on recency, frequency and spend",
    meaning: "The customers who carry the business",
    action: "Reward them, show them new things first, ask for reviews and referrals",
};

const REPEAT: Text = Text {
    name: "Repeat Customer",
    description: "Buy often and spend on average or more, few of them recently",
    meaning: "They know the shop and come back when they need something",
    action: "Recommend related products and remind them before the gap grows",
};

const TOP_SPENDER: Text = Text {
    name: "Top Spender",
    description: "Spend the most per order, rarely often",
    meaning: "Few orders that matter",
    action: "Advise rather than discount, and give a reason to come back",
};

const AT_RISK: Text = Text {
    name: "At Risk Customer",
    description: "In the lower half on two or more of recency, frequency and spend",
    meaning: "Revenue that is fading",
    action: "Write personally, offer renewals, find out what went wrong",
};

const INACTIVE: Text = Text {
    name: "Inactive Customer",
    description: "Lowest on frequency, and on recency or spend",
    meaning: "They bought once and have not come back, or for little",
    action: "Try once to revive their interest, otherwise leave them out of campaigns",
};
