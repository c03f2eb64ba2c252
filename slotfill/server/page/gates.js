// Inside the network: its gates and states over time, as heat maps with a row a unit and a column a token.
// Two sentences, or two nets, stand side by side; what is shown is what `slotfill explain` shows (slotfill/inside.py).

import { button, choice, make } from "./elements.js";
import { paint, scale } from "./maps.js";
import { t } from "./translation.js";

const CANDIDATE = [t("candidate"), t("What each unit would write at this word: below zero blue, above it orange.")];
const PARTS = {
  c: [
    t("memory"),
    t("What each unit remembers, as tanh(c). Follow a row: where it takes a colour at one word and keeps it up to a city " +
      "or a date, it carries that word along. Compare “arrive Taipei” with “leave Taipei”."),
  ],
  h: [
    t("state"),
    t("What each unit tells the tags, and the next word: in an LSTM its memory, as far as the output gate shows it."),
  ],
  y: [t("output"), t("What the net said of each word, which is all that a Jordan net remembers: the likeliest tags.")],
  i: [t("input"), t("How much of each word a unit takes in. Which columns are bright: the words that decide, or all?")],
  f: [
    t("forget"),
    t("How much a unit keeps of what it remembered: bright keeps, dark forgets. Rows that stay bright have a long memory."),
  ],
  o: [
    t("output gate"),
    t("How much of its memory a unit shows. Some speak up only at certain words, such as cities or numbers."),
  ],
  r: [t("reset"), t("How much of the past a unit uses for its new content: dark starts afresh.")],
  z: [t("update"), t("How much of the past a unit keeps: bright keeps it.")],
  g: CANDIDATE,
  n: CANDIDATE,
};
const NO_MEMORY = t("This is a feed-forward net, without memory: its state at a word depends on that word alone, and with a " +
  "window on its neighbours.");
const SIGNED = "gnch"; // these run from -1 to 1, the others from 0 to 1
const MOST_OUTPUTS = 12; // rows of y; the other tags are hardly ever said
const DIRECTIONS = { forward: t("read from the left"), backward: t("read from the right") };

// Fills `panel` with the gates of an answer of /explain. `compare` asks for a second one: `compare({ against })` another
// sentence, `compare({ model })` another of the `models`. `slotAt(token)` is the class of a token.
export function showGates(panel, found, slotAt, { compare, models }) {
  const maps = make("div", "cells");
  const hint = make("p", "hint");
  const note = make("p", "hint", NO_MEMORY);
  const chips = make("div", "chips");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", t("Gate or state"));
  const scales = make("p", "scales", scale(t("shut 0"), t("open 1"), false), scale("−1", "1", true));
  let groups = [];
  let chosen = "";
  const choose = (name) => {
    chosen = name;
    for (const chip of chips.children) chip.setAttribute("aria-pressed", chip.dataset.part === name);
    hint.textContent = PARTS[name][1];
    const shown = groups.filter(({ strips }) => strips.some(({ parts }) => name in parts));
    maps.replaceChildren(...shown.map((group) => cellMaps(group, name)));
  };
  const show = (answers) => {
    groups = answers.groups;
    note.hidden = !answers.cells.includes("feedforward");
    const names = Object.keys(PARTS).filter((name) => groups.some(({ strips }) => strips.some(({ parts }) => name in parts)));
    chips.replaceChildren(...names.map((name) => {
      const chip = button("", PARTS[name][0], () => choose(name));
      chip.dataset.part = name;
      return chip;
    }));
    const shared = names.filter((name) => groups.every(({ strips }) => strips.every(({ parts }) => name in parts)));
    choose(shared.includes(chosen) ? chosen : (shared[0] ?? names[0])); // two nets are to be seen side by side at once
  };
  const alone = () => show({ cells: [found.cell], groups: groupsOf([stripsOf("", found, slotAt)]) });
  panel.replaceChildren(comparison({ found, compare, models, slotAt, show, alone }), chips, hint, note, maps, scales);
  alone();
}

