// Small nets that learn in the browser: the cells of slotfill/cells, with back-propagation through time by hand.
// Their equations, and the names of their weights, are those of docs/how-it-works.md; tests hold both equal.
// Of each sentence, ids of words go in, and a probability of each tag comes out. Sizes: E of a word's vector, H units,
// G gate inputs (4 H of an LSTM, in blocks i, f, g, o; 3 H of a GRU, in blocks r, z, n; H of the others), K tags, T words.

export const CELLS = ["feedforward", "window", "elman", "jordan", "lstm", "gru"];
export const WINDOW = 2; // words on each side that the net `window` sees beside its own
const CLIP = 5; // the largest norm of a gradient

// Numbers from 0 to 1 that depend on the seed alone (mulberry32).
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const logistic = (x) => 1 / (1 + Math.exp(-x));

// `out` plus M v, for a matrix of `out.length` rows.
function addProduct(out, { data, columns }, v) {
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let n = 0, at = row * columns; n < columns; n++, at++) sum += data[at] * v[n];
    out[row] += sum;
  }
  return out;
}

// The transposed matrix times v: how a gradient goes back through a product.
function back({ data, columns }, v) {
  const out = new Float64Array(columns);
  for (let row = 0; row < v.length; row++) for (let n = 0, at = row * columns; n < columns; n++, at++) out[n] += data[at] * v[row];
  return out;
}

// The matrix plus u v^T: the gradient of a product with respect to its matrix.
function addOuter({ data, columns }, u, v) {
  for (let row = 0; row < u.length; row++) for (let n = 0, at = row * columns; n < columns; n++, at++) data[at] += u[row] * v[n];
}

function softmax(scores) {
  const most = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - most));
  const sum = shares.reduce((all, share) => all + share, 0);
  return shares.map((share) => share / sum);
}

export class Net {
  // `words` and `tags` are counts; `forgetBias` is what b_f of an LSTM begins with.
  constructor({ cell, words, tags, hidden, size = 8, forgetBias = 1, seed = 1 }) {
    Object.assign(this, { cell, hidden, tags, size, window: cell === "window" ? WINDOW : 0 });
    const gates = ({ lstm: 4, gru: 3 }[cell] ?? 1) * hidden;
    const memory = { feedforward: 0, window: 0, jordan: tags }[cell] ?? hidden;
    const inputs = size * (2 * this.window + 1);
    this.memory = memory;
    this.shapes = { X: [words, size], W: [gates, inputs], U: [gates, memory], b: [gates, 1], V: [tags, hidden], b_y: [tags, 1] };
    if (cell === "gru") this.shapes.d = [hidden, 1]; // a second bias of the candidate, which the reset gate multiplies
    const random = randomOf(seed);
    this.weights = this.zeros();
    for (const [name, [rows, columns]] of Object.entries(this.shapes)) {
      if (["b", "b_y", "d"].includes(name)) continue;
      const most = name === "X" ? 0.5 : Math.sqrt(6 / (rows + columns)); // Glorot & Bengio 2010
      this.weights[name].data.forEach((_, n, data) => (data[n] = (2 * random() - 1) * most));
    }
    if (cell === "lstm") this.weights.b.data.fill(forgetBias, hidden, 2 * hidden);
    this.moments = [this.zeros(), this.zeros()]; // of Adam
    this.steps = 0;
  }

  zeros() {
    const all = Object.entries(this.shapes);
    return Object.fromEntries(all.map(([name, [rows, columns]]) => [name, { data: new Float64Array(rows * columns), columns }]));
  }

  get parameters() {
    return Object.values(this.weights).reduce((sum, { data }) => sum + data.length, 0);
  }

  // The vectors of a word and of those in its window, one after another; zeros beyond the sentence.
  input(ids, t) {
    const x = new Float64Array(this.shapes.W[1]);
    for (let place = -this.window, at = 0; place <= this.window; place++, at += this.size) {
      const id = ids[t + place];
      if (id !== undefined) x.set(this.weights.X.data.subarray(id * this.size, (id + 1) * this.size), at);
    }
    return x;
  }

