// The diagrams of the cells in SVG, drawn once; `show` lights what a step opens.

import { t } from "./translation.js";
import { LINES, fixed, minus, peeping, short } from "./worked.js";

const SPACE = "http://www.w3.org/2000/svg";

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const path = (d, name = "flow") => draw("path", { d, class: name, "marker-end": "url(#tip)" });
const text = (x, y, name = "", anchor = "middle") => draw("text", { x, y, class: name, "text-anchor": anchor });

// `z^i = 90` with a raised i.
function formula(symbol, value) {
  const [base, top] = symbol.split("^");
  if (!top) return [`${base} = ${minus(value)}`];
  return [base, draw("tspan", { dy: -6, class: "raised" }, top), draw("tspan", { dy: 6 }, ` = ${minus(value)}`)];
}

function picture(width, height, label) {
  const tip = draw("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse" },
    draw("path", { d: "M0,0 L8,4 L0,8 Z", class: "tip" }));
  const title = draw("title", {}, label);
  return draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "cell" }, title, draw("defs", {}, tip));
}

const light = (element, value) => element.style.setProperty("--on", Math.min(1, Math.max(0, value)));

// --- LSTM -----------------------------------------------------------------------------------------

// A gate: a valve in a lamp. The bar lies along the flow if the gate is open, and across it if it is shut.
function gate(x, y, turn) {
  const lamp = draw("circle", { cx: x, cy: y, r: 21, class: "lamp" });
  const bar = draw("g", { class: "bar", transform: `translate(${x} ${y})` },
    draw("g", { class: "turning" }, draw("line", { x1: -15, x2: 15, y1: 0, y2: 0, class: "halo" }), draw("line", { x1: -15, x2: 15, y1: 0, y2: 0 })));
  const element = draw("g", { class: "gate" }, draw("circle", { cx: x, cy: y, r: 21, class: "ring" }), lamp, bar);
  const show = (value) => {
    light(lamp, value);
    bar.firstChild.style.transform = `rotate(${turn + 90 * (1 - value)}deg)`;
  };
  return { element, show };
}

function times(x, y) {
  return draw("g", { class: "times" }, draw("circle", { cx: x, cy: y, r: 13 }), draw("path", { d: `M${x - 6},${y - 6} l12,12 M${x + 6},${y - 6} l-12,12` }));
}

function squash(x, y, symbol) {
  const label = text(x, y + 5);
  label.textContent = symbol;
  return draw("g", { class: "squash" }, draw("circle", { cx: x, cy: y, r: 18 }), label);
}

export function lstmDiagram(names) {
  const svg = picture(540, 540, t("An LSTM unit: the candidate comes from below, three gates stand at its way into, within and out of the memory"));
  const flows = {
    candidate: path("M290,530 L290,470"),
    squashed: path("M290,434 L290,395"),
    written: path("M290,367 L290,318"),
    kept: path("M366,250 C390,222 412,226 417,260 M417,288 C410,324 388,316 369,300"),
    memory: path("M290,222 L290,200"),
    shown: path("M290,164 L290,115"),
    output: path("M290,88 L290,48"),
    i: path("M142,381 L275,381"),
    f: path("M474,273 L434,273"),
    o: path("M142,101 L275,101"),
    zi: path("M4,381 L98,381"),
    zf: path("M496,388 L496,296"),
    zo: path("M4,101 L98,101"),
  };
  const peeps = {
    candidate: path("M240,318 C205,365 215,430 269,446", "peep"),
    input: path("M212,290 C165,296 128,320 121,358", "peep"),
    forget: path("M368,312 C410,385 478,375 489,294", "peep"),
    output: path("M212,245 C160,225 128,185 121,124", "peep"),
  };
  const level = draw("rect", { x: 213, y: 223, width: 154, height: 94, class: "level" });
  const texts = {
    x: text(4, 500, "name", "start"), heard: text(4, 526, "name", "start"), z: text(302, 524, "", "start"), g: text(302, 420, "", "start"),
    zi: text(4, 354, "", "start"), zf: text(500, 412), zo: text(4, 74, "", "start"),
    i: text(190, 370), f: text(478, 330, "", "end"), o: text(190, 90),
    c: text(290, 276, "big"), written: text(302, 349, "", "start"), kept: text(400, 218, "", "middle"),
    shown: text(302, 146, "", "start"), h: text(290, 34, "big"),
  };
  const labels = { input: text(4, 408, "name", "start"), forget: text(536, 230, "name", "end"), output: text(4, 128, "name", "start"), memory: text(290, 306, "name") };
  labels.input.textContent = names.input;
  labels.output.textContent = names.output;
  labels.memory.textContent = t("memory");
  const gates = { i: gate(120, 381, 0), f: gate(496, 273, 0), o: gate(120, 101, 0) };
  const turnings = [squash(290, 452, "g"), squash(290, 182, "h")];
  svg.append(
    ...Object.values(flows), ...Object.values(peeps),
    draw("rect", { x: 212, y: 222, width: 156, height: 96, rx: 8, class: "box" }), level,
    ...turnings, times(290, 381), times(420, 273), times(290, 101),
    ...Object.values(gates).map((one) => one.element),
    ...Object.values(labels), ...Object.values(texts),
  );

  const say = (name, symbol, value) => texts[name].replaceChildren(...formula(symbol, value));
  return { svg, show };

  // `most` is the largest memory of all steps.
  function show(net, step, most, forgetName) {
    labels.forget.textContent = forgetName;
    for (const [n, symbol] of ["g", "h"].entries()) turnings[n].lastChild.textContent = net.tanh ? "tanh" : symbol;
    for (const [name, symbol] of [["z", "z"], ["zi", "z^i"], ["zf", "z^f"], ["zo", "z^o"]]) say(name, symbol, short(step[name]));
    for (const name of "ifo") {
      say(name, name, fixed(step[name]));
      gates[name].show(step[name]);
      light(flows[name], step[name]);
    }
    texts.x.textContent = minus(`x = ${step.x.map(short).join(", ")}`);
    // the unit hears itself only where a weight of h is not 0
    texts.heard.textContent = LINES.some((line) => net[line].h !== 0) ? minus(t("h one step ago = {value}", { value: fixed(step.heard) })) : "";
    say("c", "c", fixed(step.c));
    say("h", "h", fixed(step.h));
    texts.g.textContent = net.tanh ? minus(fixed(step.g)) : "";
    texts.written.textContent = minus(fixed(step.i * step.g));
    texts.kept.textContent = minus(fixed(step.f * step.before));
    texts.shown.textContent = net.tanh ? minus(fixed(step.shown)) : "";
    const isMuch = (value) => (Math.abs(value) < 0.005 ? 0 : 1);
    light(flows.candidate, isMuch(step.z));
    light(flows.squashed, isMuch(step.z));
    light(flows.written, step.i * isMuch(step.g));
    light(flows.kept, step.f * isMuch(step.before));
    for (const name of ["memory", "shown"]) light(flows[name], isMuch(step.c));
    light(flows.output, step.o * isMuch(step.c));
    const share = most ? Math.abs(step.c) / most : 0;
    level.style.transform = `scaleY(${share})`;
    level.classList.toggle("below", step.c < 0);
    const seen = peeping(net);
    for (const [name, line] of Object.entries(peeps)) {
      line.classList.toggle("hidden", !seen.includes(name));
      const value = net.peepholes === "gers" && name === "output" ? step.c : step.before;
      light(line, net[name].c !== 0 ? isMuch(value) : 0);
    }
  }
}

