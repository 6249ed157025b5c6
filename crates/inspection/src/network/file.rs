//! The file a network is kept in.
//!
//! `SHENGNET`, version (u16), length of the architecture as JSON (u32), length of the metadata (u32), then both;
//! for each stage its weights as halves, then the vectors of all stages and the running statistics as floats;
//! last the SHA-256 of everything before. All numbers little-endian.

use sha2::{Digest, Sha256};

use super::architecture::Architecture;
use super::error::NetworkError;
use super::half::{from_half, to_half};
use super::model::Network;
use super::plan::Plan;

const MAGIC: &[u8; 8] = b"SHENGNET";
const VERSION: u16 = 1;
const MAX_ARCHITECTURE: usize = 64 << 10;
const MAX_METADATA: usize = 1 << 20;
const CHECKSUM: usize = 32;

impl Network {
    /// The bytes of the model file. Metadata beyond 1 MiB is an error.
    ///
    /// # Errors
    /// `File` if the metadata is too long.
    pub fn write(&self) -> Result<Vec<u8>, NetworkError> {
        let architecture = serde_json::to_vec(&self.architecture)
            .map_err(|_| NetworkError::File("the architecture cannot be written"))?;
        if self.metadata.len() > MAX_METADATA {
            return Err(NetworkError::File("the metadata is longer than 1 MiB"));
        }
        let mut bytes = Vec::with_capacity(self.parameters.len() * 2 + self.metadata.len() + 4096);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(architecture.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(self.metadata.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&architecture);
        bytes.extend_from_slice(&self.metadata);
        for stage in &self.plan.stages {
            for weight in &self.parameters[stage.weights.clone()] {
                bytes.extend_from_slice(&to_half(*weight).to_le_bytes());
            }
        }
        for stage in &self.plan.stages {
            for number in &self.parameters[stage.vectors.clone()] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        for number in &self.statistics {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        Ok(bytes)
    }

    /// Reads what [`Network::write`] wrote. Nothing is reserved for what the bytes only claim to hold, and no
    /// number that is not finite gets in.
    ///
    /// # Errors
    /// `File`, `Version`, `Checksum` or `Architecture`: whatever is wrong first.
    pub fn read(bytes: &[u8]) -> Result<Self, NetworkError> {
        let mut reader = Reader(bytes);
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(NetworkError::File("this is no model file"));
        }
        let version = u16::from_le_bytes(reader.array()?);
        if version != VERSION {
            return Err(NetworkError::Version(version));
        }
        let architecture_len = u32::from_le_bytes(reader.array()?) as usize;
        let metadata_len = u32::from_le_bytes(reader.array()?) as usize;
        if architecture_len > MAX_ARCHITECTURE || metadata_len > MAX_METADATA {
            return Err(NetworkError::File("the architecture or the metadata is too long"));
        }
        let architecture: Architecture = serde_json::from_slice(reader.take(architecture_len)?)
            .map_err(|_| NetworkError::File("the architecture cannot be read"))?;
        let metadata = reader.take(metadata_len)?.to_vec();
        let plan = Plan::new(&architecture)?;
        let weights: usize = plan.stages.iter().map(|stage| stage.weights.len()).sum();
        let floats = plan.parameters - weights + plan.statistics;
        if reader.0.len() != weights * 2 + floats * 4 + CHECKSUM {
            return Err(NetworkError::File("the length does not fit the architecture"));
        }
        let (body, checksum) = bytes.split_at(bytes.len() - CHECKSUM);
        if Sha256::digest(body).as_slice() != checksum {
            return Err(NetworkError::Checksum);
        }
        let mut parameters = vec![0.0; plan.parameters];
        for stage in &plan.stages {
            for weight in &mut parameters[stage.weights.clone()] {
                *weight = from_half(u16::from_le_bytes(reader.array()?));
            }
        }
        for stage in &plan.stages {
            for number in &mut parameters[stage.vectors.clone()] {
                *number = f32::from_le_bytes(reader.array()?);
            }
        }
        let mut statistics = vec![0.0; plan.statistics];
        for number in &mut statistics {
            *number = f32::from_le_bytes(reader.array()?);
        }
        check(&plan, &parameters, &statistics)?;
        Ok(Self::assemble(architecture, plan, parameters, statistics, metadata))
    }
}

/// No number that would make outputs infinite by itself.
fn check(plan: &Plan, parameters: &[f32], statistics: &[f32]) -> Result<(), NetworkError> {
    let finite = |number: &f32| number.is_finite();
    let variances = plan.stages.iter().all(|stage| {
        let own = &statistics[stage.statistics.clone()];
        own[own.len() / 2..].iter().all(|variance| *variance >= 0.0)
    });
    if !parameters.iter().all(finite) || !statistics.iter().all(finite) || !variances {
        return Err(NetworkError::File("a number is not finite, or a variance is negative"));
    }
    Ok(())
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], NetworkError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NetworkError::File("it is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], NetworkError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(NetworkError::File("it is cut short"))?;
        self.0 = rest;
        Ok(*taken)
    }
}
