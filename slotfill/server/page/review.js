// The page of `slotfill serve --review`: one sentence after another, accepted or corrected.

import { at, make } from "./elements.js";
import { noteIn } from "./notes.js";
import { Sentence } from "./sentence.js";
import { t } from "./translation.js";

const WORDS = { labelOf: (name) => name, purposeOf: ({ name }) => t("intent {name}", { name }) }; // names as training reads them
const inWords = (text) => (text ? noteIn(text) ?? text : ""); // what the server says, in the reader's language
let state; // the last answer of the server
let sentence;
let isOther = false; // whether the labels that were not first are shown
let isWaiting = false;

async function ask(path, content) {
  const options = content && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
  const answer = await fetch(path, options);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

// Sends a request, and shows what comes back; what fails is told, and nothing is lost.
async function go(path, content) {
  if (isWaiting) return;
  isWaiting = true;
  at("trouble").hidden = true;
  try {
    show(await ask(path, content));
  } catch (error) {
    const isGone = error instanceof TypeError;
    at("trouble").textContent = isGone
      ? t("The server does not answer: is it running?")
      : t("The server says: {error}", { error: error.message });
    at("trouble").hidden = false;
  } finally {
    isWaiting = false;
  }
}

function decide(action) {
  const text = state.sentence?.text ?? null;
  const { spans, intent } = sentence ?? {};
  const labels = action === "accept" ? { slots: spans, intent: intent ?? null } : {};
  return go("review/decisions", { text, action, ...labels });
}

function show(found) {
  state = found;
  isOther = false;
  at("title").textContent = inWords(found.title);
  at("counted").textContent = found.skipped
    ? t("{done} of {total} decided, {skipped} skipped", found)
    : t("{done} of {total} decided", found);
  at("progress").max = found.total;
  at("progress").value = found.done;
  at("asked").hidden = !found.sentence;
  at("end").hidden = Boolean(found.sentence);
  at("end").textContent = found.skipped
    ? t("Every sentence is decided but {skipped} that you skipped: start the server again to see them.", found)
    : t("Every sentence is decided.");
  sentence = undefined;
  at("added").textContent = "";
  if (!found.sentence) return;
  showSentence(found.sentence);
  showRows(found.sentence);
}

function showSentence(labels) {
  const { text, tokens, intent_sure, note } = state.sentence;
  const intent = labels.intent ? { name: labels.intent, confidence: intent_sure } : undefined;
  const names = { slots: state.slots, intents: state.intents };
  sentence = new Sentence({ text, tokens, slots: labels.slots, intent }, names, showWhose, WORDS);
  at("sentence").replaceChildren(sentence.element);
  at("note").hidden = !note;
  at("note").textContent = inWords(note);
  at("other").hidden = !state.sentence.other;
  showWhose();
  at("accept").focus();
}

function showWhose() {
  const { whose } = isOther ? state.sentence.other : state.sentence;
  at("whose").textContent = sentence.isCorrected ? t("corrected by you") : inWords(whose);
}

function showRows({ rows, whole }) {
  const cells = rows.map(({ name, text, sure, maybe, instead, probability }) =>
    make(
      "tr",
      maybe ? "maybe" : "",
      make("td", "name", maybe ? t("maybe {name}", { name }) : name),
      make("td", "text", text),
      make("td", "sure number", sure.toFixed(2)),
      make("td", "why", probability ? `${instead ?? t("no slot")} ${probability.toFixed(2)}` : ""),
    ),
  );
  at("rows").replaceChildren(...cells);
  at("whole").textContent = t("All of it is right with a probability of {whole}.", { whole: whole.toFixed(2) });
}

function swap() {
  isOther = !isOther;
  showSentence(isOther ? state.sentence.other : state.sentence);
}

function addName(event) {
  event.preventDefault();
  const kind = event.submitter?.value ?? "slots";
  const name = at("name").value.trim();
  if (!name) return;
  if (kind === "slots" && /\s/.test(name)) {
    const other = name.replace(/\s+/g, "_");
    at("added").textContent = t("no slot has spaces in its name: {other} could be a new one", { other });
    return;
  }
  if (!state[kind].includes(name)) state[kind].push(name);
  at("name").value = "";
  const isTaken = sentence?.take(kind === "slots" ? "name" : "intent", name);
  at("added").textContent = isTaken
    ? t("{name} is chosen: press correct", { name })
    : t("{name} is in the list: click a word to use it", { name });
}

const ACTS = { accept: () => decide("accept"), skip: () => decide("skip"), undo: () => decide("undo"), other: swap };
const KEYS = { a: "accept", k: "skip", u: "undo", o: "other" };

for (const [id, act] of Object.entries(ACTS)) at(id).addEventListener("click", act);
at("names").addEventListener("submit", addName);
document.addEventListener("keydown", (event) => {
  const id = KEYS[event.key];
  if (!id || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (at(id).checkVisibility()) at(id).click();
});

go("review/state");
