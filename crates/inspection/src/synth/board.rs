//! A board: tracks on a grid with pads at their ends, areas of copper with clearance, holes.

use super::{SIDE, stroke};
use crate::bitmap::Bitmap;
use crate::network::Random;

const STEPS: [(isize, isize); 8] = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];

/// What is drawn on, with the places that are taken.
struct Grid {
    pitch: f32,
    offset: (f32, f32),
    side: isize,
    taken: Vec<bool>,
}

impl Grid {
    fn new(random: &mut Random) -> Self {
        let pitch = random.between(18.0, 46.0);
        let side = (SIDE as f32 / pitch) as isize + 3;
        Self {
            pitch,
            offset: (-random.unit() * pitch, -random.unit() * pitch),
            side,
            taken: vec![false; (side * side) as usize],
        }
    }

    fn place(&self, at: (isize, isize)) -> (f32, f32) {
        (self.offset.0 + at.0 as f32 * self.pitch, self.offset.1 + at.1 as f32 * self.pitch)
    }

    fn is_free(&self, at: (isize, isize)) -> bool {
        let inside = |n: isize| (0..self.side).contains(&n);
        inside(at.0) && inside(at.1) && !self.taken[(at.1 * self.side + at.0) as usize]
    }

    fn take(&mut self, at: (isize, isize)) {
        if (0..self.side).contains(&at.0) && (0..self.side).contains(&at.1) {
            self.taken[(at.1 * self.side + at.0) as usize] = true;
        }
    }
}

pub(super) fn draw(random: &mut Random) -> Bitmap {
    let mut map = Bitmap::empty(SIDE, SIDE);
    let mut grid = Grid::new(random);
    let width = grid.pitch * random.between(0.2, 0.55);
    for _ in 0..random.below(4) {
        area(&mut map, &mut grid, random);
    }
    let tracks = (grid.side * grid.side) as usize / (2 + random.below(20));
    for _ in 0..tracks {
        track(&mut map, &mut grid, width, random);
    }
    if random.unit() < 0.15 {
        // Some makers etch the other way round.
        map = map.not();
    }
    map
}

/// A rectangle of copper, sometimes with cut corners, with holes.
fn area(map: &mut Bitmap, grid: &mut Grid, random: &mut Random) {
    let span = grid.side as usize;
    let (x, y) = (random.below(span) as isize, random.below(span) as isize);
    let (wide, high) = (2 + random.below(span / 2 + 1) as isize, 2 + random.below(span / 2 + 1) as isize);
    for row in y..=y + high {
        for column in x..=x + wide {
            grid.take((column, row));
        }
    }
    let clearance = grid.pitch * 0.25;
    let (left, top) = grid.place((x, y));
    let (right, bottom) = grid.place((x + wide, y + high));
    let cut = if random.unit() < 0.5 { grid.pitch * random.between(0.3, 1.2) } else { 0.0 };
    for row in (top + clearance) as isize..(bottom - clearance) as isize {
        for column in (left + clearance) as isize..(right - clearance) as isize {
            let (px, py) = (column as f32, row as f32);
            let from_corner = (px - left).min(right - px) + (py - top).min(bottom - py);
            if from_corner > cut {
                map.put(column, row, true);
            }
        }
    }
    for _ in 0..random.below(5) {
        let at = (random.between(left, right), random.between(top, bottom));
        stroke(map, at, at, random.between(3.0, 0.35 * grid.pitch + 4.0), false);
    }
}

/// A walk that mostly goes straight and turns by 45 degrees, with a pad at each end.
fn track(map: &mut Bitmap, grid: &mut Grid, width: f32, random: &mut Random) {
    let span = grid.side as usize;
    let mut at = (random.below(span) as isize, random.below(span) as isize);
    if !grid.is_free(at) {
        return;
    }
    grid.take(at);
    let mut heading = random.below(8);
    let radius = width / 2.0;
    pad(map, grid.place(at), radius, grid.pitch, random);
    let steps = 1 + random.below(span);
    for _ in 0..steps {
        if random.unit() < 0.3 {
            heading = (heading + [1, 7][random.below(2)]) % 8;
        }
        let (dx, dy) = STEPS[heading];
        let next = (at.0 + dx, at.1 + dy);
        // A slanted step must not cut between two places of another track.
        let crosses =
            dx != 0 && dy != 0 && !(grid.is_free((at.0 + dx, at.1)) && grid.is_free((at.0, at.1 + dy)));
        if !grid.is_free(next) || crosses {
            break;
        }
        stroke(map, grid.place(at), grid.place(next), radius, true);
        grid.take(next);
        if dx != 0 && dy != 0 {
            grid.take((at.0 + dx, at.1));
            grid.take((at.0, at.1 + dy));
        }
        at = next;
    }
    pad(map, grid.place(at), radius, grid.pitch, random);
}

/// Round or square, sometimes drilled.
fn pad(map: &mut Bitmap, at: (f32, f32), track: f32, pitch: f32, random: &mut Random) {
    let radius = (track * random.between(1.0, 2.2)).min(pitch * 0.42);
    if random.unit() < 0.5 {
        stroke(map, at, at, radius, true);
    } else {
        for y in (at.1 - radius) as isize..=(at.1 + radius) as isize {
            for x in (at.0 - radius) as isize..=(at.0 + radius) as isize {
                map.put(x, y, true);
            }
        }
    }
    if radius > 6.0 && random.unit() < 0.4 {
        stroke(map, at, at, radius * random.between(0.25, 0.5), false);
    }
}
