// The page of a cell by hand: its state, and what is shown of it.

import { lstmDiagram, simpleDiagram } from "./diagram.js";
import { at, button, choice, make } from "./elements.js";
import { happened } from "./happened.js";
import { numbersOf, tableOf } from "./numbers.js";
import { t } from "./translation.js";
import { weight, weightsOf } from "./weights.js";
import {
  LEE, LEE_SIMPLE, LINES, SIMPLE, WHOLE, WORKED, change, changes, inputsOf, lstmParameters, peeping, simpleParameters, stepsOf,
} from "./worked.js";

const PACE = 1500; // milliseconds from step to step
const KINDS = { lstm: "LSTM", elman: "Elman", jordan: "Jordan" };

// What a lecturer shows; `set` are changes of the weights, `peepholes` and so on the switches.
const EXAMPLES = {
  lstm: [
    { label: t("the lecture’s nine steps"), inputs: WHOLE },
    { label: t("its five worked steps"), inputs: WORKED },
    { label: t("half of it fades"), inputs: [[8, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1]], set: [["forget.bias", "0"]] },
    { label: t("a peephole shows what exceeds 5"), inputs: WORKED, peepholes: "gers", set: [["output.c", "20"], ["output.bias", "-100"]] },
  ],
  elman: [
    { label: t("the lecture’s example"), inputs: SIMPLE },
    { label: t("another order, other outputs"), inputs: [[2, 2], [1, 1], [1, 1]] },
    { label: t("without memory"), inputs: SIMPLE, set: [["U", "0"]] },
  ],
  jordan: [
    { label: t("the lecture’s example"), inputs: SIMPLE },
    { label: t("another order, other outputs"), inputs: [[2, 2], [1, 1], [1, 1]] },
    { label: t("without memory"), inputs: SIMPLE, set: [["U", "0"]] },
  ],
};

let net; // the cell and its weights
let inputs; // of each step
let steps; // what they give
let now = 0; // the step that is shown
let saysKeep = false; // whether the forget gate is called the keep gate
let playing = 0;
let diagram;

// --- the state ------------------------------------------------------------------------------------

const usual = (kind) => (kind === "lstm" ? LEE() : LEE_SIMPLE(kind));

function load({ kind = net.kind, inputs: given, set = [], tanh = false, peepholes = "none" }) {
  stop();
  const isOther = kind !== net?.kind;
  net = { ...usual(kind), tanh, ...(kind === "lstm" && { peepholes }) };
  for (const [name, text] of set) change(net, name, text);
  inputs = given.map((step) => [...step]);
  now = 0;
  build(isOther);
}

// What the address says: `?kind=elman&inputs=1,1;2,2&set=U=0&tanh`; what it cannot mean is told.
function loadAddress() {
  const unknown = [];
  const asked = new URLSearchParams(location.search);
  const chosen = (name, known) => {
    const value = asked.get(name) ?? known[0];
    if (!known.includes(value)) unknown.push(`${name}=${value}`);
    return known.includes(value) ? value : known[0];
  };
  const kind = chosen("kind", Object.keys(KINDS));
  const trial = { ...usual(kind), peepholes: kind === "lstm" ? chosen("peepholes", ["none", "lee", "gers"]) : "none" };
  const set = [];
  for (const one of asked.getAll("set")) {
    const [name, text] = [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)];
    if (one.includes("=") && change(trial, name, text)) set.push([name, text]);
    else unknown.push(`set=${one}`);
  }
  const inputs = asked.has("inputs") ? inputsOf(asked.get("inputs"), kind === "lstm" ? 3 : 2) : EXAMPLES[kind][0].inputs;
  if (!inputs) unknown.push(`inputs=${asked.get("inputs")}`);
  unknown.push(...[...asked.keys()].filter((name) => !["kind", "inputs", "set", "tanh", "peepholes"].includes(name)));
  load({ kind, set, inputs: inputs ?? EXAMPLES[kind][0].inputs, tanh: asked.has("tanh"), peepholes: trial.peepholes });
  if (unknown.length) trouble(t("The link says something that is unknown here, and is left out: {unknown}", { unknown: unknown.join(", ") }));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isUsual = () => same(inputs, EXAMPLES[net.kind][0].inputs);
const writtenInputs = (between) => inputs.map((step) => step.join(",")).join(between);

