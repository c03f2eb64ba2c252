// A small net learns before one's eyes: knobs, a play button, and what it makes of two sentences after each epoch.

import { at, button, make } from "./elements.js";
import { paint, scale } from "./maps.js";
import { Net } from "./nets.js";
import { t } from "./translation.js";
import { TAGS, WORD_COUNT, corpus, watched } from "./twins.js";

const CELLS = {
  feedforward: [t("feed-forward"), t("Sees one word at a time and remembers nothing: the city is the same after “arrive” as after “leave”.")],
  window: [t("window"), t("Without memory too, but sees two words on each side: right as far as the verb is that near.")],
  elman: ["Elman", t("Its hidden layer sees itself one word ago. With many words between, the gradient fades: it takes long to learn, or never does.")],
  jordan: ["Jordan", t("Sees its own output one word ago. Of both verbs it said the same, no slot, so there is nothing to remember them by.")],
  lstm: ["LSTM", t("Gates protect its memory. It learns with many words between, too, and sooner with a forget bias that keeps the gate open.")],
  gru: ["GRU", t("Two gates and no second memory: what comes in must make room. It learns with many words between, as the LSTM does.")],
};
const ROLES = { O: "", to: "arrival", arrives: "arrival", from: "departure", departs: "departure" };
const NAMES = { O: "–", to: t("to"), from: t("from"), arrives: t("arrives"), departs: t("departs") };
const BATCH = 8; // sentences a step
const PACE = 90; // milliseconds an epoch takes at least, so that one can follow
const MOST_EPOCHS = 300;
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 260; // of a chart, and its height
const HEIGHT = 120;

const form = at("knobs");
let cell = "lstm";
let seed = 1;
let timer = 0;
let net, data, twins, past; // past: of each epoch its loss, and the shares of cities and dates that are right

// --- the net --------------------------------------------------------------------------------------

function knob(name) {
  return Number(form.elements[name].value);
}

function begin() {
  stop();
  remember();
  const between = knob("between");
  data = corpus(between, 1);
  twins = watched(between);
  net = new Net({ cell, words: WORD_COUNT, tags: TAGS.length, hidden: knob("hidden"), forgetBias: knob("forgetBias"), seed });
  past = [];
  show();
}

// The address holds the knobs, so that a lecture can link to them.
function remember() {
  const knobs = Array.from(form.elements).filter(({ name }) => name); // the outputs have none
  const set = { cell, seed, ...Object.fromEntries(knobs.map(({ name, value }) => [name, value])) };
  window.history.replaceState(null, "", `?${new URLSearchParams(set)}`);
}

// What the address says, as far as it can be set.
function recall() {
  const said = new URLSearchParams(location.search);
  if (Object.hasOwn(CELLS, said.get("cell") ?? "")) cell = said.get("cell");
  if (Number(said.get("seed")) >= 1) seed = Math.floor(Number(said.get("seed")));
  for (const element of form.elements) if (said.has(element.name)) element.value = said.get(element.name);
}

function epoch() {
  let loss = 0;
  const order = data.train.map((_, n) => (n * 37 + past.length * 11) % data.train.length); // another order each time
  for (let n = 0; n < order.length; n += BATCH) {
    const some = order.slice(n, n + BATCH).map((number) => data.train[number]);
    loss += (net.learn(some, 10 ** knob("rate")) * some.length) / order.length;
  }
  past.push({ loss, ...rightPairs() });
  if (past.length >= MOST_EPOCHS || !Number.isFinite(loss)) stop();
  show();
}

const likeliest = (shares) => shares.indexOf(Math.max(...shares));

// The shares of pairs whose cities, and whose dates, have the right tags in both sentences.
function rightPairs() {
  let cities = 0;
  let dates = 0;
  for (const pair of data.pairs) {
    const found = pair.map(({ ids, tags }) => net.forward(ids).map(({ y }, n) => likeliest(y) === tags[n]));
    cities += found.every((right) => right[right.length - 4]);
    dates += found.every((right) => right.slice(-2).every(Boolean));
  }
  return { cities: cities / data.pairs.length, dates: dates / data.pairs.length };
}

