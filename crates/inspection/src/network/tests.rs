use super::random::Random;
use super::*;

fn architecture(layers: &[Layer]) -> Architecture {
    Architecture {
        height: 9,
        width: 14,
        channels: 2,
        extra: 3,
        layers: layers.to_vec(),
        classes: 4,
        boxes: true,
    }
}

const CONV: Layer = Layer::Conv3 { channels: 16, stride: 1 };
const ALL: [Layer; 7] = [
    CONV,
    Layer::Pool,
    Layer::Residual,
    Layer::Conv3 { channels: 32, stride: 2 },
    Layer::Conv1 { channels: 16 },
    Layer::Dropout { percent: 50 },
    Layer::Dense { width: 21 },
];

fn shaken(layers: &[Layer], seed: u64) -> Network {
    let mut network = Network::new(&architecture(layers), seed).unwrap();
    let mut random = Random::new(&[seed, 1]);
    network.parameters.iter_mut().for_each(|number| *number += 0.2 * random.normal());
    network.statistics.iter_mut().for_each(|number| *number += 0.2 * random.unit());
    let Network { architecture, plan, parameters, statistics, .. } = network;
    Network::assemble(architecture, plan, parameters, statistics, b"{\"a\":1}".to_vec())
}

fn crops(count: usize, network: &Network) -> Vec<f32> {
    let mut random = Random::new(&[42]);
    (0..count * network.architecture().input_len()).map(|_| random.normal()).collect()
}

/// One convolution with normalisation, written as the textbook has it.
#[test]
fn a_convolution_is_what_the_textbook_says() {
    for stride in [1, 2] {
        let network = shaken(&[Layer::Conv3 { channels: 16, stride }, Layer::Average], 3);
        let stride = usize::from(stride);
        let batch = crops(1, &network);
        let (rows, columns) = (9_usize.div_ceil(stride), 14_usize.div_ceil(stride));
        let p = |at: usize| f64::from(network.parameters[at]);
        let s = |at: usize| f64::from(network.statistics[at]);
        let vectors = network.plan.stages[0].vectors.start;
        let mut means = [0.0; 16];
        for (row, column, channel) in
            (0..rows).flat_map(|r| (0..columns).flat_map(move |c| (0..16).map(move |k| (r, c, k))))
        {
            let mut sum = 0.0;
            for tap in 0..9 {
                let (down, right) = (row * stride + tap / 3, column * stride + tap % 3);
                if (1..=9).contains(&down) && (1..=14).contains(&right) {
                    for input in 0..2 {
                        let pixel = f64::from(batch[((down - 1) * 14 + right - 1) * 2 + input]);
                        sum += pixel * p((tap * 2 + input) * 16 + channel);
                    }
                }
            }
            let normal = (sum - s(channel)) / (s(16 + channel) + 1e-5).sqrt();
            means[channel] += (normal * p(vectors + channel) + p(vectors + 16 + channel)).max(0.0);
        }
        let head = &network.plan.stages[2];
        let mut scratch = Scratch::new();
        let output = network.infer(&mut scratch, &batch);
        for (class, found) in output.iter().enumerate() {
            let mut sum = p(head.vectors.start + class);
            for (input, mean) in means.iter().enumerate() {
                sum += mean / (rows * columns) as f64 * p(head.weights.start + input * 8 + class);
            }
            for extra in 0..3 {
                sum +=
                    f64::from(batch[9 * 14 * 2 + extra]) * p(head.weights.start + (16 + extra) * 8 + class);
            }
            assert!((f64::from(*found) - sum).abs() < 1e-3, "{class}: {found}, {sum}");
        }
    }
}

#[test]
fn neighbours_in_a_batch_and_used_room_change_nothing() {
    let network = shaken(&ALL, 1);
    let other = shaken(&[Layer::Conv3 { channels: 32, stride: 2 }, Layer::Residual, Layer::Average], 2);
    let batch = crops(19, &network);
    let mut used = Scratch::new();
    let together = network.infer(&mut used, &batch).to_vec();
    assert_eq!(together.len(), 19 * 8);
    other.infer(&mut used, &batch);
    assert_eq!(network.infer(&mut used, &batch), together);
    for (crop, wanted) in batch.chunks_exact(network.architecture().input_len()).zip(together.chunks_exact(8))
    {
        assert_eq!(network.infer(&mut Scratch::new(), crop), wanted);
    }
    assert!(together.iter().all(|number| number.is_finite()));
    assert!(network.infer(&mut used, &[]).is_empty());
}