// The fields for a second sentence and another net.
function comparison({ found, compare, models, slotAt, show, alone }) {
  const field = make("input");
  field.placeholder = "leave Taipei on November 2nd";
  field.maxLength = 500;
  const trouble = make("p", "note");
  trouble.hidden = true;
  const [netLabel, net] = choice(t("or another net"), [["", t("no other")], ...models.map((name) => [name, name])], "");
  netLabel.hidden = !models.length;
  const ask = async () => {
    trouble.hidden = true;
    const against = field.value.trim();
    try {
      if (against) show(twoSentences(await compare({ against }), slotAt));
      else if (net.value) show(twoNets(found, await compare({ model: net.value }), net.value, slotAt));
      else alone();
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    }
  };
  field.addEventListener("change", () => {
    if (field.value.trim()) net.value = "";
    ask();
  });
  net.addEventListener("change", () => {
    field.value = "";
    ask();
  });
  const form = make("form", "fields", make("label", "", `${t("Compare with another sentence")} `, field), netLabel, trouble);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function stripsOf(title, found, slotAt) {
  return Object.fromEntries(Object.entries(found.gates).map(([cell, parts]) => [cell, {
    title,
    tokens: found.tokens.map((token) => ({ text: token.text, role: slotAt(token, found) })),
    parts: "c" in parts ? { ...parts, c: parts.c.map((row) => row.map(Math.tanh)) } : parts,
    units: found.units[cell],
    names: found.outputs,
  }]));
}

function groupsOf(nets) {
  const cells = [...new Set(nets.flatMap(Object.keys))];
  return cells.map((cell) => ({ cell, strips: nets.filter((net) => cell in net).map((net) => net[cell]) }));
}

function twoSentences({ first, second, pairs, difference }, slotAt) {
  const nets = [first, second].map((one) => stripsOf(one.text, one, slotAt));
  if (difference) {
    const words = pairs.filter((pair) => !pair.includes(null)).map(([a, b]) => [first.tokens[a].text, second.tokens[b].text]);
    const tokens = words.map(([a, b]) => ({ text: a === b ? a : `${a} / ${b}`, role: "" }));
    nets.push(Object.fromEntries(Object.entries(difference).map(([cell, parts]) => [cell, {
      title: t("first − second"), tokens, parts, units: first.units[cell], names: first.outputs, isDifference: true,
    }])));
  }
  return { cells: [first.cell, second.cell], groups: groupsOf(nets) };
}

function twoNets(found, other, name, slotAt) {
  const groups = groupsOf([stripsOf(t("this net"), found, slotAt), stripsOf(name, other, slotAt)]);
  return { cells: [found.cell, other.cell], groups };
}

function cellMaps({ cell, strips }, name) {
  const [layer, direction] = cell.split(".");
  const way = DIRECTIONS[direction] ?? direction;
  const title = layer > 0 ? t("layer {n}, {way}", { n: Number(layer) + 1, way }) : way;
  const maps = strips.filter(({ parts }) => name in parts).map((strip) => heatMap(strip, name));
  return make("div", "", make("p", "title", title), make("div", "maps", ...maps));
}

// One part of one cell over one sentence: time runs to the right.
function heatMap({ title, tokens, parts, units, names, isDifference }, name) {
  const rows = parts[name];
  const isOutput = name === "y";
  const order = isOutput ? units.y.slice(0, MOST_OUTPUTS) : units.h;
  const isSigned = SIGNED.includes(name) || isDifference;
  const reach = isDifference && SIGNED.includes(name) ? 2 : 1;
  const canvas = paint(order.map((unit) => rows.map((row) => row[unit] / reach)), isSigned);
  const height = `${isOutput ? order.length * 0.9 : Math.min(18, Math.max(5, order.length * 0.6))}rem`;
  canvas.style.height = height;
  canvas.setAttribute("role", "img");
  const all = rows[0]?.length ?? 0;
  const means = rows.map((row, n) => `${tokens[n].text} ${(row.reduce((sum, value) => sum + value, 0) / all).toFixed(2)}`);
  canvas.setAttribute("aria-label", t("{gate}, {n} units; means: {means}", { gate: PARTS[name][0], n: all, means: means.join(", ") }));
  const label = (unit) => (isOutput && names ? names[unit] : t("unit {n}", { n: unit }));
  canvas.addEventListener("mousemove", ({ offsetX, offsetY }) => {
    const unit = order[Math.min(order.length - 1, Math.floor((offsetY / canvas.clientHeight) * order.length))];
    const n = Math.min(tokens.length - 1, Math.floor((offsetX / canvas.clientWidth) * tokens.length));
    canvas.title = t("{unit} at “{word}”: {value}", { unit: label(unit), word: tokens[n].text, value: rows[n][unit].toFixed(2) });
  });
  const words = make("div", "time", ...tokens.map(({ text, role }) => make("span", role, text)));
  for (const one of [canvas, words]) one.style.minWidth = `${tokens.length * 1.1}rem`;
  const axis = isOutput ? make("div", "tags", ...order.map((unit) => make("span", "", label(unit)))) : "";
  if (isOutput) axis.style.height = height; // a tag beside each row
  const drawn = make("div", "strip", canvas, words);
  drawn.tabIndex = 0; // a long one scrolls
  const scaled = reach === 2 ? " (−2 to 2)" : "";
  return make("figure", "map", make("figcaption", "", title + (isDifference ? scaled : "")), make("div", "drawn", axis, drawn));
}
