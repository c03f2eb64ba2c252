// Sliders for the weights and biases of a cell.

import { make } from "./elements.js";
import { raised } from "./numbers.js";
import { t } from "./translation.js";
import { LINES, PLACES, peeping } from "./worked.js";

// A number with a slider below it; the number may be beyond the slider. `names` are what it is called, to see and to hear.
export function weight(symbol, spoken, value, most, set) {
  const range = Object.assign(make("input"), { type: "range", min: -most, max: most, step: most / 100, value });
  const number = Object.assign(make("input"), { type: "number", step: "any", value });
  for (const one of [range, number]) one.setAttribute("aria-label", spoken);
  range.addEventListener("input", () => {
    number.value = range.value;
    set(range.valueAsNumber);
  });
  number.addEventListener("input", () => {
    if (!Number.isFinite(number.valueAsNumber)) return;
    range.value = number.value;
    set(number.valueAsNumber);
  });
  return make("div", "weight", make("span", "", symbol), number, range);
}

function group(heading, note, fields) {
  return make("div", "group", make("p", "", make("strong", "", ...heading), " ", make("span", "", note)), make("div", "set", ...fields));
}

function lstmGroups(net, forgetName, changed) {
  const about = {
    candidate: ["z", t("candidate: what could be written")],
    input: ["z^i", t("input gate: how much of it is written")],
    forget: ["z^f", t("{name}: how much of the memory is kept", { name: forgetName })],
    output: ["z^o", t("output gate: how much of the memory is shown")],
  };
  const symbols = { h: "h", c: "c", bias: t("bias") };
  return LINES.map((line) => {
    const [symbol, note] = about[line];
    const places = PLACES.filter((place) => place !== "c" || peeping(net).includes(line));
    const fields = places.map((place) => {
      const shown = symbols[place] ?? place;
      const set = (value) => {
        net[line][place] = value;
        changed();
      };
      return weight(shown, `${symbol} ${shown}`, net[line][place], place === "h" ? 10 : 100, set);
    });
    return group(raised(symbol), note, fields);
  });
}

function simpleGroups(net, changed) {
  const about = {
    W: t("from the inputs x to the hidden units h"),
    U: net.kind === "elman" ? t("from the memory m, the hidden units one step ago") : t("from the memory m, the outputs one step ago"),
    b: t("biases of the hidden units"),
    V: t("from the hidden units h to the outputs y"),
    b_y: t("biases of the outputs"),
  };
  // what a weight leads from and to
  const ends = { W: ["x", "h"], U: ["m", "h"], b: ["", "h"], V: ["h", "y"], b_y: ["", "y"] };
  return Object.entries(about).map(([name, note]) => {
    const [source, target] = ends[name];
    const rows = source ? net[name] : net[name].map((_, n) => [n]);
    const fields = rows.flatMap((row, to) =>
      row.map((_, from) => {
        const [values, place] = source ? [row, from] : [net[name], to];
        const shown = source ? `${source}${from + 1} → ${target}${to + 1}` : `${target}${to + 1}`;
        const set = (number) => {
          values[place] = number;
          changed();
        };
        return weight(shown, `${name}: ${shown}`, values[place], 2, set);
      }));
    return group([name], note, fields);
  });
}

export const weightsOf = (net, forgetName, changed) =>
  net.kind === "lstm" ? lstmGroups(net, forgetName, changed) : simpleGroups(net, changed);