// --- playing --------------------------------------------------------------------------------------

function stop() {
  clearTimeout(timer);
  timer = 0;
  at("play").textContent = t("▶ Play");
}

function play() {
  if (timer) {
    stop();
    return;
  }
  at("play").textContent = `❚❚ ${t("Pause")}`;
  const go = () => {
    const began = performance.now();
    timer = 1;
    epoch();
    if (timer) timer = setTimeout(go, Math.max(10, PACE - (performance.now() - began)));
  };
  if (past.length >= MOST_EPOCHS) begin();
  go();
}

// --- showing --------------------------------------------------------------------------------------

function show() {
  for (const chip of at("cells").children) chip.setAttribute("aria-pressed", chip.dataset.cell === cell);
  at("about").textContent = CELLS[cell][1];
  at("now").setAttribute("aria-live", timer ? "off" : "polite"); // nobody could listen to ten epochs a second
  form.elements.forgetBias.parentElement.hidden = cell !== "lstm";
  const shown = { rate: (10 ** knob("rate")).toPrecision(2) };
  for (const { name, value, parentElement } of form.elements) {
    if (name) parentElement.querySelector("output").textContent = shown[name] ?? value;
  }
  const last = past.at(-1);
  at("now").textContent = last
    ? t("epoch {n}: loss {loss}; cities {cities} %, dates {dates} %", {
        n: past.length, loss: last.loss.toFixed(3), cities: Math.round(100 * last.cities), dates: Math.round(100 * last.dates),
      })
    : t("{n} weights, all random", { n: net.parameters });
  const runs = twins.map(({ ids }) => net.forward(ids));
  at("twins").replaceChildren(...twins.map((twin, n) => tagged(twin, runs[n])));
  curves(at("loss"), [past.map(({ loss }) => loss)], { most: Math.max(1, ...past.map(({ loss }) => loss)), label: t("Loss") });
  curves(at("pairs"), [past.map(({ cities }) => cities), past.map(({ dates }) => dates)], {
    most: 1, label: t("Right pairs"), names: [t("cities"), t("dates")],
  });
  distance(at("reach"), net.reach(twins[0].ids));
  inside(runs);
}

function tagged({ words, tags }, steps) {
  const line = make("p", "twin");
  words.forEach((word, n) => {
    const best = likeliest(steps[n].y);
    const name = TAGS[best];
    const isWrong = best !== tags[n];
    const said = `${NAMES[name]} ${steps[n].y[best].toFixed(2)}${isWrong ? " ✗" : ""}`;
    line.append(make("span", `${name === "O" ? "" : "slot "}${ROLES[name]}${isWrong ? " wrong" : ""}`, word, make("small", "", said)));
  });
  return line;
}

