//! `export`: a model of our own as ONNX, with its sidecar, for others' programs.

use std::process::ExitCode;

use inspection::Model;
use inspection::crop::{EXTRA, LAYERS, SIDE};
use inspection::learn::CLASSES;
use inspection::network::{Product, Step};

use crate::cli::Export;
use crate::eye::is_onnx;
use crate::files;
use crate::protobuf::Message;
use crate::say::say;
use crate::sidecar::{Inputs, Outputs, Sidecar, beside, own_classes};

/// Version of the file's form, and of the set of operators: of 2021 both, which every reader knows.
const FORM: u64 = 8;
const OPERATORS: u64 = 13;
/// ONNX's number of 32-bit floats.
const FLOAT: u64 = 1;

const CROPS: &str = "crops";
const BESIDE: &str = "extra";
const LOGITS: &str = "logits";
const EDGES: &str = "edges";

pub(crate) fn export(args: &Export) -> Result<ExitCode, String> {
    if !is_onnx(&args.onnx) {
        return Err(format!("{}: the name must end in .onnx", args.onnx.display()));
    }
    let model = files::model(args.model.as_deref())?;
    let bytes = onnx(&model);
    files::write(&args.onnx, &bytes)?;
    let sidecar = beside(&args.onnx);
    files::write(&sidecar, &describe(&model).bytes()?)?;
    say!("{}: {} bytes, and {}", args.onnx.display(), bytes.len(), sidecar.display());
    Ok(ExitCode::SUCCESS)
}

fn describe(model: &Model) -> Sidecar {
    let inspection::Card { name, temperature, threshold, bands, costs, taught } = model.card.clone();
    Sidecar {
        name,
        inputs: Inputs { crops: CROPS.to_owned(), extra: Some(BESIDE.to_owned()) },
        outputs: Outputs { logits: LOGITS.to_owned(), edges: Some(EDGES.to_owned()) },
        classes: own_classes(),
        temperature,
        threshold,
        bands,
        costs,
        taught,
    }
}

/// The network as an ONNX model.
fn onnx(model: &Model) -> Vec<u8> {
    let mut graph = Graph::default();
    let steps = model.network.steps();
    for (n, step) in steps.iter().enumerate() {
        graph.step(step, n, n + 1 == steps.len());
    }
    let graph = Message::new()
        .messages(1, &graph.nodes)
        .text(2, "inspection")
        .messages(5, &graph.weights)
        .message(11, &value(CROPS, &[LAYERS, SIDE, SIDE]))
        .message(11, &value(BESIDE, &[EXTRA]))
        .message(12, &value(LOGITS, &[CLASSES]))
        .message(12, &value(EDGES, &[4]));
    Message::new()
        .number(1, FORM)
        .text(2, "shengshi-station")
        .text(3, env!("CARGO_PKG_VERSION"))
        .message(7, &graph)
        .message(8, &Message::new().text(1, "").number(2, OPERATORS))
        .finish()
}

/// An input or output of any number of crops.
fn value(name: &str, sides: &[usize]) -> Message {
    let any = Message::new().text(2, "N");
    let sides = sides.iter().map(|side| Message::new().number(1, *side as u64));
    let shape = Message::new().messages(1, &std::iter::once(any).chain(sides).collect::<Vec<_>>());
    let tensor = Message::new().number(1, FLOAT).message(2, &shape);
    Message::new().text(1, name).message(2, &Message::new().message(1, &tensor))
}

/// Nodes and weights. Value `n` of the network is called `value-n`; pictures lie layer by layer here, and pixel by pixel there.
#[derive(Default)]
struct Graph {
    nodes: Vec<Message>,
    weights: Vec<Message>,
}