function keepAddress() {
  const asked = new URLSearchParams();
  if (net.kind !== "lstm") asked.append("kind", net.kind);
  if (!isUsual()) asked.append("inputs", writtenInputs(";"));
  for (const pair of changes(net)) asked.append("set", pair.join("="));
  if (net.tanh) asked.append("tanh", "");
  if (net.kind === "lstm" && net.peepholes !== "none") asked.append("peepholes", net.peepholes);
  const query = asked.toString();
  history.replaceState(null, "", location.pathname + (query && `?${query}`));
}

const quoted = (text) => (/^[\w.=-]+$/.test(text) ? text : `"${text}"`);

function command() {
  const words = ["slotfill cell"];
  if (net.kind !== "lstm") words.push(`--kind ${net.kind}`);
  if (!isUsual()) words.push(`--inputs ${quoted(writtenInputs("; "))}`);
  for (const pair of changes(net)) words.push(`--set ${quoted(pair.join("="))}`);
  if (net.tanh) words.push("--tanh");
  if (net.kind === "lstm" && net.peepholes !== "none") words.push(`--peepholes ${net.peepholes}`);
  return words.join(" ");
}

// --- showing --------------------------------------------------------------------------------------

const forgetName = () => (saysKeep ? t("keep gate") : t("forget gate"));

// Everything anew: another cell or example. What has the focus must stay: examples are built for each kind alone.
function build(isOther) {
  if (isOther) {
    for (const chip of at("kinds").children) chip.setAttribute("aria-pressed", chip.value === net.kind);
    at("examples").replaceChildren(
      ...EXAMPLES[net.kind].map((example) => {
        const chip = button("", example.label, () => load(example));
        chip.example = example;
        return chip;
      }),
    );
    diagram = net.kind === "lstm" ? lstmDiagram({ input: t("input gate"), output: t("output gate") }) : simpleDiagram(net.kind);
    at("diagram").replaceChildren(diagram.svg);
  }
  at("switches").replaceChildren(...switches());
  rebuild();
}

// After a switch.
function rebuild() {
  at("weights").replaceChildren(...weightsOf(net, forgetName(), work));
  work();
  keepAddress();
}

function isShown({ inputs: given, set = [], tanh = false, peepholes = "none" }) {
  const other = { ...usual(net.kind), tanh, ...(net.kind === "lstm" && { peepholes }) };
  for (const [name, text] of set) change(other, name, text);
  return same(given, inputs) && same(other, net);
}

// The steps anew: a weight or an input has changed.
function work() {
  steps = stepsOf(net, inputs);
  at("trouble").hidden = true;
  if (steps.length < inputs.length) {
    trouble(t("In step {n} a number becomes too large for a computer: choose smaller inputs or weights.", { n: steps.length + 1 }));
  }
  for (const chip of at("examples").children) chip.setAttribute("aria-pressed", isShown(chip.example));
  at("command").textContent = command();
  at("remove").disabled = inputs.length === 1;
  at("steps").replaceChildren(...tableOf(net, steps, (chosen) => { stop(); go(chosen); }));
  countParameters();
  show();
}

function trouble(message) {
  at("trouble").textContent = message;
  at("trouble").hidden = false;
}

function show() {
  now = Math.min(now, inputs.length - 1);
  const step = steps[now];
  at("first").disabled = at("back").disabled = now === 0;
  at("next").disabled = now >= steps.length - 1;
  const words = step ? happened(net, step) || t("nothing") : "—";
  at("now").textContent = t("Step {n} of {all}: {words}", { n: now + 1, all: inputs.length, words });
  for (const [n, row] of [...at("steps").tBodies[0].rows].entries()) row.setAttribute("aria-current", n === now ? "step" : "false");
  showInputs();
  at("numbers").replaceChildren(...(step ? numbersOf(net, step) : []));
  if (!step) return;
  const values = steps.flatMap((one) => (net.kind === "lstm" ? [one.c] : [one.x, one.h, one.y, one.memory].flat()));
  diagram.show(net, step, Math.max(...values.map(Math.abs)), forgetName());
}

function showInputs() {
  const shown = [...at("inputs").querySelectorAll("input")];
  const values = inputs[now];
  if (shown.length === 2 * values.length) {
    shown.forEach((one, n) => {
      if (one.valueAsNumber !== values[n >> 1] && !(one === document.activeElement && one.value === "")) one.value = values[n >> 1];
    });
    return;
  }
  at("inputs").replaceChildren(
    ...values.map((value, place) => {
      const set = (number) => {
        inputs[now][place] = number;
        work();
      };
      return weight(`x${place + 1}`, t("x{n} of this step", { n: place + 1 }), value, 10, set);
    }),
  );
}

