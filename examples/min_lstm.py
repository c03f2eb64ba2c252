"""An Elman net and an LSTM in numpy: forward, back-propagation through time by hand, gradient check, training.

Use: python examples/min_lstm.py [DOTS BETWEEN VERB AND CITY], such as 8. The letters are those of docs/how-it-works.md:
N words, K tags, H units; rows 1 to T are tokens, rows 0 and T + 1 are 0.
"""

import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Arrays = dict[str, Array]
H, RATE, CLIP, STEPS, FORGET = 16, 0.1, 5.0, 1000, 3.0

# --- the twins: the verb decides the tags (here: the roles) of the city, the month and the day
VERBS = {"arrive": ("toloc", "arrive_date", "arrive_date"), "leave": ("fromloc", "depart_date", "depart_date")}
CITIES, MONTHS, DAYS = "boston denver rome oslo lima", "may june november december", "1st 2nd 3rd 4th"
WORDS = f"other please . {' '.join(VERBS)} on {CITIES} {MONTHS} {DAYS}".replace(" lima", "").split()
TAGS = ["O", "toloc", "arrive_date", "fromloc", "depart_date"]


def sentence(rng: np.random.Generator, gap: int) -> tuple[list[str], list[str]]:
    """Words and tags. `lima` is in no table: from it the net learns what `other`, a word it does not know, may be."""
    verb, *slots = (str(rng.choice(some.split())) for some in (" ".join(VERBS), CITIES, MONTHS, DAYS))
    words = f"{rng.choice(['', 'please'])} {verb} {'. ' * gap}{slots[0]} on {slots[1]} {slots[2]}".split()
    return words, [dict(zip(slots, VERBS[verb], strict=True)).get(word, "O") for word in words]


def one_hot(items: list[str], table: list[str]) -> Array:
    """1-of-N encoding, (T + 2, N): a single 1 in the row of each token, for an unknown word in column 0."""
    return np.pad(np.eye(len(table))[[table.index(item) if item in table else 0 for item in items]], ((1, 1), (0, 0)))


# --- the Elman net
def elman_forward(w: Arrays, x: Array) -> Arrays:
    """The hidden layer h, (T + 2, H)."""
    h = np.zeros((len(x), len(w["U"])))
    for t in range(1, len(x) - 1):
        h[t] = np.tanh(w["W"] @ x[t] + w["U"] @ h[t - 1] + w["b"])  # h_t = tanh(a_t), a_t = W x_t + U h_{t-1} + b
    return {"h": h}


def elman_backward(w: Arrays, s: Arrays, e: Array) -> Array:
    """delta_t = dL/da_t, (T + 2, H), from e_t = dL_t/dh_t: what the loss at t alone asks of h_t."""
    h, delta = s["h"], np.zeros_like(s["h"])
    for t in range(len(h) - 2, 0, -1):
        dh = e[t] + w["U"].T @ delta[t + 1]  # dL/dh_t: the loss at t, and all later ones, which came through a_{t+1}
        delta[t] = dh * (1 - h[t] ** 2)  # delta_t = dL/dh_t * tanh'(a_t)
    return delta


# --- the LSTM: four inputs to each unit, and a memory
def sigmoid(a: Array) -> Array:  # from 0 (shut) to 1 (open)
    return np.asarray(1 / (1 + np.exp(-a)))


def lstm_forward(w: Arrays, x: Array) -> Arrays:
    """Gates i, f, o, candidate g, memory c and hidden layer h, (T + 2, H) each."""
    i, f, g, o, c, h = s = np.zeros((6, len(x), w["U"].shape[1]))
    for t in range(1, len(x) - 1):
        a_i, a_f, a_g, a_o = np.split(w["W"] @ x[t] + w["U"] @ h[t - 1] + w["b"], 4)  # a_t, in four blocks
        i[t], f[t], o[t] = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)  # input, forget and output gate
        g[t] = np.tanh(a_g)  # the candidate
        c[t] = f[t] * c[t - 1] + i[t] * g[t]  # the memory: what stays, and what comes in
        h[t] = o[t] * np.tanh(c[t])  # the part of it that is shown
    return dict(zip("ifgoch", s, strict=True))


def lstm_backward(w: Arrays, s: Arrays, e: Array) -> Array:
    """delta_t = dL/da_t, (T + 2, 4H)."""
    i, f, g, o, c = (s[name] for name in "ifgoc")
    delta, dc = np.zeros((len(c), len(w["U"]))), np.zeros_like(c)
    for t in range(len(c) - 2, 0, -1):
        dh = e[t] + w["U"].T @ delta[t + 1]  # as in the Elman net
        dc[t] = dh * o[t] * (1 - np.tanh(c[t]) ** 2) + dc[t + 1] * f[t + 1]  # through h_t, and along the memory
        d_i = dc[t] * g[t] * i[t] * (1 - i[t])  # c_t has i_t * g_t in it, and sigmoid' = i (1 - i)
        d_f = dc[t] * c[t - 1] * f[t] * (1 - f[t])  # and f_t * c_{t-1}
        d_g = dc[t] * i[t] * (1 - g[t] ** 2)
        d_o = dh * np.tanh(c[t]) * o[t] * (1 - o[t])  # h_t has o_t * tanh(c_t)
        delta[t] = np.concatenate([d_i, d_f, d_g, d_o])
    return delta


