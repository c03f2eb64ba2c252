// Heat maps: numbers as colours.

import { make } from "./elements.js";

// A canvas with a pixel a number; `rows` run downward. Signed numbers run from -1 to 1, the others from 0 to 1.
export function paint(rows, signed) {
  const canvas = make("canvas");
  canvas.width = rows[0]?.length ?? 0;
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

// A legend: the colours between the texts of both ends.
export function scale(low, high, signed) {
  return make("span", "", low, paint([Array.from({ length: 32 }, (_, n) => (signed ? n / 15.5 - 1 : n / 31))], signed), high);
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
