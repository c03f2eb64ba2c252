// The gates of a sentence as heat maps: one row a token, one column a unit.

import { button, make } from "./elements.js";
import { t } from "./translation.js";

const CANDIDATE = [t("candidate"), t("What each unit would write at this word: below zero blue, above it orange.")];
const GATES = {
  c: [
    t("cell"),
    t("What each unit remembers. Follow a column: where it changes colour at one word and keeps the new colour up to " +
      "a city, it carries that word along. Compare “arrive Taipei” with “leave Taipei”."),
  ],
  i: [t("input"), t("How much of each word a unit takes in. Which rows are bright: the words that decide, or all?")],
  f: [
    t("forget"),
    t("How much a unit keeps of what it remembered: bright keeps, dark forgets. Columns that stay bright have a long " +
      "memory."),
  ],
  o: [
    t("output"),
    t("How much of its memory a unit shows. Some speak up only at certain words, such as cities or numbers."),
  ],
  r: [t("reset"), t("How much of the past a unit uses for its new content: dark starts afresh.")],
  z: [t("update"), t("How much of the past a unit keeps: bright keeps it.")],
  g: CANDIDATE,
  n: CANDIDATE,
};
const SIGNED = "gnc"; // these run from -1 to 1, the others from 0 to 1
const DIRECTIONS = {
  forward: t("read from the left: follow it downward"),
  backward: t("read from the right: follow it upward"),
};

// Fills `panel` with the gates of an answer of /explain.
export function showGates(panel, { tokens, gates }, slotAt) {
  const cells = Object.entries(gates).filter(([, ofCell]) => Object.keys(ofCell).length);
  const names = Object.keys(GATES).filter((name) => cells.some(([, ofCell]) => name in ofCell));
  if (!names.length) {
    panel.replaceChildren(make("p", "", t("This net has no gates.")));
    return;
  }
  const maps = make("div", "cells");
  const hint = make("p", "hint");
  const chips = names.map((name) => button("", GATES[name][0], () => choose(name)));
  const choose = (chosen) => {
    names.forEach((name, n) => chips[n].setAttribute("aria-pressed", name === chosen));
    hint.textContent = GATES[chosen][1];
    maps.replaceChildren(
      ...cells.filter(([, ofCell]) => chosen in ofCell).map(([cell, ofCell]) => heatMap(cell, chosen, tokens, ofCell[chosen], slotAt)),
    );
  };
  const group = make("div", "chips", ...chips);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", t("Gate"));
  const scales = make("p", "scales", scale(t("shut 0"), t("open 1"), false), scale("−1", "1", true));
  panel.replaceChildren(group, hint, maps, scales);
  choose(names[0]);
}

function heatMap(cell, name, tokens, rows, slotAt) {
  const [layer, direction] = cell.split(".");
  const way = DIRECTIONS[direction] ?? direction;
  const title = layer > 0 ? t("layer {n}, {way}", { n: Number(layer) + 1, way }) : way;
  const words = make("div", "rows", ...tokens.map((token) => make("span", slotAt(token), token.text)));
  const canvas = paint(rows, SIGNED.includes(name));
  canvas.style.height = `${tokens.length * 1.5}rem`;
  canvas.setAttribute("role", "img");
  const means = rows.map((row, n) => `${tokens[n].text} ${(row.reduce((sum, value) => sum + value, 0) / row.length).toFixed(2)}`);
  const said = { gate: GATES[name][0], n: rows[0].length, means: means.join(", ") };
  canvas.setAttribute("aria-label", t("{gate}, {n} units; means: {means}", said));
  const reading = make("p", "reading", " ");
  canvas.addEventListener("mousemove", (event) => {
    const row = Math.min(rows.length - 1, Math.floor((event.offsetY / canvas.clientHeight) * rows.length));
    const unit = Math.min(rows[0].length - 1, Math.floor((event.offsetX / canvas.clientWidth) * rows[0].length));
    if (row < 0 || unit < 0) return;
    const read = { n: unit + 1, word: tokens[row].text, value: rows[row][unit].toFixed(2) };
    reading.textContent = t("unit {n} at “{word}”: {value}", read);
  });
  return make("div", "", make("p", "title", title), make("div", "map", words, canvas), reading);
}

function scale(low, high, signed) {
  return make("span", "", low, paint([Array.from({ length: 32 }, (_, n) => (signed ? n / 15.5 - 1 : n / 31))], signed), high);
}

function paint(rows, signed) {
  const canvas = make("canvas");
  canvas.width = rows[0].length;
  canvas.height = rows.length;
  const pen = canvas.getContext("2d");
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      pen.fillStyle = signed ? diverging(value) : sequential(value);
      pen.fillRect(x, y, 1, 1);
    }),
  );
  return canvas;
}

// Dark blue through green to yellow, and blue through grey to orange. Both also change in brightness,
// so that they can be read without telling colours apart.
const LADDER = [[38, 30, 84], [44, 90, 140], [33, 145, 140], [120, 200, 90], [250, 230, 60]];
const SCISSORS = [[0, 60, 130], [90, 160, 215], [240, 240, 236], [240, 150, 70], [150, 60, 0]];
const sequential = (value) => between(LADDER, value);
const diverging = (value) => between(SCISSORS, (value + 1) / 2);

function between(colours, share) {
  const place = Math.min(1, Math.max(0, share)) * (colours.length - 1);
  const low = Math.min(colours.length - 2, Math.floor(place));
  const mixed = colours[low].map((from, n) => Math.round(from + (colours[low + 1][n] - from) * (place - low)));
  return `rgb(${mixed.join(" ")})`;
}
