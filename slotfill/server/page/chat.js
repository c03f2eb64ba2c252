// A conversation: each turn goes out with the context of the answer before, and what it changed is shown.

import { at, button, make } from "./elements.js";
import { itinerary } from "./itinerary.js";
import { partName, roleOfPart } from "./names.js";
import { note } from "./notes.js";
import { Failed, localTime, post } from "./server.js";
import { t } from "./translation.js";
import { otherText } from "./values.js";

const EXAMPLES = [
  t("from Boston to Lima on December 4th"),
  t("make it the 5th instead"),
  t("no, from Denver"),
  t("and via Chicago"),
  t("back on the 9th"),
];
const ASKABLE = [
  "departure.place", "arrival.place", "departure.date", "departure.time", "return.date", "return.time",
  "arrival.date", "arrival.time", "stops[0].place",
];
const KEPT = "slotfill.chat"; // the name under which the browser keeps the turns over a reload

let turns = []; // each with `text`, `asked`, `heard` and the server's `answer`, which has the context for the next one
let isBusy = false;

// --- taking turns ---------------------------------------------------------------------------------

// What is known before the next turn.
const context = () => turns.at(-1)?.answer.context ?? {};

function settings() {
  const set = { now: at("now").value || localTime(), date_order: at("date_order").value };
  return at("model").value ? { ...set, model: at("model").value } : set;
}

async function say({ text, asked, heard }) {
  if (isBusy) return;
  isBusy = true;
  at("trouble").hidden = true;
  const said = { text, ...(asked && { asked }), ...(heard && { heard }) };
  try {
    const answer = await post("tag", { ...said, context: context(), ...settings() });
    turns.push({ ...said, answer });
    at("text").value = at("heard").value = at("asked").value = "";
    changed();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    at("trouble").textContent = error.message;
    at("trouble").hidden = false;
  } finally {
    isBusy = false;
  }
}

function undo() {
  const last = turns.pop();
  if (!last) return;
  at("text").value ||= last.text;
  changed();
}

// The last turn again, as an answer to a question.
async function sayAgain(asked) {
  const last = turns.pop();
  await say({ text: last.text, heard: last.heard, asked });
  if (!at("trouble").hidden) turns.push(last); // the server did not answer
}

function startOver() {
  turns = [];
  changed();
  at("text").focus();
}

async function copy() {
  const place = at("state");
  place.textContent = JSON.stringify(context());
  place.hidden = false;
  try {
    await navigator.clipboard.writeText(place.textContent); // missing on plain HTTP, except on this machine
    at("copied").textContent = t("copied");
  } catch {
    getSelection().selectAllChildren(place);
    at("copied").textContent = document.execCommand("copy") ? t("copied") : t("press Ctrl-C to copy");
  }
}

// --- showing --------------------------------------------------------------------------------------

function changed() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(turns));
  } catch {} // the browser keeps nothing, if it has been told so
  at("turns").replaceChildren(...turns.map(turnShown));
  at("trip").replaceChildren(tripShown(turns.at(-1)?.answer));
  at("undo").disabled = at("over").disabled = at("copy").disabled = !turns.length;
  at("state").hidden = true;
  at("copied").textContent = "";
  at("turn").scrollIntoView({ block: "nearest" });
}

function turnShown({ text, asked, heard, answer }, number) {
  const isLast = number === turns.length - 1;
  const words = make("p", text ? "user" : "user empty", ...(text ? highlighted(text, answer.changes) : [t("(said nothing)")]));
  const did = make("ul", "did", ...answer.changes.map(changeShown));
  const nothing = answer.changes.length || answer.notes.length ? [] : [make("p", "note", t("changed nothing"))];
  const questions = isLast ? answer.changes.filter((change) => change.readings).map(question) : [];
  return make(
    "li", "",
    ...(heard ? [make("p", "system", heard)] : []),
    ...(asked ? [make("p", "system", t("asked: {part}", { part: partName(asked) }))] : []),
    words, did, ...nothing, ...answer.notes.map((one) => note("p", one)), ...questions,
  );
}

// The text with the words that changed something marked.
function highlighted(text, changes) {
  const points = Array.from(text); // offsets count code points, JavaScript's strings do not
  const spans = changes.flatMap(({ part, because }) => because.map(({ start, end }) => ({ part, start, end })));
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts = [];
  let done = 0;
  for (const { part, start, end } of spans) {
    if (start < done) continue; // the same words for another part
    parts.push(points.slice(done, start).join(""), make("mark", roleOfPart(part), points.slice(start, end).join("")));
    done = end;
  }
  return [...parts, points.slice(done).join("")];
}

const contentText = (content) => [content].flat().map(otherText).join(", ");

function changeShown({ part, action, from, to, because, rule }) {
  const parts = [make("strong", "", partName(part)), " "];
  if (action === "confirm") parts.push(t("stays {value}", { value: contentText(to) }));
  else {
    if (from !== null) parts.push(make("del", "", contentText(from)), " → ");
    parts.push(to === null ? t("gone") : contentText(to));
  }
  const words = because.length ? t("because of “{words}”", { words: because.map((one) => one.text).join(" … ") }) : t("as the system said");
  const why = make("span", "why", ` ${words}`);
  why.title = rule;
  return make("li", roleOfPart(part), ...parts, why);
}

// What an open value is for: a click says the turn again as an answer.
function question({ to, readings }) {
  const ask = make("span", "", t("What is {value}?", { value: contentText(to) }));
  const group = make("div", "chips", ask, ...readings.map((part) => button("", partName(part), () => sayAgain(part))));
  group.setAttribute("role", "group");
  return group;
}

// The itinerary, in which what the last turn changed is marked, with what it was.
function tripShown(answer) {
  const card = itinerary(answer?.itinerary ?? {});
  const gone = [];
  for (const { part, action, from, to } of answer?.changes ?? []) {
    const shown = card.querySelector(`[data-part="${CSS.escape(part)}"]`);
    if (to === null || !shown) gone.push(make("li", "", make("del", "", `${partName(part)} ${from === null ? "" : contentText(from)}`)));
    if (!shown || action === "confirm") continue;
    shown.classList.add("changed", roleOfPart(part));
    if (from !== null && to !== null) shown.append(make(shown.tagName === "DL" ? "dd" : "span", "was", t("was {value}", { value: contentText(from) })));
  }
  if (card.hidden) {
    card.hidden = false;
    card.replaceChildren(make("h2", "", t("Itinerary")), make("p", "none", t("Nothing is known yet.")));
  }
  if (gone.length) card.append(make("ul", "gone", ...gone));
  return card;
}

// --- beginning ------------------------------------------------------------------------------------

function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    return found.every((turn) => turn.answer.changes && turn.answer.context) ? found : [];
  } catch {
    return [];
  }
}

at("turn").addEventListener("submit", (event) => {
  event.preventDefault();
  say({ text: at("text").value, asked: at("asked").value, heard: at("heard").value });
});
at("examples").append(...EXAMPLES.map((example) => button("", example, () => say({ text: example, asked: at("asked").value, heard: at("heard").value }))));
at("asked").append(new Option(t("nothing was asked"), ""), ...ASKABLE.map((part) => new Option(partName(part), part)));
at("undo").addEventListener("click", undo);
at("over").addEventListener("click", startOver);
at("copy").addEventListener("click", copy);
at("now").value = new URLSearchParams(location.search).get("now") ?? "";
try {
  const models = await (await fetch("models")).json();
  at("model").append(...models.map(({ name }) => new Option(name)));
  at("model").parentElement.hidden = models.length < 2;
} catch {} // the first turn will show that the server is gone
turns = kept();
changed();
