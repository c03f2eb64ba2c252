// Elements of the page. Typed text becomes text nodes, never markup.

export const at = (id) => document.getElementById(id);

// An element with a class and children; strings become text.
export function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

export function button(name, label, act) {
  const made = make("button", name, label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// A labelled choice; `options` are pairs of a value and its text.
export function choice(label, options, chosen) {
  const select = make("select", "", ...options.map(([value, text]) => new Option(text, value)));
  select.value = chosen;
  return [make("label", "", `${label} `, select), select];
}
