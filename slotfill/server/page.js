// The page: sends the sentence to /explain while it is typed, and shows the answer.
// Typed text becomes text nodes, never markup.
"use strict";

const EXAMPLES = [
  "arrive Taipei on November 2nd",
  "leave Taipei on November 2nd",
  "Boston to Denver via Chicago tomorrow morning, back in two weeks after 6 pm",
  "business class to São Paulo, arriving friday before noon",
];
const LONGEST_EXPLAINED = 500; // characters; longer texts are tagged without reasons and gates
const PAUSE = 120; // milliseconds after the last key before a request
const AGAIN = 1500; // milliseconds between attempts to reach a server that is gone

const ROLES = {
  departure: ["fromloc", "depart_date", "depart_time"],
  arrival: ["toloc", "arrive_date", "arrive_time"],
  return: ["return_date", "return_time"],
  stop: ["stoploc"],
};
const ROLE_NAMES = { departure: "departure", arrival: "arrival", return: "return", stop: "stop", other: "the rest" };
const GATES = {
  i: "input", f: "forget", o: "output", r: "reset", z: "update", g: "candidate", n: "candidate", c: "cell",
};
const SIGNED = "gnc"; // these run from -1 to 1, the others from 0 to 1
const DIRECTIONS = { forward: "reading from the left", backward: "reading from the right" };

const at = (id) => document.getElementById(id);
const box = at("text");
let asking = null; // the request under way
let timer = 0;
let shown = null; // the last answer
let model = "travel";

// An element with a class and children; strings become text.
function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

function roleOf(name) {
  const head = name.split(".")[0];
  return Object.keys(ROLES).find((role) => ROLES[role].includes(head)) ?? "other";
}

// --- asking ---------------------------------------------------------------------------------------

function localTime() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
}

async function ask() {
  clearTimeout(timer);
  asking?.abort();
  const text = box.value;
  if (!text.trim()) {
    clear();
    return;
  }
  const mine = (asking = new AbortController());
  const path = Array.from(text).length > LONGEST_EXPLAINED ? "/tag" : "/explain";
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, now: localTime() }),
      signal: mine.signal,
    });
    const found = await answer.json();
    if (mine !== asking) return;
    if (answer.ok) {
      show(found);
    } else {
      trouble(`The server says: ${found.error}`);
      if (answer.status >= 500) timer = setTimeout(ask, AGAIN);
    }
  } catch (error) {
    if (error.name === "AbortError" || mine !== asking) return;
    trouble("The server does not answer. Is `slotfill serve` still running? This page keeps trying.");
    timer = setTimeout(ask, AGAIN);
  }
}

function trouble(message) {
  at("trouble").textContent = message;
  at("trouble").hidden = false;
  at("found").classList.add("old");
}

function clear() {
  shown = null;
  at("trouble").hidden = true;
  at("found").hidden = true;
  at("summary").textContent = "";
}

// --- showing --------------------------------------------------------------------------------------

function show(found) {
  clear();
  shown = found;
  at("found").hidden = false;
  at("found").classList.remove("old");
  at("gates").hidden = true;
  at("copy").hidden = true;
  at("copied").textContent = "";
  const count = found.slots.length;
  at("summary").textContent = `${count} ${count === 1 ? "slot" : "slots"} found`;
  at("intent").textContent = found.intent ? `asks for: ${found.intent.name} (${found.intent.confidence.toFixed(2)})` : "";
  showSentence(found);
  showItinerary(found.frame);
  showSlots(found);
}

// Offsets count code points, JavaScript's strings do not.
function showSentence(found) {
  const points = Array.from(found.text);
  const between = (start, end) => points.slice(start, end).join("");
  const tokens = found.tokens ?? found.slots.map(({ text, start, end }) => ({ text, start, end }));
  const parts = [];
  let end = 0;
  let slot = null;
  let words = null;
  tokens.forEach((token, number) => {
    const gap = between(end, token.start);
    const inside = found.slots.find((one) => one.start <= token.start && token.end <= one.end);
    const button = tokenButton(token, number, found);
    if (inside && inside === slot) {
      words.append(gap, button);
    } else {
      parts.push(gap);
      if (inside) {
        const role = roleOf(inside.name);
        words = make("span", "words", button);
        parts.push(make("span", `slot ${role}`, words, make("small", "", ROLE_NAMES[role])));
      } else {
        parts.push(button);
      }
    }
    slot = inside;
    end = token.end;
  });
  at("sentence").replaceChildren(...parts, between(end));
  const roles = Object.keys(ROLE_NAMES).filter((role) => found.slots.some((one) => roleOf(one.name) === role));
  at("legend").replaceChildren(...roles.map((role) => make("li", role, ROLE_NAMES[role])));
}