function drawing(label, ...parts) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `-30 -8 ${WIDTH + 40} ${HEIGHT + 28}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.append(...parts);
  return svg;
}

function shape(tag, attributes, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

const axes = () => shape("path", { class: "axis", d: `M0 0V${HEIGHT}H${WIDTH}`, fill: "none" });

// Lines over the epochs.
function curves(place, lines, { most, label, names = [] }) {
  const wide = Math.max(30, lines[0].length); // epochs from the left to the right
  const x = (n) => ((n + 1) / wide) * WIDTH;
  const y = (value) => HEIGHT - Math.min(1, value / most) * HEIGHT;
  const paths = lines.map((values, n) =>
    shape("path", { class: n ? "line second" : "line", d: values.map((value, k) => `${k ? "L" : "M"}${x(k).toFixed(1)} ${y(value).toFixed(1)}`).join("") }));
  const texts = [shape("text", { x: -4, y: 8, "text-anchor": "end" }, most === 1 ? "1" : most.toFixed(1)),
    shape("text", { x: -4, y: HEIGHT, "text-anchor": "end" }, "0"),
    shape("text", { x: WIDTH, y: HEIGHT + 15, "text-anchor": "end" }, t("{n} epochs", { n: wide }))];
  const legend = names.map((name, n) => {
    const y0 = HEIGHT + 11;
    const x0 = n * 80;
    return [shape("path", { class: n ? "line second" : "line", d: `M${x0} ${y0}h18` }), shape("text", { x: x0 + 22, y: y0 + 4 }, name)];
  });
  const now = lines.map((values) => values.at(-1)?.toFixed(2) ?? "").join(", ");
  place.replaceChildren(drawing(`${label}: ${now}`, axes(), ...paths, ...texts, ...legend.flat()));
}

const LOWEST = -6; // powers of ten; below a millionth there is nothing to see

// Bars on a logarithmic scale, from a millionth to ten.
function distance(place, norms) {
  if (!norms.length) {
    place.replaceChildren(make("p", "hint", t("This net has no memory.")));
    return;
  }
  const high = 1;
  const y = (value) => HEIGHT - (Math.min(high, Math.max(LOWEST, Math.log10(value || 1e-99))) - LOWEST) / (high - LOWEST) * HEIGHT;
  const wide = WIDTH / norms.length;
  const bars = norms.flatMap((value, n) => [
    shape("rect", { class: "bar", x: n * wide + 1, width: Math.max(1, wide - 3), y: y(value), height: Math.max(1, HEIGHT - y(value)) }),
    shape("text", { x: (n + 0.5) * wide, y: HEIGHT + 14, "text-anchor": "middle" }, n + 1),
  ]);
  const ticks = [1, 1e-3, 1e-6].map((value) => shape("text", { x: -4, y: y(value) + 4, "text-anchor": "end" }, value === 1 ? "1" : value.toExponential(0)));
  const told = norms.map((value, n) => `${n + 1}: ${value.toExponential(1)}`).join(", ");
  place.replaceChildren(drawing(t("Gradient over distance: {values}", { values: told }), axes(), ...bars, ...ticks));
}

// The state of both twins and what differs, in one order of the units: those that differ most come first.
function inside(runs) {
  const name = cell === "lstm" ? "c" : "h";
  const states = runs.map((steps) => steps.map((step) => Array.from(step[name], name === "c" ? Math.tanh : (value) => value)));
  const apart = states[0].map((row, n) => row.map((value, unit) => value - states[1][n][unit]));
  const total = (unit) => apart.reduce((sum, row) => sum + Math.abs(row[unit]), 0);
  const order = states[0][0].map((_, unit) => unit).sort((a, b) => total(b) - total(a));
  const map = (title, rows, words) => {
    const canvas = paint(order.map((unit) => rows.map((row) => row[unit])), true);
    canvas.style.height = `${Math.max(4, order.length * 0.7)}rem`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title);
    const time = make("div", "time", ...words.map((word) => make("span", "", word)));
    return make("figure", "map", make("figcaption", "", title), make("div", "strip", canvas, time));
  };
  const what = name === "c" ? t("memory") : t("state");
  at("inside").replaceChildren(
    ...twins.map(({ words }, n) => map(`${what}: ${words[0]} …`, states[n], words)),
    map(t("first − second, half as large"), apart.map((row) => row.map((value) => value / 2)), twins[0].words.map((word, n) => (n ? word : `${word} / ${twins[1].words[0]}`))),
  );
}

// --- beginning ------------------------------------------------------------------------------------

at("cells").append(...Object.entries(CELLS).map(([name, [label]]) => {
  const chip = button("", label, () => {
    cell = name;
    begin();
  });
  chip.dataset.cell = name;
  return chip;
}));
at("scales").append(scale("−1", "1", true));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
  if (target.name !== "rate") {
    begin();
    return;
  }
  remember(); // it may change while a net learns
  show();
});
at("play").addEventListener("click", play);
at("step").addEventListener("click", () => {
  stop();
  epoch();
});
at("again").addEventListener("click", begin);
at("other").addEventListener("click", () => {
  seed += 1;
  begin();
});
recall();
begin();
