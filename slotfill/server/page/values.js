// Values in words, as in the table of the command line.

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
  if (value.value === null) return `${others.map((one) => (isPlace ? otherPlace : spanText)(one)).join(" or ")}?`;
  if (!isPlace) {
    const relation = value.relation ? `${value.relation} ` : "";
    if (others.length) return others.map((one) => spanText(one)).join(" or ");
    const offset = value.offset ? ` (UTC${value.offset})` : "";
    return `${relation}${[value.value, value.to].filter(Boolean).join(" to ")}${offset}`;
  }
  const country = value.country && value.kind !== "country" ? `, ${value.country}` : "";
  const airports = value.airports && value.kind !== "airport" ? ` (${value.airports.join(", ")})` : "";
  return [`${value.value}${country}${airports}`, ...namedToo(value).map(otherPlace)].join(" or ");
}

// Slots of one's own that are no date, time or place: `80 USD`, `at least 2`, `two or three` -> `2 or 3?`
const OWN = ["datetime", "number", "money", "duration", "list", "text"];

function ownText(value) {
  if (value.value === null) return `${(value.alternatives ?? []).join(" or ")}?`;
  const range = value.to === undefined ? value.value : `${value.value} to ${value.to}`;
  return [value.relation, range, value.currency].filter((part) => part !== undefined).join(" ");
}

// A text or a number, or the value of a slot whose kind the model knows.
export function otherText(other) {
  if (typeof other !== "object") return other;
  return other.value === null ? `“${other.text}”: ${valueText(other)}` : momentText(other);
}

// An interval of ISO 8601: `14:00/17:00`, `16:00/..`, `../09:00`
export function spanText(interval, shown = (one) => one) {
  const [first, last] = interval.split("/");
  if (last === undefined) return shown(first);
  if (first === "..") return `before ${shown(last)}`;
  return last === ".." ? `after ${shown(first)}` : `${shown(first)} to ${shown(last)}`;
}

// `Mon, 2 Nov 2026`, `after 18:00`
export function momentText(value) {
  if (value.kind !== "date" || value.value === null) return valueText(value);
  if (value.alternatives) return value.alternatives.map((one) => spanText(one, longDate)).join(" or ");
  const relation = value.relation ? `${value.relation} ` : "";
  return `${relation}${[value.value, value.to].filter(Boolean).map(longDate).join(" to ")}`;
}

function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  return isNaN(day)
    ? iso
    : day.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
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
