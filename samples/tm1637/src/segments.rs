//! What seven segments can show.
//!
//! ```text
//!      A          bit 0 = A, bit 1 = B ... bit 6 = G
//!    F   B
//!      G
//!    E   C
//!      D
//! ```

use crate::DIGITS;

const NUMERALS: [u8; 10] = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F];

/// The segments of one character; those that seven segments cannot form are
/// blank. An `m` has no room and is drawn as three strokes.
pub const fn glyph(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => NUMERALS[(character - b'0') as usize],
        b'-' => 0x40,
        b'E' => 0x79,
        b'b' => 0x7C,
        b'c' => 0x58,
        b'd' => 0x5E,
        b'e' => 0x7B,
        b'i' => 0x10,
        b'm' => 0x15,
        b'n' => 0x54,
        b'o' => 0x5C,
        b'r' => 0x50,
        b't' => 0x78,
        b'u' => 0x1C,
        _ => 0,
    }
}

/// The first four characters of `text`, blanks if there are fewer.
pub fn from_text(text: &str) -> [u8; DIGITS] {
    let mut digits = [0; DIGITS];
    for (digit, character) in digits.iter_mut().zip(text.bytes()) {
        *digit = glyph(character);
    }
    digits
}

/// A number at the right, without leading zeros; `----` if it does not fit.
pub fn from_number(number: u16) -> [u8; DIGITS] {
    if number > 9999 {
        return [glyph(b'-'); DIGITS];
    }
    let mut digits = [0; DIGITS];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = NUMERALS[usize::from(rest % 10)];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    digits
}
