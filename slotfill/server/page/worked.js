// Cells worked by hand: the arithmetic of slotfill/worked, in the same order. A test holds both equal.

export const LINES = ["candidate", "input", "forget", "output"]; // z, z^i, z^f, z^o
export const PLACES = ["x1", "x2", "x3", "h", "c", "bias"];
export const MATRICES = ["W", "U", "b", "V", "b_y"];

const line = (x, bias) => ({ x1: x[0], x2: x[1], x3: x[2], h: 0, c: 0, bias });

// The examples of Hung-yi Lee's lecture.
export const LEE = () => ({
  kind: "lstm",
  tanh: false,
  peepholes: "none",
  candidate: line([1, 0, 0], 0),
  input: line([0, 100, 0], -10),
  forget: line([0, 100, 0], 10),
  output: line([0, 0, 100], -10),
});
export const LEE_SIMPLE = (kind) => ({
  kind,
  tanh: false,
  W: [[1, 1], [1, 1]],
  U: [[1, 1], [1, 1]],
  b: [0, 0],
  V: [[1, 1], [1, 1]],
  b_y: [0, 0],
});
export const WORKED = [[3, 1, 0], [4, 1, 0], [2, 0, 0], [1, 0, 1], [3, -1, 0]];
export const WHOLE = [[1, 0, 0], [3, 1, 0], [2, 0, 0], [4, 1, 0], [2, 0, 0], [1, 0, 1], [3, -1, 0], [6, 1, 0], [1, 0, 1]];
export const SIMPLE = [[1, 1], [1, 1], [2, 2]];

export const logistic = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

function softmax(scores) {
  const largest = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - largest));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => part / sum);
}

// The four inputs of an LSTM unit that read the memory.
export const peeping = ({ peepholes }) => ({ none: [], gers: LINES.slice(1), lee: LINES })[peepholes];

function sum(weights, x, h, c) {
  let total = 0;
  x.forEach((value, n) => (total += weights[`x${n + 1}`] * value));
  return total + weights.h * h + weights.c * c + weights.bias;
}

function lstmStep(unit, x, h, before) {
  const squash = unit.tanh ? Math.tanh : (value) => value;
  const seen = unit.peepholes === "none" ? 0 : before;
  const z = sum(unit.candidate, x, h, unit.peepholes === "lee" ? before : 0);
  const [zi, zf] = [sum(unit.input, x, h, seen), sum(unit.forget, x, h, seen)];
  const [g, i, f] = [squash(z), logistic(zi), logistic(zf)];
  const c = f * before + i * g;
  const zo = sum(unit.output, x, h, unit.peepholes === "gers" ? c : seen);
  const [o, shown] = [logistic(zo), squash(c)];
  return { x, heard: h, before, z, zi, zf, zo, g, i, f, o, c, shown, h: o * shown };
}

const dot = (weights, values) => weights.reduce((total, weight, n) => total + weight * values[n], 0);

function simpleStep(net, x, memory) {
  const z = net.W.map((row, n) => dot(row, x) + dot(net.U[n], memory) + net.b[n]);
  const h = net.tanh ? z.map(Math.tanh) : z;
  const scores = net.V.map((row, n) => dot(row, h) + net.b_y[n]);
  return { x, memory, z, h, scores, y: net.tanh ? softmax(scores) : scores };
}

// One step for each of the inputs; it ends before a step whose numbers are too large for a computer.
export function stepsOf(net, inputs) {
  const steps = [];
  let [h, c, memory] = [0, 0, [0, 0]];
  for (const x of inputs) {
    const step = net.kind === "lstm" ? lstmStep(net, x, h, c) : simpleStep(net, x, memory);
    if (!Object.values(step).flat().every(Number.isFinite)) break;
    steps.push(step);
    [h, c, memory] = [step.h, step.c, net.kind === "jordan" ? step.y : step.h];
  }
  return steps;
}

// Weights and biases of a layer without its output layer: `memory` is how many numbers it reads of its past.
export const simpleParameters = (inputs, units, memory = units) => units * (inputs + memory + 1);
export const lstmParameters = (inputs, units, peepholes = "none") =>
  4 * simpleParameters(inputs, units) + { none: 0, gers: 3, lee: 4 }[peepholes] * units;

// Two decimals, rounded as Python does: of two that are as near, the even one (0.125 -> 0.12).
function rounded(value) {
  const isTie = [1, 5].includes(Math.abs(value * 8) % 8);
  return (isTie ? Math.trunc(value * 100) / 100 : Number(value.toFixed(2))) + 0; // no -0
}

// `1.23e+06`, as Python writes it.
function long(value) {
  const [digits, exponent] = value.toExponential(2).split("e");
  return `${Number(digits)}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

// A number as one would write it on a board: two decimals at most.
export const short = (value) => (Math.abs(value) >= 1e6 ? long(value) : String(rounded(value)));
export const fixed = (value) => (Math.abs(value) >= 1e6 ? long(value) : rounded(value).toFixed(2));
export const minus = (text) => text.replaceAll("-", "−"); // as it is printed; words keep that of the keyboard

// --- as the command line and a link write it ------------------------------------------------------

const written = (values) => (Array.isArray(values[0]) ? values.map((row) => row.join(" ")).join("; ") : values.join(" "));

// The weights that are not those of the lecture, by the names of `slotfill cell --set`.
export function changes(net) {
  const usual = net.kind === "lstm" ? LEE() : LEE_SIMPLE(net.kind);
  if (net.kind !== "lstm") {
    return MATRICES.filter((name) => written(net[name]) !== written(usual[name])).map((name) => [name, written(net[name])]);
  }
  const isThere = (gate, place) => place !== "c" || peeping(net).includes(gate);
  return LINES.flatMap((gate) =>
    PLACES.filter((place) => isThere(gate, place) && net[gate][place] !== usual[gate][place]).map((place) =>
      [`${gate}.${place}`, String(net[gate][place])]),
  );
}

// Changes a weight; says whether there is such a weight and such a number.
export function change(net, name, text) {
  const rows = text.split(";").map((row) => row.trim().split(/[\s,]+/).map(Number));
  if (!rows.flat().every(Number.isFinite) || !text.trim()) return false;
  const [gate, place] = name.split(".");
  if (net.kind === "lstm") {
    if (!LINES.includes(gate) || !PLACES.includes(place) || rows.flat().length !== 1) return false;
    if (place === "c" && !peeping(net).includes(gate)) return false;
    net[gate][place] = rows[0][0];
    return true;
  }
  if (!MATRICES.includes(name)) return false;
  const isMatrix = Array.isArray(net[name][0]);
  const all = rows.flat().length === 1 ? Array(isMatrix ? 2 : 1).fill([rows[0][0], rows[0][0]]) : rows;
  if (all.length !== (isMatrix ? 2 : 1) || all.some((row) => row.length !== 2)) return false;
  net[name] = isMatrix ? all.map((row) => [...row]) : [...all[0]];
  return true;
}

export function inputsOf(text, width) {
  const steps = text.split(";").map((step) => step.trim()).filter(Boolean).map((step) => step.split(/[\s,]+/).map(Number));
  return steps.length && steps.every((step) => step.length === width && step.every(Number.isFinite)) ? steps : null;
}
