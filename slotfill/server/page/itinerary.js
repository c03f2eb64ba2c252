// The trip: a card with places, dates and times. Each has its path (`departure.date`) as its `data-part`.

import { make } from "./elements.js";
import { inWords } from "./names.js";
import { note } from "./notes.js";
import { t } from "./translation.js";
import { either, momentText, namedToo, otherPlace, otherText, placeName, valueText } from "./values.js";

const MOMENTS = {
  departure: { date: t("Leave, date"), time: t("Leave, time") },
  arrival: { date: t("Arrive, date"), time: t("Arrive, time") },
  return: { date: t("Return, date"), time: t("Return, time") },
};

export function itinerary(frame) {
  const { return: back = {}, open = [], other = {}, legs = [] } = frame;
  const trips = legs.length ? legs : [frame];
  const parts = trips.map((trip, number) => leg(trip, number, legs.length && t("Leg {n}", { n: number + 1 }))).filter(Boolean);
  // what is named without a direction: neither from nor to
  if (open.length) parts.push(make("div", "open", ...open.map(openPart)));
  if (back.place || back.date || back.time) parts.push(make("dl", "times", ...moments("return", back)));
  const isTrip = parts.length > 0;
  const others = Object.entries(other).map(([name, value]) =>
    marked(`other.${name}`, make("span", "", t("{name}: {value}", { name: inWords(name), value: [value].flat().map(otherText).join(", ") }))));
  if (others.length) parts.push(make("p", "others", ...others.flatMap((one, number) => (number ? [" · ", one] : [one]))));
  const card = make("section", "panel itinerary", make("h2", "", isTrip ? t("Itinerary") : t("Values")), ...parts);
  card.hidden = !parts.length;
  return card;
}

function marked(part, element) {
  element.dataset.part = part;
  return element;
}

function openPart(one, number) {
  if (one.date) return make("dl", "times", moment(`open[${number}].date`, "other", t("Date"), one.date));
  if (one.time) return make("dl", "times", moment(`open[${number}].time`, "other", t("Time"), one.time));
  return marked(`open[${number}].place`, place(t("Place"), one.place));
}

// The first leg of several is the itinerary itself.
function leg({ departure = {}, arrival = {}, stops = [] }, number, title) {
  const before = number ? `legs[${number}].` : "";
  const parts = title ? [make("h3", "", title)] : [];
  if (departure.place || arrival.place || stops.length) {
    const between = make("div", "leg", ...stops.map((stop, n) =>
      marked(`${before}stops[${n}].place`, make("span", "stop", t("via {place}", { place: stopName(stop.place) })))));
    const from = marked(`${before}departure.place`, place(t("From"), departure.place));
    parts.push(make("div", "route", from, between, marked(`${before}arrival.place`, place(t("To"), arrival.place))));
  }
  const times = [...moments("departure", departure, before), ...moments("arrival", arrival, before)];
  if (times.length) parts.push(make("dl", "times", ...times));
  return parts.length > (title ? 1 : 0) && make("div", "trip", ...parts);
}

function stopName(value) {
  return value?.value ? either([value.value, ...namedToo(value).map(otherPlace)]) : placeName(value);
}

// The city first, its airports small: New York is not JFK.
function place(title, value) {
  if (!value) return make("dl", "place", make("dt", "", title), make("dd", "empty", t("not said")));
  const isAirport = value.kind === "airport";
  const name = value.value === null ? valueText(value) : isAirport ? value.text : value.value;
  const parts = [make("dt", "", title), make("dd", "city", name)];
  const code = isAirport && value.value !== value.text ? value.value : null;
  const where = [code, value.region, value.country].filter((part) => part && part !== name);
  if (where.length) parts.push(make("dd", "", where.join(", ")));
  if (!isAirport && value.airports) parts.push(make("dd", "airports", value.airports.join(" ")));
  const named = value.value === null ? [] : namedToo(value);
  if (named.length) parts.push(make("dd", "or", t("or {others}", { others: either(named.map(otherPlace)) })));
  if (value.corrected) parts.push(make("dd", "note", t("read from “{text}”", value)));
  if (value.note) parts.push(note("dd", value.note));
  const homonyms = value.homonyms ?? [];
  if (homonyms.length) parts.push(make("dd", "note", t("there is also {places}", { places: homonyms.slice(0, 3).map(otherPlace).join("; ") })));
  return make("dl", "place", ...parts);
}

// The date and the time of one end of the trip, told apart.
function moments(role, { date, time }, before = "") {
  return [["date", date], ["time", time]]
    .filter(([, value]) => value)
    .map(([part, value]) => moment(`${before}${role}.${part}`, role, MOMENTS[role][part], value));
}

function moment(part, role, title, value) {
  const text = value.value === null ? t("“{text}”: {value}", { text: value.text, value: valueText(value) }) : momentText(value);
  const shown = make("dd", "", make("strong", "", text));
  if (value.note) shown.append(note("span", value.note));
  return marked(part, make("div", role, make("dt", "", title), shown));
}