/// Crops large enough to go one by one at first, with a straight way where the two parts meet.
#[test]
fn large_crops_go_one_by_one() {
    let large =
        Architecture { height: 40, width: 36, ..architecture(&[CONV, Layer::Residual, Layer::Pool, ALL[3]]) };
    let network = Network::new(&large, 5).unwrap();
    let mut shaken = network.clone();
    let mut random = Random::new(&[8]);
    shaken.parameters.iter_mut().for_each(|number| *number += 0.1 * random.normal());
    let network =
        Network::assemble(large, shaken.plan, shaken.parameters, shaken.statistics, shaken.metadata);
    let batch = crops(11, &network);
    let mut scratch = Scratch::new();
    let together = network.infer(&mut scratch, &batch).to_vec();
    for (crop, wanted) in batch.chunks_exact(network.architecture().input_len()).zip(together.chunks_exact(8))
    {
        assert_eq!(network.infer(&mut scratch, crop), wanted);
    }
    assert!(together[..8] != together[8..16]);
}

#[test]
fn what_is_written_is_read() {
    let network = shaken(&ALL, 4);
    let bytes = network.write().unwrap();
    let again = Network::read(&bytes).unwrap();
    assert_eq!((again.architecture(), &again.metadata), (network.architecture(), &network.metadata));
    assert_eq!(again.write().unwrap(), bytes);
    let batch = crops(3, &network);
    assert_eq!(again.infer(&mut Scratch::new(), &batch), network.infer(&mut Scratch::new(), &batch));
    assert!(bytes.len() < network.parameters() * 2 + 3000);
}

fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    bytes.truncate(bytes.len() - 32);
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum);
    bytes
}

#[test]
fn a_broken_file_is_refused() {
    let network = shaken(&[CONV, Layer::Average], 4);
    let bytes = network.write().unwrap();
    for length in 0..bytes.len() {
        assert!(Network::read(&bytes[..length]).is_err(), "{length}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(Network::read(&longer), Err(NetworkError::File(_))));
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(Network::read(&changed).is_err(), "byte {at}");
    }
    let mut newer = bytes.clone();
    newer[8] = 2;
    assert_eq!(Network::read(&sealed(newer)).err(), Some(NetworkError::Version(2)));
    let mut infinite = bytes.clone();
    let last = bytes.len() - 32;
    infinite[last - 4..last].copy_from_slice(&f32::INFINITY.to_le_bytes());
    assert!(matches!(Network::read(&sealed(infinite)), Err(NetworkError::File(_))));
}

/// Files whose checksum is right and whose bytes are not: nothing panics, nothing is reserved without bounds.
#[test]
fn a_hostile_file_does_no_harm() {
    let seed = 20_261_123;
    let mut random = Random::new(&[seed]);
    let bytes = shaken(&[CONV, Layer::Average], 4).write().unwrap();
    let head = 18 + 200;
    for round in 0..4000 {
        let mut changed = bytes.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(if round % 2 == 0 { head } else { bytes.len() });
            changed[at] = match random.below(3) {
                0 => b'9',
                1 => 0xff,
                _ => random.next_u64() as u8,
            };
        }
        if let Ok(network) = Network::read(&sealed(changed)) {
            let batch = crops(1, &network);
            network.infer(&mut Scratch::new(), &batch);
        }
    }
}

#[test]
fn what_cannot_be_built_is_refused() {
    let refused = |change: fn(&mut Architecture)| {
        let mut architecture = architecture(&ALL);
        change(&mut architecture);
        assert!(
            matches!(Network::new(&architecture, 0), Err(NetworkError::Architecture(_))),
            "{architecture:?}"
        );
    };
    refused(|it| it.height = 0);
    refused(|it| it.width = 513);
    refused(|it| it.channels = 65);
    refused(|it| it.classes = 0);
    refused(|it| it.extra = 1025);
    refused(|it| it.layers = vec![Layer::Conv3 { channels: 17, stride: 1 }]);
    refused(|it| it.layers = vec![Layer::Conv3 { channels: 16, stride: 3 }]);
    refused(|it| it.layers = vec![Layer::Residual]);
    refused(|it| it.layers = vec![Layer::Average, Layer::Pool]);
    refused(|it| it.layers = vec![Layer::Pool; 4]);
    refused(|it| it.layers = vec![Layer::Dropout { percent: 91 }]);
    refused(|it| it.layers = vec![CONV; 65]);
    refused(|it| it.layers = vec![Layer::Dense { width: 4096 }; 3]);
    refused(|it| {
        (it.height, it.width) = (512, 512);
        it.layers = vec![Layer::Conv3 { channels: 1024, stride: 1 }];
    });
    assert!(Network::new(&architecture(&[]), 0).is_ok());
}
