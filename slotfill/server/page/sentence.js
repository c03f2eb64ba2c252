// The sentence with its slots; a click on a word corrects what it is.

import { button, choice, make } from "./elements.js";
import { ROLE_NAMES, labelOf, purposeOf, roleOf } from "./names.js";
import { t } from "./translation.js";

const NO_SLOT = "";

export class Sentence {
  // `found` is an answer of the server, `model` the names that its model knows; `changed` is called after a correction.
  // `words` say slots and intents in words.
  constructor(found, model, changed, words = { labelOf, purposeOf }) {
    this.found = found;
    this.model = model;
    this.changed = changed;
    this.words = words;
    this.points = Array.from(found.text); // offsets count code points, JavaScript's strings do not
    this.tokens = found.tokens ?? found.slots;
    this.line = make("div", "sentence");
    this.line.setAttribute("role", "toolbar");
    this.line.setAttribute("aria-label", t("The sentence: choose a word to correct it"));
    this.line.addEventListener("keydown", (event) => this.walk(event));
    this.form = make("form", "correct");
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.apply();
    });
    this.legend = make("ul", "legend");
    this.legend.setAttribute("aria-label", t("Roles"));
    this.purpose = make("p", "purpose");
    this.element = make("div", "", this.line, make("div", "under", this.legend, this.purpose), this.form);
    this.restore();
  }

  restore() {
    this.spans = this.found.slots.map(({ name, start, end }) => ({ name, start, end }));
    this.intent = this.found.intent?.name;
    this.isCorrected = false;
    this.show();
  }

  show() {
    this.form.hidden = true;
    const parts = [];
    let end = 0;
    for (let n = 0; n < this.tokens.length; n++) {
      const token = this.tokens[n];
      const span = this.spanAt(token);
      let last = n;
      while (span && this.tokens[last + 1] && this.spanAt(this.tokens[last + 1]) === span) last++;
      parts.push(this.text(end, token.start), this.word(n, last, span));
      end = this.tokens[last].end;
      n = last;
    }
    this.line.replaceChildren(...parts, this.text(end));
    const roles = Object.keys(ROLE_NAMES).filter((role) => this.spans.some((span) => roleOf(span.name) === role));
    this.legend.replaceChildren(...roles.map((role) => make("li", role, ROLE_NAMES[role])));
    this.showPurpose();
  }

  showPurpose() {
    const { intent } = this.found;
    const isNew = this.intent !== intent?.name;
    const sure = isNew || intent?.confidence == null ? "" : ` (${intent.confidence.toFixed(2)})`;
    this.purpose.replaceChildren(this.intent ? `${this.words.purposeOf({ name: this.intent })}${sure}` : "");
    if (this.isCorrected) {
      const undo = button("", t("undo"), () => {
        this.restore();
        this.changed();
      });
      this.purpose.append(make("strong", "", ` ${t("corrected by you")} `), undo);
    }
  }

  text(start, end) {
    return this.points.slice(start, end).join("");
  }

  spanAt(token) {
    return this.spans.find((span) => span.start <= token.start && token.end <= span.end);
  }

  // One word, or all words of a slot with its label, which a screen reader reads together.
  word(first, last, span) {
    const text = this.text(this.tokens[first].start, this.tokens[last].end);
    const made = button(span ? `slot ${roleOf(span.name)}` : "", "", () => this.correct(first, last, span, made));
    made.append(make("span", "words", text));
    if (span) made.append(make("small", "", this.words.labelOf(span.name)));
    made.tabIndex = first ? -1 : 0; // one stop for Tab; arrows go on from there
    made.dataset.first = first;
    made.dataset.last = last;
    const token = this.tokens[first];
    const other = token.second ? t(", or {tag} ({sure})", { tag: token.second, sure: token.second_confidence.toFixed(3) }) : "";
    made.title = token.tag ? `${token.tag} (${token.confidence.toFixed(3)})${other}` : (span?.name ?? "");
    return made;
  }

  buttons() {
    return Array.from(this.line.querySelectorAll("button"));
  }

  // Arrows go from word to word.
  walk(event) {
    const buttons = this.buttons();
    const here = buttons.indexOf(document.activeElement);
    const there = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (there === undefined || !buttons[there]) return;
    event.preventDefault();
    buttons[here].tabIndex = -1;
    buttons[there].tabIndex = 0;
    buttons[there].focus();
  }

  // The word without which a slot would have another name.
  mark(word) {
    for (const { classList, dataset } of this.buttons()) classList.toggle("decides", dataset.first <= word && word <= dataset.last);
  }

  correct(first, last, span, opener) {
    if (!this.form.hidden && this.opener === opener) {
      this.close();
      return;
    }
    this.opener = opener;
    this.wrong = span;
    const words = this.tokens.map((token, n) => [n, `${n + 1} ${token.text}`]);
    const inWords = (name) => (this.words.labelOf(name) === name ? name : `${name} (${this.words.labelOf(name)})`);
    const names = [[NO_SLOT, t("no slot")], ...this.model.slots.map((name) => [name, inWords(name)])];
    const intents = this.model.intents.map((one) => [one, this.words.purposeOf({ name: one })]);
    const [nameLabel, name] = choice(t("is"), names, span?.name ?? NO_SLOT);
    const [firstLabel, from] = choice(t("from word"), words, first);
    const [lastLabel, to] = choice(t("to word"), words, last);
    const [intentLabel, intent] = choice(t("the sentence"), intents, this.intent);
    this.chosen = { name, from, to, intent };
    const apply = make("button", "", t("correct"));
    const title = make("p", "", t("What it should be, "), make("strong", "", `“${opener.querySelector(".words").textContent}”`));
    this.form.replaceChildren(title, nameLabel, firstLabel, lastLabel);
    if (this.model.intents.length) this.form.append(intentLabel);
    this.form.append(make("span", "chips", apply, button("", t("cancel"), () => this.close())));
    this.form.hidden = false;
    name.focus();
  }

  // A name that the lists did not have; an open form takes it, and says so.
  take(kind, name) {
    const list = this.form.hidden ? undefined : this.chosen[kind];
    if (!list?.isConnected) return false; // without intents, a form does not ask for one
    const known = Array.from(list.options).some(({ value }) => value === name);
    if (!known) list.append(new Option(kind === "intent" ? this.words.purposeOf({ name }) : name, name));
    list.value = name;
    list.focus();
    return true;
  }

  close() {
    this.form.hidden = true;
    this.opener?.focus();
  }

  apply() {
    const { name, from, to, intent } = this.chosen;
    const [first, last] = [Number(from.value), Number(to.value)].sort((a, b) => a - b);
    const [start, end] = [this.tokens[first].start, this.tokens[last].end];
    // slots may not overlap: the corrected one takes the words of others
    this.spans = this.spans.filter((span) => span !== this.wrong && (span.end <= start || end <= span.start));
    if (name.value !== NO_SLOT) this.spans.push({ name: name.value, start, end });
    this.spans.sort((a, b) => a.start - b.start);
    if (intent.value) this.intent = intent.value;
    this.isCorrected = true;
    this.show();
    this.buttons().find((one) => one.dataset.first <= first && first <= one.dataset.last)?.focus();
    this.changed();
  }

  // A line of docs/formats.md, for training.
  example() {
    const spans = this.spans.map(({ name, start, end }) => ({ start, end, label: name }));
    return { text: this.found.text, spans, ...(this.intent && { intent: this.intent }) };
  }
}