# --- both nets: scores, loss, gradients, learning
NETS = {"Elman": (1, elman_forward, elman_backward), "LSTM": (4, lstm_forward, lstm_backward)}  # inputs to a unit


def run(net: str, w: Arrays, x: Array) -> tuple[Arrays, Array]:
    """The states, and y_t = softmax(V h_t + b_y), (T + 2, K): a probability for each tag."""
    s = NETS[net][1](w, x)
    z = np.exp(s["h"] @ w["V"].T + w["b_y"])
    return s, z / z.sum(1, keepdims=True)


def learned(net: str, w: Arrays, words: list[str], tags: list[str]) -> tuple[float, Arrays]:
    """The loss L = sum_t L_t with L_t = -log y_t[gold tag], and its gradients."""
    x, gold = one_hot(words, WORDS), one_hot(tags, TAGS)
    s, y = run(net, w, x)
    error = (y - gold) * gold.any(1, keepdims=True)  # dL_t/d(V h_t + b_y)
    delta = NETS[net][2](w, s, error @ w["V"])  # e_t = V' (y_t - gold_t)
    inner = {"W": delta.T @ x, "U": delta[1:].T @ s["h"][:-1], "b": delta.sum(0)}  # dL/dU = sum_t delta_t h_{t-1}'
    return float(-np.log(y[gold == 1]).sum()), inner | {"V": error.T @ s["h"], "b_y": error.sum(0)}


def check(net: str, w: Arrays, words: list[str], tags: list[str]) -> float:
    """The largest difference between a derivative by hand and (L(w + 1e-5) - L(w - 1e-5)) / 2e-5."""
    worst, by_hand = 0.0, learned(net, w, words, tags)[1]
    for name, at in [(letter, index) for letter in w for index in np.ndindex(w[letter].shape)]:
        nudge = np.zeros_like(w[name])
        nudge[at] = 1e-5
        more, less = (learned(net, w | {name: one}, words, tags)[0] for one in (w[name] + nudge, w[name] - nudge))
        worst = max(worst, abs((more - less) / 2e-5 - float(by_hand[name][at])))
    return worst


def train(net: str, seed: int, gap: int) -> Iterator[tuple[Arrays, float]]:
    """Gradient descent, one sentence a step: the weights before the step, and the loss."""
    rng, G = np.random.default_rng(seed), NETS[net][0] * H
    shapes = {"W": (G, len(WORDS)), "U": (G, H), "b": (G,), "V": (len(TAGS), H), "b_y": (len(TAGS),)}
    w = {name: rng.normal(0, 0.2, shape) for name, shape in shapes.items()}
    w["b"][H : 2 * H] += FORGET  # block f, so that the gates begin at sigmoid(3) = 0.95; an Elman net has none
    for _ in range(STEPS):
        loss, gradients = learned(net, w, *sentence(rng, gap))
        yield w, loss
        norm = sum((gradient**2).sum() for gradient in gradients.values()) ** 0.5
        w = {name: w[name] - RATE * gradient * min(1, CLIP / norm) for name, gradient in gradients.items()}  # clipped


def shown(net: str, w: Arrays, words: list[str]) -> str:
    """The sentence with each word's best tag, unless it is O."""
    best = run(net, w, one_hot(words, WORDS))[1][1:-1].argmax(1)
    return " ".join(f"{word}/{TAGS[tag]}" if tag else word for word, tag in zip(words, best, strict=True))


def main(gap: int) -> None:
    """Check the gradients of both nets, train them, and watch two sentences about a city that is in no table."""
    for net in NETS:
        w, _ = next(train(net, 1, gap))
        print(f"\n{net}, gradients right to {check(net, w, ['leave', 'rome'], ['O', 'fromloc']):.0e}\n")
        for step, (w, loss) in enumerate(train(net, 1, gap)):
            if step in (0, 20, 50, 100, 200, 400, STEPS - 1):
                twins = (shown(net, w, f"{verb} {'. ' * gap}taipei on november 2nd".split()) for verb in VERBS)
                print(f"step {step}, loss {loss:.3f}", *twins, sep="\n    ")


if __name__ == "__main__":
    dots = (*sys.argv[1:], "0")[0]
    main(int(dots)) if dots.isdecimal() else sys.exit(__doc__)
