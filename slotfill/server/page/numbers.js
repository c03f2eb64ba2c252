// A step in numbers: the sums as one would write them on a board, and the table of all steps.

import { button, make } from "./elements.js";
import { happened } from "./happened.js";
import { t } from "./translation.js";
import { LINES, fixed, minus, short } from "./worked.js";

const SYMBOLS = { candidate: "z", input: "z^i", forget: "z^f", output: "z^o" };

// `z^i` -> z with a raised i
export function raised(symbol) {
  const [base, top] = symbol.split("^");
  return top ? [base, make("sup", "", top)] : [base];
}

// A negative number as a factor: `2·(−3)`.
const factor = (text) => (text.startsWith("-") ? `(${text})` : text);

// `100·1 − 10` from pairs of a weight and a value, and a bias.
function terms(pairs, bias) {
  const parts = pairs.filter(([weight]) => weight !== 0).map(([weight, value]) => [weight < 0, `${short(Math.abs(weight))}·${factor(short(value))}`]);
  if (bias !== 0 || !parts.length) parts.push([bias < 0, short(Math.abs(bias))]);
  return minus(parts.map(([isNegative, text], n) => (n ? (isNegative ? ` − ${text}` : ` + ${text}`) : (isNegative ? `−${text}` : text))).join(""));
}

function lineOf(...parts) {
  return make("p", "", ...parts.flat(Infinity));
}

function result(value, on) {
  const element = make("span", "result", minus(value));
  if (on !== undefined) element.style.setProperty("--on", on);
  return element;
}

function lstmNumbers(net, step) {
  const gates = { candidate: null, input: "i", forget: "f", output: "o" };
  const sums = LINES.map((name) => {
    const memory = net.peepholes === "gers" && name === "output" ? step.c : step.before;
    const weights = net[name];
    const pairs = [...step.x.map((value, n) => [weights[`x${n + 1}`], value]), [weights.h, step.heard], [weights.c, memory]];
    const written = terms(pairs, weights.bias);
    const value = minus(short(step[{ candidate: "z", input: "zi", forget: "zf", output: "zo" }[name]]));
    const parts = [raised(SYMBOLS[name]), ` = ${written}${written === value ? "" : ` = ${value}`}`];
    const gate = gates[name];
    if (gate) parts.push(" → ", gate, " = ", result(fixed(step[gate]), step[gate]));
    else if (net.tanh) parts.push(" → g = ", result(fixed(step.g)));
    return lineOf(parts);
  });
  const shown = net.tanh ? `tanh(${fixed(step.c)})` : factor(fixed(step.c));
  return [
    ...sums,
    lineOf(minus(`c = f·c + i·g = ${fixed(step.f)}·${factor(fixed(step.before))} + ${fixed(step.i)}·${factor(fixed(step.g))} = `), result(fixed(step.c))),
    lineOf(minus(`h = o·${net.tanh ? "tanh(c)" : "c"} = ${fixed(step.o)}·${shown} = `), result(fixed(step.h))),
  ];
}

function simpleNumbers(net, step) {
  const hidden = step.z.map((z, n) => {
    const written = terms([...net.W[n].map((weight, from) => [weight, step.x[from]]), ...net.U[n].map((weight, from) => [weight, step.memory[from]])], net.b[n]);
    const squashed = net.tanh ? [` → tanh = `, result(fixed(step.h[n]))] : [];
    return lineOf(`h${n + 1} = ${written} = `, net.tanh ? minus(short(z)) : result(short(z)), squashed);
  });
  const outputs = step.y.map((y, n) => {
    const written = terms(net.V[n].map((weight, from) => [weight, step.h[from]]), net.b_y[n]);
    return lineOf(`y${n + 1} = ${written} = `, net.tanh ? [minus(short(step.scores[n])), " → softmax = ", result(fixed(y))] : result(short(y)));
  });
  return [...hidden, ...outputs];
}

export const numbersOf = (net, step) => (net.kind === "lstm" ? lstmNumbers(net, step) : simpleNumbers(net, step));

// --- the table ------------------------------------------------------------------------------------

function columnsOf(net) {
  const plain = (value) => [minus(short(value))];
  if (net.kind !== "lstm") {
    const pairs = [["x", "x"], ["m", "memory"], ...(net.tanh ? [["z", "z"]] : []), ["h", "h"], ["y", "y"]];
    return pairs.flatMap(([name, key]) => [0, 1].map((n) => [`${name}${n + 1}`, (step) => plain(step[key][n])]));
  }
  const gate = (name) => [name, (step) => [fixed(step[name]), step[name]]];
  return [
    ...[0, 1, 2].map((n) => [`x${n + 1}`, (step) => plain(step.x[n])]),
    ...[["z", "z"], ["z^i", "zi"], ["z^f", "zf"], ["z^o", "zo"]].map(([name, key]) => [name, (step) => plain(step[key])]),
    ...(net.tanh ? [["g", (step) => [minus(fixed(step.g))]]] : []),
    gate("i"), gate("f"), gate("o"),
    ["c", (step) => [minus(fixed(step.c))]],
    ["h", (step) => [minus(fixed(step.h))]],
  ];
}

// The head and the body of the table; `choose` is called with the row that is clicked.
export function tableOf(net, steps, choose) {
  const columns = columnsOf(net);
  const heading = (...children) => {
    const cell = make("th", "", ...children);
    cell.scope = "col";
    return cell;
  };
  const head = make("thead", "", make("tr", "", heading("t"), ...columns.map(([name]) => heading(...raised(name))), heading(t("what happens"))));
  const rows = steps.map((step, n) => {
    const cells = columns.map(([, read]) => {
      const [text, on] = read(step);
      const cell = make("td", on === undefined ? "" : "gate", text);
      if (on !== undefined) cell.style.setProperty("--on", on);
      return cell;
    });
    const open = button("", String(n + 1), () => {}); // a click reaches the row
    open.setAttribute("aria-label", t("Show step {n}", { n: n + 1 }));
    const row = make("tr", "", make("td", "", open), ...cells, make("td", "", happened(net, step)));
    row.addEventListener("click", () => choose(n));
    return row;
  });
  return [head, make("tbody", "", ...rows)];
}