function switches() {
  const put = (label, options, chosen, act) => {
    const [made, select] = choice(label, options, chosen);
    select.addEventListener("change", () => {
      act(select.value);
      rebuild();
    });
    return made;
  };
  const kinds = [["", t("none, as in the lecture")], ["tanh", net.kind === "lstm" ? t("tanh, as in real nets") : t("tanh, and softmax of the output")]];
  const squashing = put(t("Squashing"), kinds, net.tanh ? "tanh" : "", (value) => (net.tanh = value !== ""));
  if (net.kind !== "lstm") return [squashing];
  const readers = [["none", t("no peepholes")], ["lee", t("to all four inputs (Lee)")], ["gers", t("to the gates (Gers)")]];
  const peepholes = put(t("Peepholes"), readers, net.peepholes, (value) => {
    net.peepholes = value;
    for (const line of LINES) if (!peeping(net).includes(line)) net[line].c = 0;
  });
  const names = [["", t("forget gate")], ["keep", t("keep gate")]];
  const name = put(t("Open means keep, so call it"), names, saysKeep ? "keep" : "", (value) => (saysKeep = value !== ""));
  return [squashing, peepholes, name];
}

function countParameters() {
  const [E, H] = ["layer-inputs", "layer-units"].map((id) => Math.max(1, Math.min(100000, Math.floor(at(id).valueAsNumber) || 1)));
  const grouped = (number) => number.toLocaleString("en");
  if (net.kind === "lstm") {
    const all = lstmParameters(3, 1, net.peepholes);
    const values = { all, peepholes: all - 20, other: simpleParameters(3, 1) };
    at("counted").textContent = net.peepholes === "none"
      ? t("Four inputs (z and one for each gate), so four times the parameters: 4 × (3 for x, 1 for h, 1 bias) = {all}. " +
        "A unit of an Elman net has one input: {other}.", values)
      : t("Four inputs (z and one for each gate), so four times the parameters: 4 × (3 for x, 1 for h, 1 bias), and " +
        "{peepholes} peepholes = {all}. A unit of an Elman net has one input: {other}.", values);
  } else {
    const values = { hidden: simpleParameters(2, 2, 2), outputs: 6 };
    at("counted").textContent = net.kind === "elman"
      ? t("2 units × (2 for x, 2 for the hidden units one step ago, 1 bias) = {hidden}, and {outputs} in the output layer.", values)
      : t("2 units × (2 for x, 2 for the outputs one step ago, 1 bias) = {hidden}, and {outputs} in the output layer.", values);
  }
  at("layer").textContent = t("An Elman layer of these sizes has {elman} parameters, an LSTM layer {lstm}.", {
    elman: grouped(simpleParameters(E, H)),
    lstm: grouped(lstmParameters(E, H, net.kind === "lstm" ? net.peepholes : "none")),
  });
}

// --- playing --------------------------------------------------------------------------------------

function go(step) {
  if (step < 0 || step >= steps.length) return;
  now = step;
  show();
}

function stop() {
  clearInterval(playing);
  playing = 0;
  at("play").textContent = t("▶ Play");
}

function play() {
  if (playing) {
    stop();
    return;
  }
  if (now >= steps.length - 1) go(0);
  at("play").textContent = t("Pause");
  playing = setInterval(() => (now < steps.length - 1 ? go(now + 1) : stop()), PACE);
}

// --- beginning ------------------------------------------------------------------------------------

at("kinds").append(
  ...Object.entries(KINDS).map(([kind, name]) => {
    const chip = button("", name, () => load({ kind, inputs: EXAMPLES[kind][0].inputs }));
    chip.value = kind;
    return chip;
  }),
);
const ACTS = { first: () => go(0), back: () => go(now - 1), next: () => go(now + 1) };
for (const [id, act] of Object.entries(ACTS)) {
  at(id).addEventListener("click", () => {
    stop();
    act();
  });
}
at("play").addEventListener("click", play);
at("add").addEventListener("click", () => {
  inputs.splice(now + 1, 0, inputs[now].map(() => 0));
  now += 1;
  work();
});
at("remove").addEventListener("click", () => {
  inputs.splice(now, 1);
  work();
});
at("reset").addEventListener("click", () => load({ inputs }));
document.addEventListener("keydown", (event) => {
  const act = { ArrowLeft: "back", ArrowRight: "next" }[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, pre, .wide")) return;
  at(act).click();
});
document.addEventListener("change", keepAddress);
for (const id of ["add", "remove"]) at(id).addEventListener("click", keepAddress);
at("layer-inputs").value = 150;
at("layer-units").value = 128;
at("sizes").addEventListener("input", countParameters);
loadAddress();
