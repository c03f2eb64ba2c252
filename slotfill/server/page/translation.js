// The page in the language of its reader. The English text is the key, and files such as zh.js have the others' words.
// Texts in scripts are written t("English"). HTML needs no mark: all its text and labels are translated, except inside
// translate="no".

const LANGUAGES = new Map([["en", "English"], ["zh", "中文"]]);
const SCRIPTS = { zh: "zh-Hans" }; // what the attribute `lang` says, where the language alone is not enough
const LABELS = ["aria-label", "placeholder", "title"];
const KEPT = "slotfill.language"; // the name under which the browser keeps the choice

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // the browser keeps nothing, if it has been told so
  }
}

// The chosen language, or the first of the browser's that there is.
function wanted() {
  const languages = [kept() ?? "", ...navigator.languages].map((one) => one.toLowerCase().split("-")[0]);
  return languages.find((one) => LANGUAGES.has(one)) ?? "en";
}

export const language = wanted();
const NOTHING = { WORDS: {}, SLOTS: {}, NOTES: {} };
const { WORDS, SLOTS, NOTES } = language === "en" ? NOTHING : await import(`./${language}.js`);
export { NOTES };

// `t("{n} slots", { n: 3 })` -> `3 slots`, `3 个槽位`
export function t(english, values = {}) {
  const text = Object.hasOwn(WORDS, english) ? WORDS[english] : english;
  return text.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(values, name) ? values[name] : all));
}

// What a slot or an intent is called, if the language has a word for it: `class_type` -> `舱位`
export function slotWord(name) {
  return Object.hasOwn(SLOTS, name) ? SLOTS[name] : undefined;
}

// Text of the server stays English, and says so to a screen reader.
export function english(element) {
  element.lang = "en";
  return element;
}

function translateText(node) {
  const [, before, text, after] = /^(\s*)(.*?)(\s*)$/s.exec(node.data);
  if (/\p{L}/u.test(text)) node.data = before + t(text.replace(/\s+/g, " ")) + after;
}

function translateAll(element) {
  if (element.getAttribute("translate") === "no") return;
  for (const name of LABELS) if (element.hasAttribute(name)) element.setAttribute(name, t(element.getAttribute(name)));
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) translateText(child);
    else if (child.nodeType === Node.ELEMENT_NODE && child.tagName !== "SCRIPT") translateAll(child);
  }
}

// A button for each language; the page is loaded again in the chosen one.
function addSwitch() {
  const group = document.createElement("div");
  group.className = "chips languages";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", t("Language"));
  for (const [code, name] of LANGUAGES) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = SCRIPTS[code] ?? code;
    button.textContent = name;
    button.setAttribute("aria-pressed", code === language);
    button.addEventListener("click", () => {
      if (code === language) return;
      localStorage.setItem(KEPT, code);
      location.reload();
    });
    group.append(button);
  }
  document.querySelector("header").prepend(group);
}

document.documentElement.lang = SCRIPTS[language] ?? language;
translateAll(document.documentElement);
try {
  localStorage.length; // throws where the browser keeps nothing: then there is no choice
  addSwitch();
} catch {}
