//! Bars.

use super::Glyphs;

/// Eighths of a block, from one to seven; eight are `█`.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Whether a bar can have this character.
pub(super) fn is_part(c: char) -> bool {
    c == '█' || c == '#' || EIGHTHS.contains(&c)
}

/// A bar of `part / whole` of the width. Whatever is above zero shows.
pub(super) fn draw(part: i128, whole: i128, width: usize, glyphs: Glyphs) -> String {
    let steps_per_cell = match glyphs {
        Glyphs::Unicode => EIGHTHS.len() + 1,
        Glyphs::Ascii => 1,
    };
    let steps = width * steps_per_cell;
    let steps = match (u128::try_from(part), u128::try_from(whole)) {
        // Shares of six decimals and widths of a terminal: far from the end of 128 bits.
        (Ok(part @ 1..), Ok(whole @ 1..)) => {
            let nearest = (part.min(whole) * steps as u128 * 2 + whole) / (whole * 2);
            usize::try_from(nearest).unwrap_or(steps).clamp(1, steps.max(1))
        }
        _ => 0,
    };
    let full = match glyphs {
        Glyphs::Unicode => "█",
        Glyphs::Ascii => "#",
    };
    let mut bar = full.repeat(steps / steps_per_cell);
    if let Some(rest) = (steps % steps_per_cell).checked_sub(1) {
        bar.push(EIGHTHS[rest]);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        let unicode = |part| draw(part, 100, 4, Glyphs::Unicode);
        assert_eq!([0, 1, 50, 53, 100, 200].map(unicode), ["", "▏", "██", "██▏", "████", "████"]);
        let ascii = |part| draw(part, 100, 4, Glyphs::Ascii);
        assert_eq!([0, 1, 50, 63, 100].map(ascii), ["", "#", "##", "###", "####"]);
    }

    #[test]
    fn shares_of_nothing_have_no_bar() {
        assert_eq!(draw(1, 0, 4, Glyphs::Unicode), "");
        assert_eq!(draw(-1, 10, 4, Glyphs::Ascii), "");
    }
}