function tokenButton(token, number, found) {
  const button = make("button", "", token.text);
  button.type = "button";
  button.tabIndex = number ? -1 : 0; // one stop for Tab; arrows go on from there
  if (found.gates) {
    const other = token.second ? `, or ${token.second} (${token.second_confidence.toFixed(2)})` : "";
    button.title = `${token.tag} (${token.confidence.toFixed(2)})${other}`;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", "gates");
    button.addEventListener("click", () => showGates(number, button));
  }
  return button;
}

function tokenButtons() {
  return Array.from(at("sentence").querySelectorAll("button"));
}

function slotValues(frame) {
  const values = new Map();
  for (const leg of [frame.departure, frame.arrival, frame.return, ...(frame.stops ?? []), ...(frame.open ?? [])]) {
    for (const value of Object.values(leg ?? {})) values.set(value.slots[0], value);
  }
  for (const value of Object.values(frame.other ?? {}).flat()) if (value.slots) values.set(value.slots[0], value);
  return values;
}

// As in the table of the command line: `Taipei, TW (TPE, TSA)`, `before 18:30`, `06:00 or 18:00?`
function valueText(value) {
  if (value.value === null) {
    return (value.alternatives ?? []).map((other) => other.value ?? other).join(" or ") + "?";
  }
  const range = value.to ? `${value.value} to ${value.to}` : value.value;
  const country = value.country && value.kind !== "country" ? `, ${value.country}` : "";
  const airports = value.airports && value.kind !== "airport" ? ` (${value.airports.join(", ")})` : "";
  const currency = value.currency ? ` ${value.currency}` : "";
  return `${value.relation ? `${value.relation} ` : ""}${range}${country}${airports}${currency}`;
}

function showSlots(found) {
  const values = slotValues(found.frame);
  const rows = found.slots.map((slot, number) => {
    const value = values.get(number);
    const meter = make("meter");
    meter.value = slot.confidence;
    meter.setAttribute("aria-hidden", "true");
    const shownValue = make("td", "value", value ? valueText(value) : "");
    if (value?.note) shownValue.append(make("span", "note", value.note));
    const row = make(
      "tr",
      roleOf(slot.name),
      make("td", "name", make("span", "", ...breakable(slot.name))),
      make("td", "text", slot.text),
      shownValue,
      make("td", "sure number", meter, ` ${slot.confidence.toFixed(2)}`),
      make("td", "why", reason(found, number)),
    );
    row.addEventListener("mouseenter", () => markDecider(found, number));
    row.addEventListener("mouseleave", () => markDecider(found, null));
    return row;
  });
  at("slots").tBodies[0].replaceChildren(...rows);
  at("slots").hidden = !rows.length;
  at("none").hidden = rows.length > 0;
}

// Lets a long name break after a dot or an underscore.
function breakable(name) {
  return name.split(/(?<=[._])/).flatMap((part) => [part, make("wbr")]);
}

// The server's sentence without its beginning, which the row already shows.
function reason(found, number) {
  const slot = found.slots[number];
  const line = found.reasons?.[number] ?? "";
  const known = `\`${slot.text}\` is ${slot.name} (`;
  const why = line.startsWith(known) ? line.slice(known.length).replace(/^[\d.]+\)[\s,;:]*/, "") : line;
  return why.replace(/^whichever/, "stays so, whichever");
}

// The word without which the slot would have another name.
function markDecider(found, number) {
  const decider = found.removed?.find((one) => one.slot === number && one.name !== found.slots[number].name);
  tokenButtons().forEach((button, word) => button.classList.toggle("decides", word === decider?.word));
}

// --- the itinerary --------------------------------------------------------------------------------

