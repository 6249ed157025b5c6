//! The same seed is the same run, to the letter.

use std::path::Path;

#[test]
fn the_same_seed_twice_is_the_same_trace() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs");
    let mut digests = Vec::new();
    simulate::simulate(&packs, &[7, 7, 8], &mut |seed, told| {
        assert_eq!(told.fault, None, "seed {seed}");
        assert!(told.acknowledged > 5 && told.commits > 20, "seed {seed} did nothing: {told:?}");
        digests.push(told.digest());
        true
    })
    .unwrap();
    assert_eq!(digests[0], digests[1], "seed 7 was run twice");
    assert_ne!(digests[0], digests[2], "seeds 7 and 8 differ");
}
