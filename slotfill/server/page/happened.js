// What a step of a cell did, in words: those of slotfill/worked.

import { t } from "./translation.js";
import { short } from "./worked.js";

const [OPEN, SHUT, NOTHING] = [0.95, 0.05, 0.005];

const VERBS = {
  keeps: [(values) => t("keeps {value}", values), (values) => t("keeps {percent} % of {value}", values)],
  writes: [(values) => t("writes {value}", values), (values) => t("writes {percent} % of {value}", values)],
  shows: [(values) => t("shows {value}", values), (values) => t("shows {percent} % of {value}", values)],
};

function amount(verb, gate, number) {
  if (gate < SHUT) return "";
  const [all, some] = VERBS[verb];
  const values = { value: short(number), percent: Math.round(gate * 100) };
  return gate > OPEN ? all(values) : some(values);
}

export function happened(net, step) {
  if (net.kind !== "lstm") {
    const left = net.kind === "elman" ? step.h : step.y;
    return t("reads {read}, leaves {left}", { read: step.memory.map(short).join(" "), left: left.map(short).join(" ") });
  }
  const isEmpty = Math.abs(step.before) < NOTHING;
  const adds = step.i > OPEN && step.f > OPEN && !isEmpty;
  const parts = [];
  if (adds) parts.push(t("adds {value} to {memory}", { value: short(step.g), memory: short(step.before) }));
  else if (step.i >= SHUT) parts.push(amount("writes", step.i, step.g));
  else if (Math.abs(step.g) >= NOTHING) parts.push(t("ignores {value}", { value: short(step.g) }));
  if (!isEmpty && !adds) parts.push(amount("keeps", step.f, step.before) || t("forgets {value}", { value: short(step.before) }));
  parts.push(amount("shows", step.o, step.shown));
  return parts.filter(Boolean).join(t(", "));
}