function showItinerary(frame) {
  const card = at("itinerary");
  const { departure = {}, arrival = {}, return: back = {}, stops = [], open = [], other = {} } = frame;
  const parts = [];
  if (departure.place || arrival.place || stops.length) {
    const leg = make("div", "leg", ...stops.map((stop) => make("span", "stop", `via ${placeName(stop.place)}`)));
    parts.push(make("div", "route", place("From", departure.place), leg, place("To", arrival.place)));
  }
  // a place without a direction: the traveller names it, but says neither from nor to
  if (open.length) parts.push(make("div", "open", ...open.map((leg) => place("Place", leg.place))));
  const times = [["Leave", "departure", departure], ["Arrive", "arrival", arrival], ["Return", "return", back]]
    .filter(([, , leg]) => leg.date || leg.time)
    .map(([title, role, leg]) => make("div", role, make("dt", "", title), make("dd", "", ...moment(leg))));
  if (times.length) parts.push(make("dl", "times", ...times));
  const others = Object.entries(other).map(([name, value]) => `${name.replaceAll("_", " ")}: ${[value].flat().map(otherText).join(", ")}`);
  if (others.length) parts.push(make("p", "others", others.join(" · ")));
  const isTrip = departure.place || arrival.place || stops.length || open.length || times.length;
  card.replaceChildren(make("h2", "", isTrip ? "Itinerary" : "Values"), ...parts);
  card.hidden = !parts.length;
}

// A text, a number, or the value of a slot whose kind the model knows.
function otherText(other) {
  return typeof other !== "object" ? other : other.value === null ? `“${other.text}”?` : valueText(other);
}

function placeName(value) {
  return value ? (value.value ?? `${value.text}?`) : "?";
}

function place(title, value) {
  if (!value) return make("dl", "place", make("dt", "", title), make("dd", "empty", "not said"));
  const code = value.kind === "airport" ? value.value : value.airports?.[0];
  const parts = [make("dt", "", title), make("dd", "code", code ?? placeName(value))];
  const name = value.kind === "airport" ? value.text : code ? placeName(value) : null;
  const where = [name, value.region, value.country].filter((part, n, all) => part && all.indexOf(part) === n);
  if (where.length) parts.push(make("dd", "", where.join(", ")));
  const others = value.alternatives ?? [];
  if (value.corrected) parts.push(make("dd", "note", `read from “${value.text}”`));
  if (value.note) parts.push(make("dd", "note", value.note));
  if (others.length) parts.push(make("dd", "note", `not ${others.slice(0, 2).map(otherPlace).join("; ")}?`));
  return make("dl", "place", ...parts);
}

function otherPlace(other) {
  return typeof other === "string" ? other : [other.value, other.region ?? other.country].filter(Boolean).join(", ");
}

function moment(leg) {
  const parts = [];
  const sure = [leg.date, leg.time].filter((value) => value?.value);
  if (sure.length) parts.push(make("strong", "", sure.map(momentText).join(", ")));
  for (const value of [leg.date, leg.time]) {
    if (value && !value.value) parts.push(make("strong", "", `“${value.text}”: ${valueText(value)}`));
    if (value?.note) parts.push(make("span", "note", value.note));
  }
  return parts;
}

function momentText(value) {
  if (value.kind !== "date") return valueText(value);
  const days = [value.value, value.to].filter(Boolean).map(longDate);
  return `${value.relation ? `${value.relation} ` : ""}${days.join(" to ")}`;
}

function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  return isNaN(day)
    ? iso
    : day.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

// --- the gates ------------------------------------------------------------------------------------

function showGates(number, button) {
  const panel = at("gates");
  const again = button.getAttribute("aria-expanded") === "true";
  closeGates();
  if (again) return;
  button.setAttribute("aria-expanded", "true");
  const close = make("button", "", "close");
  close.type = "button";
  close.addEventListener("click", () => {
    closeGates();
    button.focus();
  });
  const cells = Object.entries(shown.gates)
    .filter(([, gates]) => Object.keys(gates).length)
    .map(([cell, gates]) => {
      const [layer, direction] = cell.split(".");
      const title = `${layer > 0 ? `layer ${Number(layer) + 1}, ` : ""}${DIRECTIONS[direction] ?? direction}`;
      const strips = Object.keys(GATES).filter((name) => name in gates).map((name) => strip(name, gates[name][number]));
      return make("div", "", make("h3", "", title), ...strips);
    });
  const title = make("h2", "", make("span", "", `The gates at “${shown.tokens[number].text}”, unit by unit`), close);
  if (cells.length) {
    const scales = make("p", "scales", scale("shut 0", "open 1", false), scale("−1", "1", true), "at the right: the mean");
    panel.replaceChildren(title, make("div", "cells", ...cells), scales);
  } else {
    panel.replaceChildren(title, make("p", "", "This net has no gates."));
  }
  panel.hidden = false;
}

