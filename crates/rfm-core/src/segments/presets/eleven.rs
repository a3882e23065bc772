//! The 125-code table of eleven segments, in both variants that circulate.

use super::{Cells, Cells::Codes, Data, Text};

const SOURCE: &str = "Bloomreach Engagement documentation, \"RFM Segmentation\"; the same lists stand in the help pages of \
                      Squeezely and Spotler";

pub(super) const TABLE: Data = Data {
    name: "table-11",
    description: "125 codes, 11 segments: the table in use today",
    source: SOURCE,
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &rules("331 321 312 221 213 231 241 251", "332 322 233 232 223 222 132 123 122 212 211"),
};

/// The older variant: 231, 241 and 251 are Hibernating instead of About To Sleep.
pub(super) const OLDER_TABLE: Data = Data {
    name: "table-11-older",
    description: "125 codes, 11 segments: the older table, in which 231, 241 and 251 are Hibernating",
    source: "in circulation before the table of Bloomreach Engagement, for example mwoitek/python-customer-segmentation",
    bins: 5,
    fallback: super::SegmentModel::FALLBACK,
    rules: &rules("331 321 312 221 213", "332 322 231 241 251 233 232 223 222 132 123 122 212 211"),
};

/// What both variants share, around the two segments in which they differ.
const fn rules(about_to_sleep: &'static str, hibernating: &'static str) -> [(&'static Text, Cells); 11] {
    [
        (&CHAMPIONS, Codes("555 554 544 545 454 455 445")),
        (&LOYAL, Codes("543 444 435 355 354 345 344 335")),
        (
            &POTENTIAL_LOYALIST,
            Codes("553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323"),
        ),
        (&NEW_CUSTOMERS, Codes("512 511 422 421 412 411 311")),
        (&PROMISING, Codes("525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313")),
        (&NEED_ATTENTION, Codes("535 534 443 434 343 334 325 324")),
        (&ABOUT_TO_SLEEP, Codes(about_to_sleep)),
        (&AT_RISK, Codes("255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124")),
        (&CANNOT_LOSE_THEM, Codes("155 154 144 214 215 115 114 113")),
        (&HIBERNATING, Codes(hibernating)),
        (&LOST, Codes("111 112 121 131 141 151")),
    ]
}

pub(super) const CHAMPIONS: Text = Text {
    name: "Champions",
    description: "Bought recently, buy often and spend the most",
    meaning: "The customers who carry the business; they know it and recommend it",
    action: "Reward them, show them new things first, ask for reviews and referrals; no discounts, they buy anyway",
};

const LOYAL: Text = Text {
    name: "Loyal",
    description: "Buy often and spend well, most of them recently",
    meaning: "They come back on their own and respond to attention",
    action: "Offer products of higher value, a loyalty programme, and ask for reviews",
};

pub(super) const POTENTIAL_LOYALIST: Text = Text {
    name: "Potential Loyalist",
    description: "Recent customers with more than one order and average spend",
    meaning: "One or two good experiences away from becoming loyal",
    action: "Offer membership, recommend related products, make the next order easy",
};

pub(super) const NEW_CUSTOMERS: Text = Text {
    name: "New Customers",
    description: "Bought recently, but rarely and for little so far",
    meaning: "First impressions are being made; most one-time buyers never return",
    action: "Welcome and support them, and give a reason for the second order soon",
};

pub(super) const PROMISING: Text = Text {
    name: "Promising",
    description: "Recent, rarely so far, but with orders of some value",
    meaning: "Able to spend, not yet in the habit",
    action: "Keep the brand in mind, offer trials and a first reward",
};

pub(super) const NEED_ATTENTION: Text = Text {
    name: "Need Attention",
    description: "Above average on frequency and spend, but not on both and not lately",
    meaning: "Good customers whose interest begins to fade",
    action: "Make limited offers based on what they bought, and reactivate them before they cool down",
};

pub(super) const ABOUT_TO_SLEEP: Text = Text {
    name: "About To Sleep",
    description: "Below average on recency, frequency and spend",
    meaning: "They will be lost if nothing happens, and few will be missed much",
    action: "Share useful content and popular products, offer a modest renewal discount",
};

pub(super) const AT_RISK: Text = Text {
    name: "At Risk",
    description: "Bought often or spent much, but long ago",
    meaning: "Revenue that is about to be lost; many have found another shop",
    action: "Write personally, offer renewals, find out what went wrong",
};

const CANNOT_LOSE_THEM: Text = Text {
    name: "Cannot Lose Them",
    description: "Made the biggest orders, but have not come back for a long time",
    meaning: "Former top customers; each one is worth an effort of its own",
    action: "Win them back by a call or a personal offer, talk to them, do not lose them to competition",
};

const HIBERNATING: Text = Text {
    name: "Hibernating",
    description: "Last bought long ago, rarely and for little",
    meaning: "Little interest was ever there",
    action: "Offer other relevant products or a special discount, at low cost",
};

pub(super) const LOST: Text = Text {
    name: "Lost",
    description: "Lowest on recency and low on frequency or spend",
    meaning: "They have left",
    action: "Try once to revive their interest, otherwise leave them out of campaigns",
};