// --- Elman and Jordan -----------------------------------------------------------------------------

export function simpleDiagram(kind) {
  const isElman = kind === "elman";
  const label = isElman
    ? t("An Elman net: inputs below, hidden units, outputs above; the memory at the left holds the hidden units of the step before")
    : t("A Jordan net: inputs below, hidden units, outputs above; the memory at the left holds the outputs of the step before");
  const svg = picture(540, 470, label);
  const [boxes, columns] = [[70, 180], [320, 450]];
  const [top, middle, bottom] = [60, 220, 400];
  const lines = (from, to, low, high) => to.map((end) => from.map((start) => path(`M${start},${low} L${end + (start - end) / 12},${high}`)));
  const W = lines(columns, columns, bottom - 26, middle + 30);
  const U = lines(boxes, columns, bottom - 24, middle + 30);
  const V = lines(columns, columns, middle - 26, top + 30);
  // what is kept for the next step
  const kept = isElman ? middle : top;
  const copies = boxes.map((box, n) => path(`M${columns[n] - 20},${kept - 18} C${columns[n] - 90},${kept - 50} ${box},${kept - 30} ${box},${bottom - 28}`, "copy-of"));
  const node = (shape, x, y) => {
    const lamp = shape("level");
    const value = text(x, y + 6);
    return { lamp, value, element: draw("g", { class: "node" }, shape("box"), lamp, value) };
  };
  const round = (x, y) => node((name) => draw("circle", { cx: x, cy: y, r: 27, class: name }), x, y);
  const square = (x, y) => node((name) => draw("rect", { x: x - 34, y: y - 24, width: 68, height: 48, rx: 6, class: name }), x, y);
  const [x, h, y] = [bottom, middle, top].map((row) => columns.map((column) => round(column, row)));
  const m = boxes.map((box) => square(box, bottom));
  const named = (name, column, row, anchor) => {
    const made = text(column, row, "name", anchor);
    made.textContent = name;
    return made;
  };
  const names = [["x", bottom], ["h", middle], ["y", top]].flatMap(([name, row]) =>
    columns.map((column, n) => named(`${name}${n + 1}`, column + 34, row + 6, "start")));
  const remembered = named(isElman ? t("memory m: h one step ago") : t("memory m: y one step ago"), 125, bottom + 50, "middle");
  svg.append(...[W, U, V].flat(2), ...copies, ...[x, h, y, m].flat().map((one) => one.element), ...names, remembered);
  return { svg, show };

  function show(net, step, most) {
    const fill = (nodes, values) =>
      nodes.forEach((one, n) => {
        one.value.textContent = minus(short(values[n]));
        light(one.lamp, most ? Math.abs(values[n]) / most : 0);
      });
    fill(x, step.x);
    fill(m, step.memory);
    fill(h, step.h);
    fill(y, step.y);
    for (const [weights, drawn, values] of [[net.W, W, step.x], [net.U, U, step.memory], [net.V, V, step.h]]) {
      weights.forEach((row, to) => row.forEach((weight, from) => light(drawn[to][from], Math.abs(weight * values[from]) < 0.005 ? 0 : 1)));
    }
    for (const line of copies) light(line, 1);
  }
}