function closeGates() {
  at("gates").hidden = true;
  for (const button of tokenButtons()) if (button.ariaExpanded !== null) button.setAttribute("aria-expanded", "false");
}

// One gate of one token: a heat map of two rows, one square a unit.
function strip(name, values) {
  const signed = SIGNED.includes(name);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const canvas = paint(values, signed, values.length > 32 ? 2 : 1);
  canvas.setAttribute("role", "img");
  const open = values.filter((value) => value > 0.5).length;
  canvas.setAttribute("aria-label", `${GATES[name]}: mean ${mean.toFixed(2)}, ${open} of ${values.length} units above one half`);
  return make("div", "gate", make("span", "", GATES[name]), canvas, make("span", "number", mean.toFixed(2)));
}

function scale(low, high, signed) {
  const values = Array.from({ length: 32 }, (_, n) => (signed ? n / 15.5 - 1 : n / 31));
  return make("span", "", low, paint(values, signed, 1), high);
}

function paint(values, signed, rows) {
  const canvas = make("canvas");
  canvas.width = Math.ceil(values.length / rows);
  canvas.height = rows;
  const pen = canvas.getContext("2d");
  values.forEach((value, n) => {
    pen.fillStyle = signed ? diverging(value) : sequential(value);
    pen.fillRect(n % canvas.width, Math.floor(n / canvas.width), 1, 1);
  });
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

// --- copying --------------------------------------------------------------------------------------

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const COPIES = {
  json: ({ text, intent, slots, frame }) => JSON.stringify({ text, intent, slots, frame }, null, 2),
  curl: ({ text }) =>
    `curl -H 'Content-Type: application/json' -d ${quoted(JSON.stringify({ text }))} ${location.origin}/tag`,
  command: ({ text }) =>
    `slotfill tag ${model === "travel" ? "" : `--model ${quoted(model)} `}--format json -- ${quoted(text)}`,
};

async function copy(event) {
  const text = COPIES[event.currentTarget.dataset.copy](shown);
  const place = at("copy");
  place.textContent = text;
  place.hidden = false;
  try {
    await navigator.clipboard.writeText(text); // missing on plain HTTP, except on this machine
    at("copied").textContent = "copied";
  } catch {
    getSelection().selectAllChildren(place);
    at("copied").textContent = document.execCommand("copy") ? "copied" : "press Ctrl-C to copy";
  }
}

// --- beginning ------------------------------------------------------------------------------------

function fit() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
  for (const chip of at("examples").children) chip.setAttribute("aria-pressed", chip.textContent === box.value);
}

function type(text) {
  box.value = text;
  fit();
  ask();
}

for (const example of EXAMPLES) {
  const chip = make("button", "", example);
  chip.type = "button";
  chip.addEventListener("click", () => type(example));
  at("examples").append(chip);
}
box.addEventListener("input", () => {
  fit();
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault(); // a sentence is one line
    ask();
  }
});
at("sentence").addEventListener("keydown", (event) => {
  const buttons = tokenButtons();
  const here = buttons.indexOf(document.activeElement);
  const there = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (there === undefined || !buttons[there]) return;
  event.preventDefault();
  buttons[here].tabIndex = -1;
  buttons[there].tabIndex = 0;
  buttons[there].focus();
  if (!at("gates").hidden) buttons[there].click(); // the open panel follows
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || at("gates").hidden) return;
  const open = tokenButtons().find((button) => button.ariaExpanded === "true");
  closeGates();
  open?.focus();
});
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", copy);
addEventListener("resize", fit);
fetch("/models")
  .then((answer) => answer.json())
  .then(([served]) => {
    model = served.name;
    at("model").textContent = `model ${served.name}: ${served.net}, ${served.slots.length} slots`;
  })
  .catch(() => {}); // the first request will show that the server is gone
type(box.value || EXAMPLES[0]);