  // Each step of a sentence: x, the memory m before it, the gates, c, h and the probabilities y.
  forward(ids) {
    const { W, U, b, V, b_y } = this.weights;
    let m = new Float64Array(this.memory);
    let c = new Float64Array(this.cell === "lstm" ? this.hidden : 0);
    return ids.map((_, t) => {
      const x = this.input(ids, t);
      const z = addProduct(Float64Array.from(b.data), W, x);
      const u = addProduct(new Float64Array(z.length), U, m);
      const step = { x, m, before: c, c, ...this.step(z, u, m, c) };
      step.y = softmax(addProduct(Float64Array.from(b_y.data), V, step.h));
      m = this.cell === "jordan" ? step.y : this.memory ? step.h : m;
      c = step.c;
      return step;
    });
  }

  // From the shares z of the input and u of the memory m: h, and what gated cells have besides.
  step(z, u, m, before) {
    const H = this.hidden;
    const block = (n, squash) => Float64Array.from({ length: H }, (_, unit) => squash(z[n * H + unit] + u[n * H + unit]));
    if (this.cell === "gru") {
      const [r, keep] = [block(0, logistic), block(1, logistic)];
      const reread = r.map((_, n) => u[2 * H + n] + this.weights.d.data[n]); // of the memory, before the reset gate
      const n = r.map((open, unit) => Math.tanh(z[2 * H + unit] + open * reread[unit]));
      return { r, z: keep, reread, n, h: n.map((value, unit) => (1 - keep[unit]) * value + keep[unit] * m[unit]) };
    }
    if (this.cell !== "lstm") return { h: block(0, Math.tanh) };
    const [i, f, g, o] = [0, 1, 2, 3].map((n) => block(n, n === 2 ? Math.tanh : logistic));
    const c = before.map((old, n) => f[n] * old + i[n] * g[n]);
    return { i, f, g, o, c, h: c.map((value, n) => o[n] * Math.tanh(value)) };
  }

  // The gradients of z and u, of c and of m before a step, from those of its h and c.
  stepBack(step, dh, dc) {
    let dz;
    let before = dc;
    if (this.cell === "gru") return this.stepBackGru(step, dh);
    if (this.cell === "lstm") {
      const H = this.hidden;
      const { i, f, g, o, c } = step;
      dz = new Float64Array(4 * H);
      before = new Float64Array(H);
      for (let n = 0; n < H; n++) {
        const shown = Math.tanh(c[n]);
        const kept = dc[n] + dh[n] * o[n] * (1 - shown * shown); // of c: from the next step, and through h
        dz[n] = kept * g[n] * i[n] * (1 - i[n]);
        dz[H + n] = kept * step.before[n] * f[n] * (1 - f[n]);
        dz[2 * H + n] = kept * i[n] * (1 - g[n] * g[n]);
        dz[3 * H + n] = dh[n] * shown * o[n] * (1 - o[n]);
        before[n] = kept * f[n];
      }
    } else {
      dz = dh.map((value, n) => value * (1 - step.h[n] * step.h[n]));
    }
    return { dz, du: dz, dc: before, dm: back(this.weights.U, dz) };
  }

  stepBackGru({ r, z, n, reread, m }, dh) {
    const H = this.hidden;
    const dz = new Float64Array(3 * H);
    for (let unit = 0; unit < H; unit++) {
      const candidate = dh[unit] * (1 - z[unit]) * (1 - n[unit] * n[unit]);
      dz[unit] = candidate * reread[unit] * r[unit] * (1 - r[unit]);
      dz[H + unit] = dh[unit] * (m[unit] - n[unit]) * z[unit] * (1 - z[unit]);
      dz[2 * H + unit] = candidate;
    }
    const du = dz.map((value, place) => (place < 2 * H ? value : value * r[place - 2 * H])); // U m is behind the reset gate
    const dm = back(this.weights.U, du).map((value, unit) => value + dh[unit] * z[unit]); // and what stays of m
    return { dz, du, dc: new Float64Array(H), dm };
  }

  // What reaches the scores V h + b_y from the y of a Jordan net, which is the softmax of them.
  throughOutput(y, dy) {
    const mean = y.reduce((sum, share, n) => sum + share * dy[n], 0);
    return y.map((share, n) => share * (dy[n] - mean));
  }