impl Graph {
    fn step(&mut self, step: &Step, n: usize, is_last: bool) {
        let from = named(n);
        let to = named(n + 1);
        match step {
            Step::Conv { size, stride, skip, product } => {
                self.convolution((&from, &to), *size, *stride, *skip, product);
            }
            Step::Pool => {
                let (two, two_down) = (ints("kernel_shape", &[2, 2]), ints("strides", &[2, 2]));
                self.node("MaxPool", &[&from], &to, &[two, two_down]);
            }
            Step::Flatten => {
                let turned = format!("{to}-turned");
                self.node("Transpose", &[&from], &turned, &[ints("perm", &[0, 2, 3, 1])]);
                self.flatten(&turned, &to);
            }
            Step::Average => {
                let mean = format!("{to}-mean");
                self.node("GlobalAveragePool", &[&from], &mean, &[]);
                self.flatten(&mean, &to);
            }
            Step::Dense { product, .. } if is_last => {
                self.dense(&from, LOGITS, product, 0..CLASSES);
                self.dense(&from, EDGES, product, CLASSES..CLASSES + 4);
            }
            Step::Dense { relu: false, product } => self.dense(&from, &to, product, 0..product.columns),
            Step::Dense { relu: true, product } => {
                let sum = format!("{to}-sum");
                self.dense(&from, &sum, product, 0..product.columns);
                self.node("Relu", &[&sum], &to, &[]);
            }
        }
    }

    fn convolution(
        &mut self,
        (from, to): (&str, &str),
        size: usize,
        stride: usize,
        skip: Option<usize>,
        product: &Product,
    ) {
        let Product { rows, columns, weights, shift } = product;
        let channels = rows / (size * size);
        let mut turned = Vec::with_capacity(weights.len());
        for column in 0..*columns {
            for channel in 0..channels {
                turned.extend(
                    (0..size * size).map(|tap| weights[(tap * channels + channel) * columns + column]),
                );
            }
        }
        let (weight, bias) = (format!("{to}-weights"), format!("{to}-shift"));
        self.tensor(&weight, &[*columns, channels, size, size], &turned);
        self.tensor(&bias, &[*columns], shift);
        let (side, border) = (size as u64, (size / 2) as u64);
        let attributes = [
            ints("kernel_shape", &[side, side]),
            ints("pads", &[border; 4]),
            ints("strides", &[stride as u64; 2]),
        ];
        let sum = format!("{to}-sum");
        self.node("Conv", &[from, &weight, &bias], &sum, &attributes);
        match skip {
            None => self.node("Relu", &[&sum], to, &[]),
            Some(value) => {
                let both = format!("{to}-both");
                self.node("Add", &[&sum, &named(value)], &both, &[]);
                self.node("Relu", &[&both], to, &[]);
            }
        }
    }

    /// A vector for each crop, and the extra numbers behind.
    fn flatten(&mut self, from: &str, to: &str) {
        let flat = format!("{to}-flat");
        self.node("Flatten", &[from], &flat, &[int("axis", 1)]);
        self.node("Concat", &[&flat, BESIDE], to, &[int("axis", 1)]);
    }

    /// Some columns of a product.
    fn dense(&mut self, from: &str, to: &str, product: &Product, columns: std::ops::Range<usize>) {
        let rows = product.weights.chunks_exact(product.columns);
        let part: Vec<f32> = rows.flat_map(|row| &row[columns.clone()]).copied().collect();
        let (weight, bias) = (format!("{to}-weights"), format!("{to}-shift"));
        self.tensor(&weight, &[product.rows, columns.len()], &part);
        self.tensor(&bias, &[columns.len()], &product.shift[columns]);
        self.node("Gemm", &[from, &weight, &bias], to, &[]);
    }

    fn node(&mut self, operator: &str, inputs: &[&str], output: &str, attributes: &[Message]) {
        let node = inputs.iter().fold(Message::new(), |node, input| node.text(1, input));
        let node = node.text(2, output).text(3, &format!("make-{output}")).text(4, operator);
        self.nodes.push(node.messages(5, attributes));
    }

    fn tensor(&mut self, name: &str, sides: &[usize], numbers: &[f32]) {
        let sides: Vec<u64> = sides.iter().map(|side| *side as u64).collect();
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.weights.push(Message::new().numbers(1, &sides).number(2, FLOAT).text(8, name).bytes(9, &bytes));
    }
}

fn named(value: usize) -> String {
    if value == 0 { CROPS.to_owned() } else { format!("value-{value}") }
}

/// Attributes of a node.
fn int(name: &str, value: u64) -> Message {
    Message::new().text(1, name).number(3, value).number(20, 2)
}

fn ints(name: &str, values: &[u64]) -> Message {
    Message::new().text(1, name).numbers(8, values).number(20, 7)
}
