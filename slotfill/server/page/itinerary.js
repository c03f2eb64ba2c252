// The trip: a card with places, dates and times.

import { make } from "./elements.js";
import { inWords } from "./names.js";
import { momentText, namedToo, otherPlace, otherText, placeName, valueText } from "./values.js";

export function itinerary(frame) {
  const { return: back = {}, open = [], other = {}, legs = [] } = frame;
  const trips = legs.length ? legs : [frame];
  const parts = trips.map((trip, number) => leg(trip, legs.length && `Leg ${number + 1}`)).filter(Boolean);
  // a place without a direction: the traveller names it, but says neither from nor to
  if (open.length) parts.push(make("div", "open", ...open.map((one) => place("Place", one.place))));
  if (back.place || back.date || back.time) parts.push(make("dl", "times", ...moments("Return", "return", back)));
  const isTrip = parts.length > 0;
  const others = Object.entries(other).map(([name, value]) => `${inWords(name)}: ${[value].flat().map(otherText).join(", ")}`);
  if (others.length) parts.push(make("p", "others", others.join(" · ")));
  const card = make("section", "panel itinerary", make("h2", "", isTrip ? "Itinerary" : "Values"), ...parts);
  card.hidden = !parts.length;
  return card;
}

function leg({ departure = {}, arrival = {}, stops = [] }, title) {
  const parts = title ? [make("h3", "", title)] : [];
  if (departure.place || arrival.place || stops.length) {
    const between = make("div", "leg", ...stops.map((stop) => make("span", "stop", `via ${stopName(stop.place)}`)));
    parts.push(make("div", "route", place("From", departure.place), between, place("To", arrival.place)));
  }
  const times = [...moments("Leave", "departure", departure), ...moments("Arrive", "arrival", arrival)];
  if (times.length) parts.push(make("dl", "times", ...times));
  return parts.length > (title ? 1 : 0) && make("div", "trip", ...parts);
}

function stopName(value) {
  return value?.value ? [value.value, ...namedToo(value).map(otherPlace)].join(" or ") : placeName(value);
}

// The city first, its airports small: New York is not JFK.
function place(title, value) {
  if (!value) return make("dl", "place", make("dt", "", title), make("dd", "empty", "not said"));
  const isAirport = value.kind === "airport";
  const name = value.value === null ? valueText(value) : isAirport ? value.text : value.value;
  const parts = [make("dt", "", title), make("dd", "city", name)];
  const code = isAirport && value.value !== value.text ? value.value : null;
  const where = [code, value.region, value.country].filter((part) => part && part !== name);
  if (where.length) parts.push(make("dd", "", where.join(", ")));
  if (!isAirport && value.airports) parts.push(make("dd", "airports", value.airports.join(" ")));
  const named = value.value === null ? [] : namedToo(value);
  if (named.length) parts.push(make("dd", "or", `or ${named.map(otherPlace).join(" or ")}`));
  if (value.corrected) parts.push(make("dd", "note", `read from “${value.text}”`));
  if (value.note) parts.push(make("dd", "note", value.note));
  const homonyms = value.homonyms ?? [];
  if (homonyms.length) parts.push(make("dd", "note", `there is also ${homonyms.slice(0, 3).map(otherPlace).join("; ")}`));
  return make("dl", "place", ...parts);
}

// The date and the time of one end of the trip, told apart.
function moments(title, role, { date, time }) {
  return [["date", date], ["time", time]]
    .filter(([, value]) => value)
    .map(([part, value]) => {
      const text = value.value === null ? `“${value.text}”: ${valueText(value)}` : momentText(value);
      const shown = make("dd", "", make("strong", "", text));
      if (value.note) shown.append(make("span", "note", value.note));
      return make("div", role, make("dt", "", `${title}, ${part}`), shown);
    });
}
