//! Teaching a network: mini-batches cut into chunks of a fixed size, so that the threads that share them out
//! change nothing of the result.

mod back;
mod chunk;
mod loss;
mod normalise;
mod optimise;
#[cfg(test)]
mod tests;

use std::sync::Mutex;

use fearless_simd::Level;

use super::error::NetworkError;
use super::model::Network;
use back::Weights;
use chunk::{Chunk, Workspace};
pub use loss::{Loss, Target};
use optimise::Optimiser;

/// How to teach. [`TrainOptions::new`] has what is usual.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// What dropout follows from.
    pub seed: u64,
    /// Threads at most; never changes the result.
    pub threads: usize,
    /// Samples whose normalisation is counted together, and that one thread takes at a time; changes the result.
    pub chunk: usize,
    /// Steps in all: the rate falls to zero along half a cosine.
    pub steps: usize,
    /// Steps over which the rate rises first.
    pub warm_up: usize,
    /// The highest rate.
    pub rate: f32,
    /// What weights lose per step, times the rate (decoupled: Loshchilov and Hutter 2019).
    pub decay: f32,
    /// The longest gradient; longer ones are shortened to it.
    pub clip: f32,
    /// Share that the running average of the weights keeps per step; 0 takes the weights as they are.
    pub average: f32,
    /// Share of the target that is spread over all classes.
    pub smoothing: f32,
    /// Exponent by which what is sure already counts less (Lin et al. 2017); 0 is plain cross entropy.
    pub focal: f32,
    /// Weight of the box beside the class.
    pub box_weight: f32,
    /// Up to this error of a box number the loss is square, beyond it straight.
    pub box_bend: f32,
}

impl TrainOptions {
    /// What is usual for networks of some 100,000 parameters and batches of 64 to 128.
    pub fn new(steps: usize) -> Self {
        Self {
            seed: 0,
            threads: 1,
            chunk: 16,
            steps,
            warm_up: steps / 20,
            rate: 4e-3,
            decay: 0.02,
            clip: 5.0,
            average: 0.995,
            smoothing: 0.02,
            focal: 0.0,
            box_weight: 1.0,
            box_bend: 0.1,
        }
    }

    fn check(&self) -> Result<(), NetworkError> {
        let refuse = |why| Err(NetworkError::Options(why));
        let shares = [self.average, self.smoothing];
        if !shares.iter().all(|share| (0.0..1.0).contains(share)) {
            return refuse("average and smoothing are shares below 1");
        }
        let sizes = [self.rate, self.decay, self.clip, self.focal, self.box_weight, self.box_bend];
        if !sizes.iter().all(|size| size.is_finite() && *size >= 0.0)
            || self.clip == 0.0
            || self.box_bend == 0.0
        {
            return refuse("rates and weights are finite and not negative, clip and bend above zero");
        }
        if self.chunk < 2 || self.chunk > 1024 || self.threads == 0 || self.steps == 0 {
            return refuse("a chunk is 2 to 1024 samples; at least one thread and one step");
        }
        Ok(())
    }
}

/// A network on its way.
#[derive(Debug)]
pub struct Trainer {
    level: Level,
    network: Network,
    options: TrainOptions,
    weights: Weights,
    optimiser: Optimiser,
    workspaces: Vec<Workspace>,
    chunks: Vec<Chunk>,
    step: usize,
}

impl Trainer {
    /// Goes on from the network as it is: new, or taught before.
    ///
    /// # Errors
    /// `Options` if one of them makes no sense.
    pub fn new(network: Network, options: TrainOptions) -> Result<Self, NetworkError> {
        options.check()?;
        let weights = Weights::new(&network.plan);
        let optimiser = Optimiser::new(&network);
        let level = Level::new();
        Ok(Self {
            level,
            network,
            options,
            weights,
            optimiser,
            workspaces: Vec::new(),
            chunks: Vec::new(),
            step: 0,
        })
    }

    /// One step on `count` samples. `fill` writes the crop of the sample with that index (0 to `count`) and says
    /// what is right for it; it is called from several threads at once, so pictures are best drawn, turned and
    /// disturbed in it, from a generator seeded by step and index. The loss is the one before the step.
    pub fn step<F>(&mut self, count: usize, fill: F) -> Loss
    where
        F: Fn(usize, &mut [f32]) -> Target + Sync,
    {
        if count == 0 {
            return Loss::default();
        }
        self.weights.load(&self.network);
        let size = self.options.chunk;
        let used = count.div_ceil(size);
        let network = &self.network;
        self.chunks.resize_with(used.max(self.chunks.len()), || Chunk::new(&network.plan));
        let threads = self.options.threads.min(used);
        self.workspaces.resize_with(threads.max(self.workspaces.len()), || {
            Workspace::new(self.level, &network.plan, size)
        });
        let (weights, options, step) = (&self.weights, &self.options, self.step);
        let queue = Mutex::new(self.chunks[..used].iter_mut().enumerate());
        let work = |workspace: &mut Workspace| {
            // whoever is free takes the next; a thread that panicked took the whole step with it
            while let Some((index, chunk)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
                let samples = index * size..count.min((index + 1) * size);
                let share = 1.0 / count as f32;
                let places = [options.seed, step as u64, index as u64];
                workspace.fill(network, samples, &fill);
                workspace.learn(network, weights, options, share, &places, chunk);
            }
        };
        match self.workspaces[..threads].split_first_mut() {
            Some((own, [])) => work(own),
            Some((own, others)) => std::thread::scope(|scope| {
                others.iter_mut().for_each(|workspace| {
                    scope.spawn(|| work(workspace));
                });
                work(own);
            }),
            None => {}
        }
        self.apply(used)
    }

    /// Sums what the chunks found, in their order, and moves the weights.
    fn apply(&mut self, used: usize) -> Loss {
        let (first, rest) = self.chunks[..used].split_at_mut(1);
        let first = &mut first[0];
        for chunk in rest {
            let both = first.gradient.iter_mut().zip(&chunk.gradient);
            both.for_each(|(sum, number)| *sum += number);
            let both = first.statistics.iter_mut().zip(&chunk.statistics);
            both.for_each(|(sum, number)| *sum += number);
            first.loss.add(chunk.loss);
        }
        let share = 1.0 / used as f32;
        first.statistics.iter_mut().for_each(|number| *number *= share);
        self.optimiser.step(&mut self.network, &self.options, self.step, &first.gradient, &first.statistics);
        self.step += 1;
        first.loss
    }

    /// Steps taken.
    pub fn steps(&self) -> usize {
        self.step
    }

    /// The network as it would be if training ended now: averaged if that was asked for, rounded to 16 bits.
    pub fn network(&self) -> Network {
        let parameters = self.optimiser.result(&self.network, &self.options);
        let network = &self.network;
        Network::assemble(
            network.architecture.clone(),
            network.plan.clone(),
            parameters,
            network.statistics.clone(),
            network.metadata.clone(),
        )
    }
}
