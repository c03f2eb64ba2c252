// Notes of the server, in the reader's language where it has the sentence: a note is one or several of them.

import { make } from "./elements.js";
import { NOTES, english } from "./translation.js";

// {n} is a number, any other {name} some text
const PATTERNS = Object.entries(NOTES)
  .filter(([key]) => key.includes("{"))
  .map(([key, text]) => [new RegExp(`^${pattern(key)}$`, "s"), text]);

function pattern(key) {
  const escaped = key.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return escaped.replace(/\{(\w+)\}/g, (_, name) => `(?<${name}>${name === "n" ? "\\d+" : ".+"})`);
}

const known = (text) => (Object.hasOwn(NOTES, text) ? NOTES[text] : undefined);

// `2027-11-02 is a Tuesday, not a Monday` -> `2027-11-02 是周二，不是周一`; undefined for what nobody has translated
function translated(sentence) {
  const whole = known(sentence);
  if (whole !== undefined) return whole;
  for (const [form, text] of PATTERNS) {
    const parts = form.exec(sentence)?.groups;
    if (parts) return text.replace(/\{(\w+)\}/g, (_, name) => known(parts[name]) ?? parts[name]);
  }
  return undefined;
}

export function noteIn(text) {
  const sentences = text.split("; ").map(translated);
  return sentences.includes(undefined) ? undefined : sentences.join("；");
}

// An element with a note.
export function note(tag, text) {
  const words = noteIn(text);
  return words === undefined ? english(make(tag, "note", text)) : make(tag, "note", words);
}
