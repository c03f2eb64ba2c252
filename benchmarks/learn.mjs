// After how many epochs the nets of the page /learn have all 24 pairs right that they never saw:
//
//     node benchmarks/learn.mjs
//
// A row for each net, and for each number of words that may stand between the verb and the city; a figure for each of
// five seeds of the weights, `-` for never within 120 epochs. 8 units, learning rate 0.018, 96 sentences; two minutes.

import { Net } from "../slotfill/server/page/nets.js";
import { TAGS, WORD_COUNT, corpus } from "../slotfill/server/page/twins.js";

const BETWEEN = [0, 2, 4, 6, 10];
const SEEDS = [1, 2, 3, 4, 5];
const NETS = [["feedforward"], ["window"], ["jordan"], ["elman"], ["lstm", -2], ["lstm", 0], ["lstm", 1], ["lstm", 3], ["gru"]];
const EPOCHS = 120;

function epochsOf(cell, forgetBias, between, seed) {
  const { train, pairs } = corpus(between, 1);
  const net = new Net({ cell, words: WORD_COUNT, tags: TAGS.length, hidden: 8, forgetBias, seed });
  const best = ({ y }) => y.indexOf(Math.max(...y));
  const isRight = ({ ids, tags }) => net.forward(ids).every((step, n) => best(step) === tags[n]);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = train.map((_, n) => (n * 37 + epoch * 11) % train.length); // as on the page
    for (let n = 0; n < order.length; n += 8) net.learn(order.slice(n, n + 8).map((number) => train[number]), 10 ** -1.75);
    if (pairs.every((pair) => pair.every(isRight))) return epoch + 1;
  }
  return "-";
}

for (const [cell, forgetBias] of NETS) {
  for (const between of BETWEEN) {
    const name = forgetBias === undefined ? cell : `${cell}, forget bias ${forgetBias}`;
    console.log(`| ${name} | ${between} | ${SEEDS.map((seed) => epochsOf(cell, forgetBias, between, seed)).join(" ")} |`);
  }
}
