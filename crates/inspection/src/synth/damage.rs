//! Defects, named by what they do to the copper around them.

use super::{SIDE, stroke};
use crate::bitmap::Bitmap;
use crate::defect::{Annotation, Defect, Rect};
use crate::network::Random;
use crate::regions::{Bounds, regions};

/// Pixels around a defect in which its effect is judged: two tracks that meet far away are two tracks here.
const SURROUNDINGS: usize = 14;
/// How far people draw a box around what they see, in pixels.
const PADDING: f32 = 10.0;
/// Fewer pixels than this that change are not seen.
const VISIBLE: usize = 10;
/// A crumb of fewer pixels does not make a cut an open.
const CRUMB: usize = 80;

/// Adds one defect somewhere, unless the place does not suit or touches one that is there.
pub(super) fn add(
    damaged: &mut Bitmap,
    copper: &Bitmap,
    there: &[Annotation],
    random: &mut Random,
) -> Option<Annotation> {
    let wanted = Defect::ALL[random.below(6)];
    let mut tried = damaged.clone();
    draw(&mut tried, copper, wanted, random)?;
    let change = tried.xor(damaged);
    let [first, rest @ ..] = &regions(&change, 6)[..] else { return None };
    let bounds = rest.iter().fold(first.bounds, |all, region| all.around(region.bounds));
    let at = Rect::from(bounds).padded(PADDING);
    let fits = change.count() >= VISIBLE && bounds.width().max(bounds.height()) < 110;
    // Only what was meant is taken, so that all six come up alike.
    let defect = effect(copper, &tried, bounds).filter(|defect| *defect == wanted && fits)?;
    if there.iter().any(|other| other.at.padded(4.0).shared(&at) > 0.0) {
        return None;
    }
    *damaged = tried;
    Some(Annotation { defect, at })
}

/// What the change from `before` to `after` within `bounds` does to the copper: none when both too much and too little.
#[must_use]
pub fn effect(before: &Bitmap, after: &Bitmap, bounds: Bounds) -> Option<Defect> {
    let window = Bounds {
        left: bounds.left.saturating_sub(SURROUNDINGS),
        top: bounds.top.saturating_sub(SURROUNDINGS),
        right: (bounds.right + SURROUNDINGS).min(before.width()),
        bottom: (bounds.bottom + SURROUNDINGS).min(before.height()),
    };
    let cut = |map: &Bitmap| {
        Bitmap::from_fn(window.width(), window.height(), |x, y| {
            map.get((window.left + x) as isize, (window.top + y) as isize)
        })
    };
    let (before, after) = (cut(before), cut(after));
    let (extra, missing) = (after.without(&before), before.without(&after));
    match (extra.count() > 0, missing.count() > 0) {
        (true, false) => {
            let touched = extra.dilated(2);
            let pieces = pieces(&before).into_iter().filter(|piece| piece.and(&touched).count() > 0).count();
            Some(match pieces {
                0 => Defect::SpuriousCopper,
                1 => Defect::Spur,
                _ => Defect::Short,
            })
        }
        (false, true) => {
            let is_inside = |radius: usize| missing.dilated(radius).without(&before).count() == 0;
            if is_inside(2) {
                // A hole that leaves a hair of copper towards the edge is a bite to some people: it is not drawn.
                return is_inside(5).then_some(Defect::PinHole);
            }
            let whole = pieces(&before).into_iter().filter(|piece| piece.and(&missing).count() > 0);
            let is_cut = whole.into_iter().any(|piece| {
                let left = piece.and(&after);
                pieces(&left).iter().filter(|part| part.count() >= CRUMB).count() > 1
            });
            Some(if is_cut { Defect::Open } else { Defect::Mousebite })
        }
        _ => None,
    }
}

