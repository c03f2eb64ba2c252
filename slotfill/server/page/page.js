// The page: sends the sentences while they are typed, and shows the answers.

import { COPIES } from "./copies.js";
import { at, button } from "./elements.js";
import { Result } from "./result.js";
import { Failed, localTime, post } from "./server.js";
import { t } from "./translation.js";

const EXAMPLES = [
  t("arrive Taipei on November 2nd"),
  t("leave Taipei on November 2nd"),
  t("Boston to Denver via Chicago tomorrow morning, back in two weeks after 6 pm"),
  t("business class to São Paulo, arriving friday before noon"),
];
const LONGEST_EXPLAINED = 500; // characters; longer texts are tagged without reasons and gates
const MOST_LINES = 50;
const PAUSE = 150; // milliseconds after the last key before a request
const AGAIN = 1500; // milliseconds between attempts to reach a server that is gone
const KEPT = "slotfill"; // the name under which the browser keeps the text over a reload

const box = at("text");
const form = document.querySelector("#settings form");
let asking = null; // the request under way
let timer = 0;
let shown = null; // what is on the page: text, lines, asked, settings, results
let known = new Map(); // request -> its result, so that only the lines that changed are asked again
let models = [{ name: "travel", slots: [], intents: [] }];

// --- asking ---------------------------------------------------------------------------------------

// The settings that are not as usual.
function settings() {
  const set = {};
  for (const { name, value } of form.elements) {
    if (name && value !== "" && value !== { date_order: "mdy", model: models[0].name }[name]) {
      set[name] = name.startsWith("min_") ? Number(value) : value;
    }
  }
  return set;
}

const modelOf = (asked) => models.find((one) => one.name === asked.model) ?? models[0];

function nameModel({ name, net, slots }) {
  if (net) at("model").textContent = t("model {name}: {net}, {n} slots", { name, net, n: slots.length });
}

// The result of one line; one that is known is shown again, with its corrections.
async function resultOf(line, asked, { isOpen, signal }) {
  const body = { text: line, ...asked };
  const key = JSON.stringify(body);
  if (known.has(key)) return [key, known.get(key)];
  const found = await answerTo(body, signal);
  const model = modelOf(asked);
  const explain = (more = {}) => post("explain", { ...body, ...more });
  const others = models.filter((one) => one !== model).map((one) => one.name);
  return [key, new Result(found, { model, isOpen, explain, others, changed: showCopy })];
}

function answerTo(body, signal) {
  const isShort = Array.from(body.text).length <= LONGEST_EXPLAINED && /[\p{L}\p{N}]/u.test(body.text);
  return isShort ? post("explain", { ...body, gates: false }, signal) : post("tag", body, signal);
}

async function ask() {
  clearTimeout(timer);
  asking?.abort();
  const mine = (asking = new AbortController());
  const text = box.value;
  const lines = text.split("\n").filter((line) => line.trim());
  if (!lines.length) {
    clear();
    return;
  }
  const set = settings();
  const asked = { now: localTime(), ...set };
  try {
    const options = { isOpen: lines.length === 1, signal: mine.signal };
    const results = await Promise.all(lines.slice(0, MOST_LINES).map((line) => resultOf(line, asked, options)));
    if (mine !== asking) return;
    known = new Map(results);
    nameModel(modelOf(asked));
    show({ text, lines: lines.slice(0, MOST_LINES), asked, settings: set, results: results.map(([, result]) => result) });
    if (lines.length > MOST_LINES) trouble(t("These are the first {first} of {n} lines.", { first: MOST_LINES, n: lines.length }));
  } catch (error) {
    if (error.name === "AbortError" || mine !== asking) return;
    mine.abort(); // the other lines
    if (!(error instanceof Failed)) throw error;
    trouble(error.status === 0 ? `${error.message} ${t("This page keeps trying.")}` : error.message);
    if (error.status === 0 || error.status >= 500) timer = setTimeout(ask, AGAIN);
  }
}

function trouble(message) {
  at("trouble").textContent = message;
  at("trouble").hidden = false;
  at("found").classList.add("old");
}

// --- showing --------------------------------------------------------------------------------------

function clear() {
  shown = null;
  at("trouble").hidden = true;
  at("found").hidden = true;
  at("summary").textContent = "";
}

function show(found) {
  clear();
  shown = found;
  at("results").replaceChildren(...found.results.map((result) => result.element));
  at("results").classList.toggle("many", found.results.length > 1);
  at("found").hidden = false;
  at("found").classList.remove("old");
  at("copy").hidden = true;
  at("copied").textContent = "";
  const n = found.results.reduce((sum, result) => sum + result.found.slots.length, 0);
  at("summary").textContent = n === 1 ? t("1 slot found") : t("{n} slots found", { n });
}

// --- copying --------------------------------------------------------------------------------------

function copyText(kind) {
  const answers = shown.results.map((result) => result.found);
  const examples = shown.results.map((result) => result.sentence.example());
  return COPIES[kind]({ ...shown, answers, examples });
}

// After a correction: what will be downloaded.
function showCopy() {
  at("copy").textContent = copyText("training");
  at("copy").hidden = false;
  at("copied").textContent = "";
}

async function copy(event) {
  const text = copyText(event.currentTarget.dataset.copy);
  const place = at("copy");
  place.textContent = text;
  place.hidden = false;
  try {
    await navigator.clipboard.writeText(text); // missing on plain HTTP, except on this machine
    at("copied").textContent = t("copied");
  } catch {
    getSelection().selectAllChildren(place);
    at("copied").textContent = document.execCommand("copy") ? t("copied") : t("press Ctrl-C to copy");
  }
}

function download() {
  const lines = new Blob([`${copyText("training")}\n`], { type: "application/jsonl" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(lines);
  link.download = "corrected.jsonl";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  showCopy();
}

// --- beginning ------------------------------------------------------------------------------------

function fit() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
  for (const chip of at("examples").children) chip.setAttribute("aria-pressed", chip.textContent === box.value);
}

function changed() {
  fit();
  const n = Object.keys(settings()).length;
  at("changed").textContent = n ? t("({n} changed)", { n }) : "";
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ text: box.value, ...settings() }));
  } catch {} // the browser keeps nothing, if it has been told so
  if (location.search) history.replaceState(null, "", location.pathname); // the link was to another text
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function type(text) {
  box.value = text;
  changed();
  ask();
}

function begin() {
  const linked = Object.fromEntries(new URLSearchParams(location.search));
  const before = "text" in linked ? linked : kept();
  for (const { name, type: kind } of form.elements) if (kind && name in before) form.elements[name].value = before[name];
  box.value ||= before.text ?? EXAMPLES[0]; // unless somebody types already
  at("settings").open = Object.keys(settings()).length > 0;
  fit();
  box.focus();
  box.select(); // so that the first key replaces it
  ask();
}

function soon() {
  changed();
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

at("examples").append(...EXAMPLES.map((example) => button("", example, () => type(example))));
box.addEventListener("input", soon);
for (const kind of ["input", "change"]) form.addEventListener(kind, soon); // a choice may say only the second
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(soon));
for (const one of document.querySelectorAll("[data-copy]")) one.addEventListener("click", copy);
at("download").addEventListener("click", download);
addEventListener("resize", fit);
try {
  models = await (await fetch("models")).json();
  nameModel(models[0]);
  form.elements.model.append(...models.map(({ name }) => new Option(name)));
  form.elements.model.parentElement.hidden = models.length === 1;
} catch {} // the first request will show that the server is gone
begin();
