// Sentences in which only the verb tells what a city and a date are, and words may stand between: data/twins, in small.

import { randomOf } from "./nets.js";

export const TAGS = ["O", "to", "from", "arrives", "departs"];
const VERBS = { arrive: ["to", "arrives"], land: ["to", "arrives"], leave: ["from", "departs"], depart: ["from", "departs"] };
const CITIES = ["Taipei", "Boston", "Tokyo", "Rome", "Oslo", "Lima", "Cairo", "Perth"];
const MONTHS = ["November", "May", "June", "March"];
const DAYS = ["2nd", "3rd", "10th", "21st"];
const BETWEEN = ["please", "by", "train", "with", "my", "family", "very", "soon"];
const WORDS = [...Object.keys(VERBS), ...CITIES, "on", ...MONTHS, ...DAYS, ...BETWEEN];
export const WORD_COUNT = WORDS.length;
const HELD_OUT = 24;
const COUNT = 96;

// The words of one sentence, their ids, and the ids of the right tags.
export function sentence(verb, city, month, day, between) {
  const [place, date] = VERBS[verb];
  const words = [verb, ...between, city, "on", month, day];
  const names = ["O", ...between.map(() => "O"), place, "O", date, date];
  return { words, ids: words.map((word) => WORDS.indexOf(word)), tags: names.map((name) => TAGS.indexOf(name)) };
}

// The twins that are watched, with as many words between as there may be at most.
export function watched(most) {
  return ["arrive", "leave"].map((verb) => sentence(verb, "Taipei", "November", "2nd", Array.from({ length: most }, (_, n) => BETWEEN[n % BETWEEN.length])));
}

// Sentences to learn from, and pairs of twins that are not among them.
export function corpus(most, seed) {
  const random = randomOf(seed);
  const any = (list) => list[Math.floor(random() * list.length)];
  const drawn = () => [any(CITIES), any(MONTHS), any(DAYS), Array.from({ length: Math.floor(random() * (most + 1)) }, () => any(BETWEEN))];
  const pairs = Array.from({ length: HELD_OUT }, () => {
    const rest = drawn();
    return ["arrive", "leave"].map((verb) => sentence(verb, ...rest));
  });
  const held = new Set([...pairs.flat(), ...watched(most)].map(({ words }) => words.join(" ")));
  const train = [];
  while (train.length < COUNT) {
    const one = sentence(any(Object.keys(VERBS)), ...drawn());
    if (!held.has(one.words.join(" "))) train.push(one);
  }
  return { train, pairs };
}
