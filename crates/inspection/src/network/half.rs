//! Numbers of 16 bits (IEEE 754 binary16), in which weights are kept.

/// The nearest half, ties to even; what is too great becomes infinite.
pub(super) fn to_half(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = ((bits >> 16) & 0x8000) as u16;
    let magnitude = bits & 0x7fff_ffff;
    if magnitude >= 0x7f80_0000 {
        return sign | 0x7c00 | if magnitude > 0x7f80_0000 { 0x200 } else { 0 };
    }
    if magnitude >= 0x3880_0000 {
        // normal: rebias the exponent from 127 to 15, then round away 13 bits; a carry runs into the exponent
        let rebiased = magnitude - 0x3800_0000;
        let rounded = rebiased + 0x0fff + ((rebiased >> 13) & 1);
        return sign | (rounded >> 13).min(0x7c00) as u16;
    }
    // subnormal: adding ½ puts the last bit of a half at the last bit of the float, which rounds for us
    let shifted = f32::from_bits(magnitude) + 0.5;
    sign | (shifted.to_bits() - 0.5f32.to_bits()) as u16
}

/// Exactly what the half says.
pub(super) fn from_half(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let exponent = u32::from(half >> 10) & 0x1f;
    let fraction = u32::from(half & 0x3ff);
    let magnitude = match exponent {
        0 => (fraction as f32 / 16_777_216.0).to_bits(),
        31 => 0x7f80_0000 | (fraction << 13),
        _ => ((exponent + 112) << 23) | (fraction << 13),
    };
    f32::from_bits(sign | magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_survives_and_the_nearest_is_taken() {
        for half in 0..=u16::MAX {
            let value = from_half(half);
            if value.is_nan() {
                assert!(from_half(to_half(value)).is_nan());
            } else {
                assert_eq!(to_half(value), half, "{value}");
            }
        }
        for half in 0..0x7bff_u16 {
            let (low, high) = (from_half(half), from_half(half + 1));
            let middle = (f64::from(low) + f64::from(high)) / 2.0;
            let even = if half % 2 == 0 { half } else { half + 1 };
            assert_eq!(to_half(middle as f32), even);
            assert_eq!(to_half((middle as f32).next_down()), half);
            assert_eq!(to_half(-(middle as f32).next_up()), 0x8000 | (half + 1));
        }
        assert_eq!(from_half(to_half(65520.0)), f32::INFINITY);
        assert_eq!(from_half(to_half(65519.0)), 65504.0);
        assert_eq!(from_half(to_half(-1e30)), f32::NEG_INFINITY);
    }
}