/// The copper that hangs together, piece by piece.
fn pieces(map: &Bitmap) -> Vec<Bitmap> {
    let mut rest = map.clone();
    let mut pieces = Vec::new();
    while let Some((x, y)) = first(&rest) {
        let mut piece = Bitmap::empty(map.width(), map.height());
        piece.put(x, y, true);
        loop {
            let grown = piece.dilated(1).and(map);
            if grown == piece {
                break;
            }
            piece = grown;
        }
        rest = rest.without(&piece);
        pieces.push(piece);
    }
    pieces
}

fn first(map: &Bitmap) -> Option<(isize, isize)> {
    (0..map.height()).find_map(|y| {
        let x = (0..map.width()).find(|x| map.get(*x as isize, y as isize))?;
        Some((x as isize, y as isize))
    })
}

/// Draws what may become the defect.
fn draw(map: &mut Bitmap, copper: &Bitmap, wanted: Defect, random: &mut Random) -> Option<()> {
    let set = wanted.is_extra();
    let (start, heading) = stand(copper, wanted, random)?;
    match wanted {
        // Across a gap, or across a track.
        Defect::Short | Defect::Open => {
            let ahead = cast(copper, start, heading, set)?;
            let behind = cast(copper, start, (-heading.0, -heading.1), set)?;
            let reach = random.between(1.0, 5.0);
            let ends = (walk(start, heading, ahead + reach), walk(start, heading, -behind - reach));
            let lines = 1 + random.below(4) * usize::from(random.unit() < 0.4);
            for _ in 0..lines {
                let (mut from, mut to) = (ends.0, ends.1);
                if lines > 1 {
                    let (a, b) = (random.between(-9.0, 9.0), random.between(-9.0, 9.0));
                    from = (from.0 - heading.1 * a, from.1 + heading.0 * a);
                    to = (to.0 - heading.1 * b, to.1 + heading.0 * b);
                }
                let width = if lines > 1 { random.between(0.7, 1.4) } else { random.between(0.7, 6.0) };
                wander(map, copper, from, to, width, set, random);
            }
        }
        // From an edge inwards, or outwards.
        Defect::Spur | Defect::Mousebite => {
            let edge = cast(copper, start, heading, set)?;
            let root = walk(start, heading, edge + 1.0);
            let length = random.between(2.0, 16.0);
            let tip = walk(root, heading, -length);
            match random.below(3) {
                0 => wander(map, copper, root, tip, random.between(0.8, 2.0), set, random),
                1 => blot(map, copper, root, random.between(3.0, 9.0), set, random),
                _ => {
                    let aside = (-heading.1, heading.0);
                    for _ in 0..2 + random.below(4) {
                        let from = walk(root, aside, random.between(-8.0, 8.0));
                        wander(
                            map,
                            copper,
                            from,
                            walk(from, heading, -length),
                            random.between(0.7, 1.3),
                            set,
                            random,
                        );
                    }
                }
            }
        }
        // In the middle of nothing, or of copper.
        Defect::SpuriousCopper | Defect::PinHole => {
            if random.unit() < 0.5 {
                blot(map, copper, start, random.between(2.0, 8.0), set, random);
            } else {
                let to = walk(start, heading, random.between(5.0, 40.0));
                wander(map, copper, start, to, random.between(0.7, 2.0), set, random);
            }
        }
    }
    Some(())
}

/// Where to begin and which way to look, so that what is wanted is near.
fn stand(copper: &Bitmap, wanted: Defect, random: &mut Random) -> Option<((f32, f32), (f32, f32))> {
    let set = wanted.is_extra();
    (0..80).find_map(|_| {
        let start = place(copper, random, !set)?;
        let angle = random.unit() * std::f32::consts::TAU;
        let heading = (angle.cos(), angle.sin());
        let ahead = || cast(copper, start, heading, set).is_some();
        let behind = || cast(copper, start, (-heading.0, -heading.1), set).is_some();
        let suits = match wanted {
            Defect::Short | Defect::Open => ahead() && behind(),
            Defect::Spur | Defect::Mousebite => ahead(),
            Defect::SpuriousCopper | Defect::PinHole => true,
        };
        suits.then_some((start, heading))
    })
}

