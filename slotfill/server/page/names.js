// What slots and intents are called.

import { slotWord, t } from "./translation.js";

const ROLES = {
  departure: ["fromloc", "depart_date", "depart_time"],
  arrival: ["toloc", "arrive_date", "arrive_time"],
  return: ["return_date", "return_time"],
  stop: ["stoploc"],
};
const INTENTS = {
  abbreviation: t("what an abbreviation means"),
  aircraft: t("the aircraft"),
  airfare: t("fares"),
  airline: t("the airline"),
  airport: t("the airport"),
  capacity: t("how many seats there are"),
  cheapest: t("the cheapest"),
  city: t("a city"),
  distance: t("a distance"),
  flight: t("a trip"),
  flight_no: t("a flight number"),
  flight_time: t("how long it takes, or when"),
  ground_fare: t("the fare on the ground"),
  ground_service: t("transport on the ground"),
  meal: t("meals"),
  quantity: t("how many there are"),
  restriction: t("the conditions of a fare"),
};

export const ROLE_NAMES = {
  departure: t("departure"), arrival: t("arrival"), return: t("return"), stop: t("stop"), other: t("the rest"),
};
const LABELS = {
  departure: { place: t("departure, place"), date: t("departure, date"), time: t("departure, time") },
  arrival: { place: t("arrival, place"), date: t("arrival, date"), time: t("arrival, time") },
  return: { place: t("return, place"), date: t("return, date"), time: t("return, time") },
  stop: { place: t("stop, place"), date: t("stop, date"), time: t("stop, time") },
};

export const inWords = (name) => slotWord(name) ?? name.replaceAll("_", " ");

export function roleOf(name) {
  const head = name.split(".")[0];
  return Object.keys(ROLES).find((role) => ROLES[role].includes(head)) ?? "other";
}

// `depart_date.day_name` -> `departure, date`; `class_type` -> `class type`
export function labelOf(name) {
  const role = roleOf(name);
  if (role === "other") return slotWord(name) ?? inWords(name.replace(".", ", "));
  const part = name.includes("_date.") ? "date" : name.includes("_time.") ? "time" : "place";
  return LABELS[role][part];
}

// The purpose of a sentence: `flight+airfare` -> `asks for a trip and fares`
export function purposeOf(intent) {
  if (intent.name === "other") return t("does not ask for a trip, it seems");
  const things = intent.name.split("+").map((one) => INTENTS[one] ?? inWords(one));
  return t("asks for {things}", { things: things.join(t(" and ")) });
}

// The leg of a part, as a role: `stops[0].place` -> `stop`
export function roleOfPart(path) {
  const leg = path.split(/[[.]/)[0];
  if (leg === "stops") return "stop";
  return leg in LABELS ? leg : "other";
}

// A part of an itinerary: `departure.date` -> `departure, date`; `other.class_type` -> `class type`
export function partName(path) {
  const kind = path.split(".").at(-1);
  if (path.startsWith("open[")) return t("open");
  return LABELS[roleOfPart(path)]?.[kind] ?? inWords(kind);
}