  // Adds the gradients of the mean cross-entropy of a sentence to `gradients`, and returns that loss.
  backward(ids, tags, gradients) {
    const steps = this.forward(ids);
    const { V, W } = this.weights;
    let dm = new Float64Array(this.memory);
    let dc = new Float64Array(this.hidden);
    let loss = 0;
    for (let t = ids.length - 1; t >= 0; t--) {
      const step = steps[t];
      loss -= Math.log(Math.max(step.y[tags[t]], 1e-300)) / ids.length;
      const scores = step.y.map((share, n) => (share - (n === tags[t])) / ids.length);
      const isJordan = this.cell === "jordan"; // which reads its output, the others their hidden layer
      if (isJordan) this.throughOutput(step.y, dm).forEach((more, n) => (scores[n] += more));
      const dh = back(V, scores);
      if (!isJordan) dm.forEach((more, n) => (dh[n] += more));
      const found = this.stepBack(step, dh, dc);
      addOuter(gradients.V, scores, step.h);
      scores.forEach((value, n) => (gradients.b_y.data[n] += value));
      addOuter(gradients.W, found.dz, step.x);
      addOuter(gradients.U, found.du, step.m);
      gradients.d?.data.forEach((_, n, data) => (data[n] += found.du[2 * this.hidden + n]));
      found.dz.forEach((value, n) => (gradients.b.data[n] += value));
      this.addToWords(gradients.X, ids, t, back(W, found.dz));
      ({ dm, dc } = found);
    }
    return loss;
  }

  addToWords(gradient, ids, t, dx) {
    for (let place = -this.window, at = 0; place <= this.window; place++, at += this.size) {
      const id = ids[t + place];
      if (id === undefined) continue;
      for (let n = 0; n < this.size; n++) gradient.data[id * this.size + n] += dx[at + n];
    }
  }

  // One step of Adam (Kingma & Ba 2015) on a few sentences of ids and tags, with clipped gradients; the mean loss.
  learn(sentences, rate) {
    const gradients = this.zeros();
    const losses = sentences.map(({ ids, tags }) => this.backward(ids, tags, gradients));
    const all = Object.values(gradients);
    const squares = all.reduce((sum, { data }) => sum + data.reduce((some, value) => some + value * value, 0), 0);
    const share = Math.min(1, (CLIP * sentences.length) / Math.sqrt(squares || 1)) / sentences.length;
    this.steps++;
    const bias = [1 - 0.9 ** this.steps, 1 - 0.999 ** this.steps];
    for (const [name, { data }] of Object.entries(this.weights)) {
      const [first, second] = this.moments.map((moment) => moment[name].data);
      gradients[name].data.forEach((value, n) => {
        const gradient = value * share;
        first[n] = 0.9 * first[n] + 0.1 * gradient;
        second[n] = 0.999 * second[n] + 0.001 * gradient * gradient;
        data[n] -= (rate * (first[n] / bias[0])) / (Math.sqrt(second[n] / bias[1]) + 1e-8);
      });
    }
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  }

  // How far back the net remembers: the norm of d h_T / d s_{T-k} for k = 1 to T - 1, where s is h, y of a Jordan net, or
  // h and c of an LSTM (slotfill/gradients.py). Empty without memory.
  reach(ids) {
    if (!this.memory) return [];
    const steps = this.forward(ids);
    const squares = new Float64Array(ids.length - 1);
    for (let unit = 0; unit < this.hidden; unit++) {
      let dh = new Float64Array(this.hidden);
      let dc = new Float64Array(this.hidden);
      dh[unit] = 1;
      for (let t = ids.length - 1, k = 0; t > 0; t--, k++) {
        const found = this.stepBack(steps[t], dh, dc);
        for (const value of found.dm) squares[k] += value * value;
        if (this.cell === "lstm") for (const value of found.dc) squares[k] += value * value;
        dc = found.dc;
        dh = this.cell === "jordan" ? back(this.weights.V, this.throughOutput(steps[t - 1].y, found.dm)) : found.dm;
      }
    }
    return Array.from(squares, Math.sqrt);
  }
}