/// A point with copper, or without.
fn place(copper: &Bitmap, random: &mut Random, with: bool) -> Option<(f32, f32)> {
    (0..200)
        .map(|_| (random.below(SIDE) as isize, random.below(SIDE) as isize))
        .find(|(x, y)| copper.get(*x, *y) == with)
        .map(|(x, y)| (x as f32, y as f32))
}

/// How far it is to the first pixel with (or without) copper; none within 45 pixels.
fn cast(copper: &Bitmap, from: (f32, f32), heading: (f32, f32), to: bool) -> Option<f32> {
    (1..45).map(|n| n as f32).find(|n| {
        let (x, y) = walk(from, heading, *n);
        copper.get(x.round() as isize, y.round() as isize) == to
    })
}

fn walk(from: (f32, f32), heading: (f32, f32), far: f32) -> (f32, f32) {
    (from.0 + heading.0 * far, from.1 + heading.1 * far)
}

/// A line that is not quite straight, nor of one width. Copper is set where there is none by design, cleared where there is.
fn wander(
    map: &mut Bitmap,
    copper: &Bitmap,
    from: (f32, f32),
    to: (f32, f32),
    width: f32,
    set: bool,
    random: &mut Random,
) {
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let parts = (length / 5.0) as usize + 1;
    let mut at = from;
    for part in 1..=parts {
        let share = part as f32 / parts as f32;
        let stray = if part < parts { random.between(-2.5, 2.5) } else { 0.0 };
        let next = (from.0 + (to.0 - from.0) * share + stray, from.1 + (to.1 - from.1) * share + stray * 0.7);
        apply(map, copper, set, |mark| stroke(mark, at, next, (width * swelling(share)).max(0.7), true));
        at = next;
    }
}

/// Thicker in the middle.
fn swelling(share: f32) -> f32 {
    0.7 + 0.6 * (share * std::f32::consts::PI).sin()
}

/// A few discs on one another.
fn blot(map: &mut Bitmap, copper: &Bitmap, at: (f32, f32), radius: f32, set: bool, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        let stray = radius * 0.7;
        let middle = (at.0 + random.between(-stray, stray), at.1 + random.between(-stray, stray));
        let size = radius * random.between(0.4, 1.0);
        apply(map, copper, set, |mark| stroke(mark, middle, middle, size, true));
    }
}

fn apply(map: &mut Bitmap, copper: &Bitmap, set: bool, draw: impl FnOnce(&mut Bitmap)) {
    let mut mark = Bitmap::empty(map.width(), map.height());
    draw(&mut mark);
    *map = if set { map.or(&mark.without(copper)) } else { map.without(&mark.and(copper)) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracks() -> Bitmap {
        Bitmap::from_fn(120, 120, |x, _| (30..50).contains(&x) || (70..90).contains(&x))
    }

    #[test]
    fn a_defect_is_what_it_does() {
        let case = |left: usize, right: usize, top: usize, bottom: usize, set: bool| {
            let before = tracks();
            let mut after = before.clone();
            for y in top..bottom {
                (left..right).for_each(|x| after.put(x as isize, y as isize, set));
            }
            effect(&before, &after, Bounds { left, top, right, bottom })
        };
        assert_eq!(case(50, 70, 60, 63, true), Some(Defect::Short));
        assert_eq!(case(50, 60, 60, 63, true), Some(Defect::Spur));
        assert_eq!(case(57, 62, 60, 63, true), Some(Defect::SpuriousCopper));
        assert_eq!(case(30, 50, 60, 62, false), Some(Defect::Open));
        assert_eq!(case(30, 40, 60, 62, false), Some(Defect::Mousebite));
        assert_eq!(case(38, 42, 60, 64, false), Some(Defect::PinHole));
        assert_eq!(case(100, 105, 60, 64, false), None, "there was no copper to take away");
    }
}
