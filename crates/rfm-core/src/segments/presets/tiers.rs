//! Two published sets of tiers: by a weighted sum of scores, and by frequency and spend.

use super::{Cells::Box, Cells::When, Data, Text};

/// In the source 1 is the best group, and the labels were given as if 5 were: the best customers are Lost and the worst ones Loyal.
/// With s = 6 − group its sum is 6 − (0.4 r + 0.3 f + 0.3 m), so that its upper bounds 2, 3 and 4 are lower bounds 4, 3 and 2 here.
pub(super) const RETAIL_GROUPS: Data = Data {
    name: "retail-groups",
    description: "MySQL and Excel project: 4 tiers by 0.4 r + 0.3 f + 0.3 m; its labels run backwards, the best are Lost",
    source: "poonam-solanke/customer-segmentation, 0.3 Avg + 0.4 Last + 0.3 Volume of groups in which 1 is best",
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&GROUPS_LOST, When("0.4*r + 0.3*f + 0.3*m >= 4")),
        (&GROUPS_AT_RISK, When("0.4*r + 0.3*f + 0.3*m >= 3")),
        (&GROUPS_POTENTIAL, When("0.4*r + 0.3*f + 0.3*m >= 2")),
        (&GROUPS_LOYAL, When("0.4*r + 0.3*f + 0.3*m < 2")),
    ],
};

const GROUPS_LOST: Text = Text {
    name: "Lost",
    description: "The highest weighted scores: recent, frequent, large orders",
    meaning: "The best customers, under a label that was given as if 1 were the worst group",
    action: "Do not follow the label: reward them, show them new things first",
};

const GROUPS_AT_RISK: Text = Text {
    name: "At Risk",
    description: "Weighted scores above the middle",
    meaning: "Good customers, under a label that was given as if 1 were the worst group",
    action: "Do not follow the label: offer a loyalty programme and related products",
};

const GROUPS_POTENTIAL: Text = Text {
    name: "Potential Loyalist",
    description: "Weighted scores below the middle",
    meaning: "Fading customers, under a label that was given as if 1 were the worst group",
    action: "Do not follow the label: reactivate them before they cool down",
};

const GROUPS_LOYAL: Text = Text {
    name: "Loyal Customers",
    description: "The lowest weighted scores: long ago, rarely, small orders",
    meaning: "Lost customers, under a label that was given as if 1 were the worst group",
    action: "Do not follow the label: try once to revive their interest",
};

/// Gold asks nothing of recency: of its 16 − 1 codes 8 have not bought for long.
pub(super) const PLATINUM: Data = Data {
    name: "platinum-tiers",
    description: "Platinum, Gold, Silver and Bronze over scores 1 to 4: 6 tiers, every code has one; lapsed big customers stay Gold",
    source: "Mohitydv459/Customer-Segmentation--RFM, CASE expression over fixed thresholds, first match wins",
    bins: 4,
    fallback: super::SegmentModel::FALLBACK,
    rules: &[
        (&PLATINUM_ELITE, Box([(4, 4), (4, 4), (4, 4)])),
        (&GOLD, Box([(1, 4), (3, 4), (3, 4)])),
        (&SILVER, Box([(3, 4), (1, 2), (1, 4)])),
        (&NEEDS_PROMO, Box([(1, 2), (3, 4), (1, 4)])),
        (&BRONZE, Box([(1, 2), (1, 2), (1, 4)])),
        (&GENERAL, Box([(1, 4), (1, 4), (1, 4)])),
    ],
};

const PLATINUM_ELITE: Text = Text {
    name: "Platinum Elite",
    description: "Highest on recency, frequency and spend",
    meaning: "The customers who carry the business",
    action: "Give exclusive offers and early access, no discounts",
};

const GOLD: Text = Text {
    name: "Gold Member",
    description: "Buy often and spend much, however long ago",
    meaning: "Valuable customers, some of whom have left",
    action: "Reward those who still buy, and win back those who do not",
};

const SILVER: Text = Text {
    name: "Silver - New",
    description: "Bought recently, rarely so far",
    meaning: "New customers who are not yet in the habit",
    action: "Welcome them, and give a reason for the second order soon",
};

const NEEDS_PROMO: Text = Text {
    name: "At Risk - Needs Promo",
    description: "Used to buy often for smaller sums, and not lately",
    meaning: "Regulars about to be lost",
    action: "Send a discount with a date before it is too late",
};

const BRONZE: Text = Text {
    name: "Bronze / Inactive",
    description: "Bought long ago and rarely",
    meaning: "Little interest is left",
    action: "Keep them in general mailings, at low cost",
};

const GENERAL: Text = Text {
    name: "General Standard",
    description: "Buy often and recently, for small sums",
    meaning: "What no other tier takes: regulars with small baskets",
    action: "Raise the basket: bundles, related products",
};
