// One sentence and all that was found in it.

import { make } from "./elements.js";
import { showGates } from "./gates.js";
import { itinerary } from "./itinerary.js";
import { roleOf } from "./names.js";
import { note } from "./notes.js";
import { Sentence } from "./sentence.js";
import { t } from "./translation.js";
import { slotValues, valueText } from "./values.js";

// `explain` asks the server for the gates, and for what they are compared with; `others` are the names of the other
// models. `isOpen` tells whether the table is.
export class Result {
  constructor(found, { model, isOpen, explain, others, changed }) {
    this.found = found;
    this.others = others;
    this.sentence = new Sentence(found, model, changed);
    const head = make("div", "panel", this.sentence.element);
    if (found.note) head.prepend(note("p", found.note));
    if (found.tokens) head.append(this.gates(explain));
    this.element = make("article", "result", head, itinerary(found.frame), this.table(isOpen));
    this.element.setAttribute("aria-label", t("Found in “{text}”", { text: found.text.slice(0, 80) }));
  }

  // Fetched when they are opened, since they are nine tenths of an answer.
  gates(explain) {
    const panel = make("div", "", "…");
    const details = make("details", "gates", make("summary", "", t("Inside the network: gates and states, word by word")), panel);
    let asked = false;
    details.addEventListener("toggle", async () => {
      if (!details.open || asked) return;
      asked = true;
      try {
        showGates(panel, await explain(), roleAt, { compare: explain, models: this.others });
      } catch (error) {
        asked = false;
        panel.textContent = t("The gates did not come: {error}. Close this and open it again.", { error: error.message });
      }
    });
    return details;
  }

  table(isOpen) {
    const values = slotValues(this.found.frame);
    const rows = this.found.slots.map((slot, number) => this.row(slot, number, values.get(number)));
    if (!rows.length) return make("div", "panel", make("p", "none", t("No slots: nothing here says where or when.")));
    const headings = [t("slot"), t("text"), t("value"), t("sure"), t("why")].map((title) => {
      const heading = make("th", "", title);
      heading.scope = "col";
      return heading;
    });
    const table = make("table", "slots", make("thead", "", make("tr", "", ...headings)), make("tbody", "", ...rows));
    const details = make("details", "panel", make("summary", "", make("h2", "", t("Slots"))), table);
    details.open = isOpen;
    return details;
  }

  row(slot, number, value) {
    const meter = make("meter");
    meter.value = slot.confidence;
    meter.setAttribute("aria-hidden", "true");
    const shownValue = make("td", "value", value ? valueText(value) : "");
    if (value?.note) shownValue.append(note("span", value.note));
    const row = make(
      "tr",
      roleOf(slot.name),
      make("td", "name", make("span", "", ...breakable(slot.name))),
      make("td", "text", slot.text),
      shownValue,
      make("td", "sure number", meter, ` ${slot.confidence.toFixed(3)}`),
      make("td", "why", reason(this.found, number)),
    );
    const decider = this.found.removed?.find((one) => one.slot === number && one.name !== slot.name);
    row.addEventListener("mouseenter", () => this.sentence.mark(decider?.word));
    row.addEventListener("mouseleave", () => this.sentence.mark());
    return row;
  }
}

// The role of a token in an answer of the server, as a class.
function roleAt({ start, end }, { slots }) {
  const slot = slots.find((one) => one.start <= start && end <= one.end);
  return slot ? roleOf(slot.name) : "";
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
  const why = line.startsWith(known) ? line.slice(known.length).replace(/^[^)]*\)[\s,;:]*/, "") : line;
  for (const [form, say] of REASONS) {
    const parts = form.exec(why);
    if (parts) return say(parts.groups ?? {});
  }
  return why;
}

const became = ({ name, sure }) => `${name === "no slot" ? t("no slot") : name} (${sure})`;
const REASONS = [
  [
    /^because of `(?<word>.*)`: without it, (?<name>.*) \((?<sure>.*)\)$/s,
    (parts) => t("because of `{word}`: without it, {became}", { word: parts.word, became: became(parts) }),
  ],
  [
    /^`(?<word>.*)` matters most: without it, still (?<name>.*) \((?<sure>.*)\)$/s,
    (parts) => t("`{word}` matters most: without it, still {became}", { word: parts.word, became: became(parts) }),
  ],
  [/^whichever other word is left out$/, () => t("stays so, whichever other word is left out")],
  [/^there is no other word$/, () => t("there is no other word")],
];
