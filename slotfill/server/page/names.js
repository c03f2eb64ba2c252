// What slots and intents are called.

const ROLES = {
  departure: ["fromloc", "depart_date", "depart_time"],
  arrival: ["toloc", "arrive_date", "arrive_time"],
  return: ["return_date", "return_time"],
  stop: ["stoploc"],
};
const INTENTS = {
  abbreviation: "what an abbreviation means",
  aircraft: "the aircraft",
  airfare: "fares",
  airline: "the airline",
  airport: "the airport",
  capacity: "how many seats there are",
  cheapest: "the cheapest",
  city: "a city",
  distance: "a distance",
  flight: "a trip",
  flight_no: "a flight number",
  flight_time: "how long it takes, or when",
  ground_fare: "the fare on the ground",
  ground_service: "transport on the ground",
  meal: "meals",
  quantity: "how many there are",
  restriction: "the conditions of a fare",
};

export const ROLE_NAMES = {
  departure: "departure", arrival: "arrival", return: "return", stop: "stop", other: "the rest",
};

export const inWords = (name) => name.replaceAll("_", " ");

export function roleOf(name) {
  const head = name.split(".")[0];
  return Object.keys(ROLES).find((role) => ROLES[role].includes(head)) ?? "other";
}

// `depart_date.day_name` -> `departure, date`; `class_type` -> `class type`
export function labelOf(name) {
  const role = roleOf(name);
  if (role === "other") return inWords(name.replace(".", ", "));
  const part = name.includes("_date.") ? "date" : name.includes("_time.") ? "time" : "place";
  return `${ROLE_NAMES[role]}, ${part}`;
}

// The purpose of a sentence: `flight+airfare` -> `asks for a trip and fares`
export function purposeOf(intent) {
  if (intent.name === "other") return "does not ask for a trip, it seems";
  return `asks for ${intent.name.split("+").map((one) => INTENTS[one] ?? inWords(one)).join(" and ")}`;
}
