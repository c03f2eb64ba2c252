// Values in words, as in the table of the command line.

import { language, t } from "./translation.js";

const DATES = { en: "en-GB", zh: "zh-CN" }[language];

// `Rome or Paris`
export const either = (texts) => texts.join(t(" or "));

const range = (first, last) => t("{first} to {last}", { first, last });

// `before 18:00`, `at least 2`
function related(relation, value) {
  switch (relation) {
    case "before": return t("before {value}", { value });
    case "after": return t("after {value}", { value });
    case "around": return t("around {value}", { value });
    case "at least": return t("at least {value}", { value });
    case "at most": return t("at most {value}", { value });
    case "more than": return t("more than {value}", { value });
    case "exactly": return t("exactly {value}", { value });
    case "less than": return t("less than {value}", { value });
    default: return String(value);
  }
}

export function placeName(value) {
  return value ? (value.value ?? `${value.text}?`) : "?";
}

// `Paris, Texas`
export function otherPlace(other) {
  return typeof other === "string" ? other : [other.value, other.region ?? other.country].filter(Boolean).join(", ");
}

// The places that the sentence names beside the value: Beirut in `Amman or Beirut`.
export function namedToo(place) {
  return (place.alternatives ?? []).filter((other) => other.value !== place.value);
}

// `Taipei, TW (TPE, TSA)`, `before 18:30`, `06:00 or 18:00?`, `Amman, JO (AMM) or Beirut`
export function valueText(value) {
  if (OWN.includes(value.kind)) return ownText(value);
  const isPlace = value.kind !== "date" && value.kind !== "time";
  const others = value.alternatives ?? [];
  if (value.value === null) return `${either(others.map((one) => (isPlace ? otherPlace : spanText)(one)))}?`;
  if (!isPlace) {
    if (others.length) return either(others.map((one) => spanText(one)));
    const offset = value.offset ? ` (UTC${value.offset})` : "";
    return `${related(value.relation, value.to ? range(value.value, value.to) : value.value)}${offset}`;
  }
  const country = value.country && value.kind !== "country" ? `, ${value.country}` : "";
  const airports = value.airports && value.kind !== "airport" ? ` (${value.airports.join(", ")})` : "";
  return either([`${value.value}${country}${airports}`, ...namedToo(value).map(otherPlace)]);
}

// Slots of one's own that are no date, time or place: `80 USD`, `at least 2`, `two or three` -> `2 or 3?`
const OWN = ["datetime", "number", "money", "duration", "list", "text"];

function ownText(value) {
  if (value.value === null) return `${either(value.alternatives ?? [])}?`;
  const amount = value.to === undefined ? value.value : range(value.value, value.to);
  return related(value.relation, value.currency === undefined ? amount : `${amount} ${value.currency}`);
}

// A text or a number, or the value of a slot whose kind the model knows.
export function otherText(other) {
  if (typeof other !== "object") return other;
  const value = valueText(other);
  return other.value === null ? t("“{text}”: {value}", { text: other.text, value }) : momentText(other);
}

// An interval of ISO 8601: `14:00/17:00`, `16:00/..`, `../09:00`
export function spanText(interval, shown = (one) => one) {
  const [first, last] = interval.split("/");
  if (last === undefined) return shown(first);
  if (first === "..") return related("before", shown(last));
  return last === ".." ? related("after", shown(first)) : range(shown(first), shown(last));
}

// `Mon, 2 Nov 2026`, `after 18:00`
export function momentText(value) {
  if (value.kind !== "date" || value.value === null) return valueText(value);
  if (value.alternatives) return either(value.alternatives.map((one) => spanText(one, longDate)));
  const day = longDate(value.value);
  return related(value.relation, value.to ? range(day, longDate(value.to)) : day);
}

function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  return isNaN(day)
    ? iso
    : day.toLocaleDateString(DATES, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

// The value that each slot begins, by the number of the slot.
export function slotValues(frame) {
  const values = new Map();
  for (const one of [frame, ...(frame.legs ?? [])]) {
    for (const leg of [one.departure, one.arrival, one.return, ...(one.stops ?? []), ...(one.open ?? [])]) {
      for (const value of Object.values(leg ?? {})) values.set(value.slots[0], value);
    }
  }
  for (const value of Object.values(frame.other ?? {}).flat()) if (value.slots) values.set(value.slots[0], value);
  return values;
}
