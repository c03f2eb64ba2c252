/* The border of the core: from Python's buffers to the loops of kernels.h. Every type, shape and number that a loop
   relies on is checked here and in layout.c, so that no argument makes it read or write elsewhere. */

#include "border.h"

#include <stdlib.h>
#include <string.h>

enum { INTERFACE = 4 }; /* that of __init__.py, which says when it goes up */

const Kernels *kernels;

/* B row numbers below `rows`; None stands for the first B, of which there must be as many. */
static int rows_of(Held *all_held, PyObject *object, const char *name, Py_ssize_t B, Py_ssize_t rows,
                   const int64_t **numbers) {
    if (object == Py_None) {
        if (B <= rows) return 1;
        PyErr_Format(PyExc_ValueError, "%s: expected %zd numbers of rows, got None", name, B);
        return 0;
    }
    const Py_buffer *view = array(all_held, object, name, 'q', 0, SHAPE(B));
    if (!view || !in_range(view, B, 0, rows, name)) return 0;
    *numbers = view->buf;
    return 1;
}

/* --- functions ------------------------------------------------------------------------------------ */

PyDoc_STRVAR(gather_doc,
             "gather(rows, matches, W, out)\n--\n\n"
             "Write the projections of a sentence's words into `out`, (N, Z): its rows, a list of arrays (Z,), plus the\n"
             "product of its matches (N, M) and W (M, Z).");

static PyObject *gather(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    if (!counted("gather", given, 4)) return NULL;
    if (!PyList_Check(arguments[0])) return PyErr_Format(PyExc_TypeError, "rows: expected a list");
    const Py_ssize_t N = PyList_Size(arguments[0]);
    const Py_buffer *matches = READ(arguments[1], "matches", 'f', N, -1);
    const Py_buffer *W = matches ? READ(arguments[2], "W", 'f', matches->shape[1], -1) : NULL;
    const Py_buffer *out = W ? WRITE(arguments[3], "out", 'f', N, W->shape[1]) : NULL;
    if (!out) goto done;
    const Py_ssize_t M = W->shape[0], Z = W->shape[1];
    for (Py_ssize_t n = 0; n < N; n++) { /* one row at a time is held, so that there may be any number of them */
        Held one = {0};
        PyObject *item = n < PyList_Size(arguments[0]) ? PyList_GetItem(arguments[0], n) : Py_None;
        const Py_buffer *row = array(&one, item, "rows", 'f', 0, SHAPE(Z));
        if (row) kernels->gather(row->buf, (const float *)matches->buf + n * M, M, W->buf, Z, (float *)out->buf + n * Z);
        give_back(&one);
        if (!row) goto done;
    }
    result = Py_NewRef(Py_None);
done:
    give_back(&held);
    return result;
}

PyDoc_STRVAR(recur_doc,
             "recur(cell, z, U, own, directions, out, state)\n--\n\n"
             "Write the states of a layer, (N, directions * H), for one sentence into `out`. The first columns of z are\n"
             "the projected inputs of each direction, block by block. A sentence goes on after `state`, (directions, 3,\n"
             "units of all blocks), which becomes the state after it; None at its beginning.");

static PyObject *recur(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    float *room = NULL;
    if (!counted("recur", given, 7)) return NULL;
    const long cell = PyLong_AsLong(arguments[0]);
    const long D = PyErr_Occurred() ? -1 : PyLong_AsLong(arguments[4]);
    if (PyErr_Occurred()) return NULL;
    if (cell < 0 || cell >= CELLS) return PyErr_Format(PyExc_ValueError, "cell: expected 0 to 3, got %ld", cell);
    if (D < 1 || D > 2) return PyErr_Format(PyExc_ValueError, "directions: expected 1 or 2, got %ld", D);
    const Py_buffer *z = READ(arguments[1], "z", 'f', -1, -1);
    const Py_buffer *out = z ? WRITE(arguments[5], "out", 'f', z->shape[0], -1) : NULL;
    if (!out) goto done;
    const Py_ssize_t N = z->shape[0], Z = z->shape[1], S = out->shape[1], H = S / D;
    const Py_ssize_t gates = GATES[cell], blocks = H / UNITS + (H % UNITS > 0), width = blocks * UNITS;
    if (H < 1 || H * D != S || Z / D / gates < width) {
        PyErr_Format(PyExc_ValueError, "out: expected states for %zd projected inputs, got %zd", Z, S);
        goto done;
    }
    const Py_buffer *U = NULL, *own = NULL;
    if (cell != FEEDFORWARD) {
        U = READ(arguments[2], "U", 'f', D, blocks, H, gates, UNITS);
        if (!U) goto done;
    }
    const Py_ssize_t rows = cell == LSTM ? 3 : 1;
    if (cell == GRU || (cell == LSTM && arguments[3] != Py_None)) {
        own = READ(arguments[3], "own", 'f', D, rows, width);
        if (!own) goto done;
    }
    const Py_buffer *state = NULL;
    if (arguments[6] != Py_None) {
        state = WRITE(arguments[6], "state", 'f', D, 3, width);
        if (!state) goto done;
    }
    room = calloc((size_t)(D * 3 * width), sizeof(float));
    if (!room) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS;
    for (Py_ssize_t d = 0; d < D; d++) {
        const Memory memory = {
            .cell = (Cell)cell,
            .hidden = H,
            .blocks = blocks,
            .U = U ? (const float *)U->buf + d * width * H * gates : NULL,
            .own = own ? (const float *)own->buf + d * rows * width : NULL,
        };
        float *from = (state ? (float *)state->buf : room) + d * 3 * width;
        kernels->recur(&memory, (const float *)z->buf + d * width * gates, N, Z, d == 1, (float *)out->buf + d * H, S,
                       from, state != NULL);
    }
    Py_END_ALLOW_THREADS;
    result = Py_NewRef(Py_None);
done:
    free(room);
    give_back(&held);
    return result;
}

PyDoc_STRVAR(lstm_step_doc,
             "lstm_step(z, ids, u, products, parents, before, largest_before, c, h, largest)\n--\n\n"
             "A step of B rows of an LSTM without peepholes: new c, h and largest h (B, H), which may be None. Its inputs are\n"
             "the rows `ids` of z (any, 4 H) and `products` of u (any, 4 H; None at the first step), and the rows `parents`\n"
             "of c and of the largest h of the step before. None for row numbers: all, in order.");

static PyObject *lstm_step(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    if (!counted("lstm_step", given, 10)) return NULL;
    const Py_buffer *h = WRITE(arguments[8], "h", 'f', -1, -1);
    if (!h) goto done;
    const Py_ssize_t B = h->shape[0], H = h->shape[1];
    Step step = {.rows = B, .hidden = H, .h = h->buf};
    const Py_buffer *c = WRITE(arguments[7], "c", 'f', B, H), *largest = NULL, *largest_before = NULL;
    if (!c) goto done;
    step.c = c->buf;
    if (arguments[9] != Py_None) {
        largest = WRITE(arguments[9], "largest", 'f', B, H);
        if (!largest) goto done;
        step.largest = largest->buf;
    }
    const Py_buffer *z = READ(arguments[0], "z", 'f', -1, 4 * H);
    if (!z || !rows_of(&held, arguments[1], "ids", B, z->shape[0], &step.ids)) goto done;
    step.z = z->buf;
    if (arguments[2] != Py_None) {
        const Py_buffer *u = READ(arguments[2], "u", 'f', -1, 4 * H);
        const Py_buffer *before = u ? READ(arguments[5], "before", 'f', -1, H) : NULL;
        if (!before || !rows_of(&held, arguments[3], "products", B, u->shape[0], &step.products) ||
            !rows_of(&held, arguments[4], "parents", B, before->shape[0], &step.parents))
            goto done;
        step.u = u->buf;
        step.before = before->buf;
        if (largest) {
            largest_before = READ(arguments[6], "largest_before", 'f', before->shape[0], H);
            if (!largest_before) goto done;
            step.largest_before = largest_before->buf;
        }
    }
    Py_BEGIN_ALLOW_THREADS;
    kernels->lstm_step(&step);
    Py_END_ALLOW_THREADS;
    result = Py_NewRef(Py_None);
done:
    give_back(&held);
    return result;
}

PyDoc_STRVAR(project_doc,
             "project(x, W, b, out)\n--\n\n"
             "Write x (N, E) W (E, all) + b (all) into `out`, (N, C): the first C of `all` columns, a multiple of 16.");

static PyObject *project(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    if (!counted("project", given, 4)) return NULL;
    const Py_buffer *x = READ(arguments[0], "x", 'f', -1, -1);
    const Py_buffer *W = x ? READ(arguments[1], "W", 'f', x->shape[1], -1) : NULL;
    const Py_buffer *b = W ? READ(arguments[2], "b", 'f', W->shape[1]) : NULL;
    const Py_buffer *out = b ? WRITE(arguments[3], "out", 'f', x->shape[0], -1) : NULL;
    if (!out) goto done;
    const Py_ssize_t all = W->shape[1], C = out->shape[1];
    if (all % UNITS || C > all) {
        PyErr_Format(PyExc_ValueError, "W: expected at least %zd columns, a multiple of %d, got %zd", C, UNITS, all);
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS;
    kernels->project(x->buf, x->shape[0], x->shape[1], W->buf, b->buf, all, out->buf, C, C);
    Py_END_ALLOW_THREADS;
    result = Py_NewRef(Py_None);
done:
    give_back(&held);
    return result;
}

PyDoc_STRVAR(add_places_doc,
             "add_places(z, first, places, tags, out)\n--\n\n"
             "Add to each row of `out`, (N, K), what the words around it give: from the column `first`, z (N, Z) has for\n"
             "each place of a window the K columns that its word there adds.");

static PyObject *add_places(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    if (!counted("add_places", given, 5)) return NULL;
    const Py_ssize_t first = PyLong_AsSsize_t(arguments[1]), places = PyLong_AsSsize_t(arguments[2]);
    const Py_ssize_t K = PyLong_AsSsize_t(arguments[3]);
    if (PyErr_Occurred()) return NULL;
    const Py_buffer *z = READ(arguments[0], "z", 'f', -1, -1);
    const Py_buffer *out = z ? WRITE(arguments[4], "out", 'f', z->shape[0], -1) : NULL;
    if (!out) goto done;
    const Py_ssize_t N = z->shape[0], Z = z->shape[1], all = out->shape[1];
    if (first < 0 || first > Z || places < 1 || places > Z || places % 2 == 0 || K < 0 || K > all ||
        K > (Z - first) / places) {
        PyErr_Format(PyExc_ValueError, "z: expected %zd columns for %zd places after the first %zd, got %zd", K, places,
                     first, Z);
        goto done;
    }
    for (Py_ssize_t place = 0; place < places; place++) {
        const Py_ssize_t away = place - places / 2;
        for (Py_ssize_t n = away < 0 ? -away : 0; n < N && n + away < N; n++) {
            const float *from = (const float *)z->buf + (n + away) * Z + first + place * K;
            float *to = (float *)out->buf + n * all;
            for (Py_ssize_t k = 0; k < K; k++) to[k] += from[k];
        }
    }
    result = Py_NewRef(Py_None);
done:
    give_back(&held);
    return result;
}

PyDoc_STRVAR(largest_doc, "largest(x, out)\n--\n\nWrite the largest of each column of x, (N, C), into `out`, (1, C).");

static PyObject *largest(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    if (!counted("largest", given, 2)) return NULL;
    const Py_buffer *x = READ(arguments[0], "x", 'f', -1, -1);
    const Py_buffer *out = x ? WRITE(arguments[1], "out", 'f', 1, x->shape[1]) : NULL;
    if (!out) goto done;
    const Py_ssize_t N = x->shape[0], C = x->shape[1];
    if (!N) {
        PyErr_SetString(PyExc_ValueError, "x: expected at least one row");
        goto done;
    }
    float *most = out->buf;
    memcpy(most, x->buf, (size_t)C * sizeof(float));
    for (Py_ssize_t n = 1; n < N; n++) {
        const float *row = (const float *)x->buf + n * C;
        for (Py_ssize_t c = 0; c < C; c++) most[c] = row[c] > most[c] ? row[c] : most[c];
    }
    result = Py_NewRef(Py_None);
done:
    give_back(&held);
    return result;
}

/* --- the chain of tags ---------------------------------------------------------------------------- */

/* Sentences begin at `starts`, (B,): from 0, each after the one before. Returns the longest length, or -1. */
static Py_ssize_t longest_of(const Py_buffer *starts, Py_ssize_t N) {
    const int64_t *first = starts->buf;
    const Py_ssize_t B = starts->shape[0];
    Py_ssize_t longest = 0;
    for (Py_ssize_t s = 0; s < B; s++) {
        const int64_t end = s + 1 < B ? first[s + 1] : N;
        if ((s == 0 && first[0] != 0) || end > N || end <= first[s]) {
            PyErr_Format(PyExc_ValueError, "starts: expected sentences of at least one of %zd tokens", N);
            return -1;
        }
        const Py_ssize_t length = (Py_ssize_t)(end - first[s]);
        longest = length > longest ? length : longest;
    }
    if (!B && N) {
        PyErr_SetString(PyExc_ValueError, "starts: expected at least one");
        return -1;
    }
    return longest;
}

/* The parts that both functions have: free, inside, column, continued, start, steps, entering. */
static int chain_of(Held *all_held, PyObject *const *parts, Py_ssize_t K, Chain *chain) {
#define PART(number, name, type, ...) array(all_held, parts[number], name, type, 0, SHAPE(__VA_ARGS__))
    if (K < 1 || K > 65535) {
        PyErr_Format(PyExc_ValueError, "emissions: expected 1 to 65535 tags, got %zd", K);
        return 0;
    }
    const Py_buffer *free_tags = PART(0, "free", 'q', -1);
    const Py_buffer *inside = free_tags ? PART(1, "inside", 'q', K - free_tags->shape[0], 3) : NULL;
    if (!inside) return 0;
    const Py_ssize_t F = free_tags->shape[0], I = inside->shape[0], width = (F + UNITS - 1) / UNITS * UNITS;
    if (F > K) {
        PyErr_SetString(PyExc_ValueError, "free: more than there are tags");
        return 0;
    }
    const Py_buffer *column = PART(2, "column", 'q', K);
    const Py_buffer *continued = column ? PART(3, "continued", 'q', K) : NULL;
    const Py_buffer *start = continued ? PART(4, "start", 'f', K) : NULL;
    const Py_buffer *steps = start ? PART(5, "steps", 'f', K, width) : NULL;
    const Py_buffer *entering = steps ? PART(6, "entering", 'f', I, 2) : NULL;
    if (!entering) return 0;
    if (!in_range(free_tags, F, 0, K, "free") || !in_range(inside, 3 * I, -1, K, "inside") ||
        !in_range(column, K, -I, F, "column") || !in_range(continued, K, -1, I, "continued"))
        return 0;
    for (Py_ssize_t i = 0; i < I; i++) {
        if (((const int64_t *)inside->buf)[3 * i] < 0) {
            PyErr_SetString(PyExc_ValueError, "inside: a number is out of range");
            return 0;
        }
    }
    *chain = (Chain){
        .tags = K,
        .width = (K + UNITS - 1) / UNITS * UNITS,
        .free_tags = F,
        .free_width = width,
        .inside_tags = I,
        .free = free_tags->buf,
        .inside = inside->buf,
        .column = column->buf,
        .continued = continued->buf,
        .start = start->buf,
        .steps = steps->buf,
        .entering = entering->buf,
    };
    return 1;
#undef PART
}

PyDoc_STRVAR(best_paths_doc,
             "best_paths(emissions, starts, free, inside, column, continued, start, steps, entering, bounds, path)\n--\n\n"
             "Write the best path of each sentence into `path`, (N,); kernels.h describes the steps, which are scores.");

static PyObject *best_paths(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    char *memory = NULL;
    if (!counted("best_paths", given, 11)) return NULL;
    Chain chain;
    const Py_buffer *emissions = READ(arguments[0], "emissions", 'f', -1, -1);
    const Py_buffer *starts = emissions ? READ(arguments[1], "starts", 'q', -1) : NULL;
    if (!starts || !chain_of(&held, arguments + 2, emissions->shape[1], &chain)) goto done;
    const Py_ssize_t N = emissions->shape[0], K = chain.tags, longest = longest_of(starts, N);
    const Py_buffer *bounds = READ(arguments[9], "bounds", 'f', 2, K);
    if (!bounds) goto done;
    chain.low = bounds->buf;
    chain.high = (const float *)bounds->buf + K;
    const Py_buffer *path = longest >= 0 ? WRITE(arguments[10], "path", 'q', N) : NULL;
    if (!path) goto done;
    memory = malloc(path_bytes(&chain, (size_t)longest));
    if (!memory) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS;
    const int64_t *first = starts->buf;
    for (Py_ssize_t s = 0; s < starts->shape[0]; s++) {
        const int64_t end = s + 1 < starts->shape[0] ? first[s + 1] : N;
        kernels->best_path(&chain, (const float *)emissions->buf + first[s] * K, (Py_ssize_t)(end - first[s]),
                           (int64_t *)path->buf + first[s], memory);
    }
    Py_END_ALLOW_THREADS;
    result = Py_NewRef(Py_None);
done:
    free(memory);
    give_back(&held);
    return result;
}

PyDoc_STRVAR(sums_doc,
             "sums(emissions, starts, free, inside, column, continued, start, steps, entering, transposed,\n"
             "     temperature, path, confidence, marginals)\n--\n\n"
             "Write the factors of the confidence of a path into `confidence`, (3, N), and all marginals into\n"
             "`marginals`, (N, K); None for what is not wanted. kernels.h describes the steps, which are factors.");

static PyObject *sums(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    float *memory = NULL;
    if (!counted("sums", given, 14)) return NULL;
    Chain chain;
    const Py_buffer *emissions = READ(arguments[0], "emissions", 'f', -1, -1);
    const Py_buffer *starts = emissions ? READ(arguments[1], "starts", 'q', -1) : NULL;
    if (!starts || !chain_of(&held, arguments + 2, emissions->shape[1], &chain)) goto done;
    const Py_buffer *transposed = READ(arguments[9], "transposed", 'f', chain.free_tags, chain.width);
    if (!transposed) goto done;
    chain.transposed = transposed->buf;
    chain.temperature = (float)PyFloat_AsDouble(arguments[10]);
    if (PyErr_Occurred()) goto done;
    const Py_ssize_t N = emissions->shape[0], K = chain.tags, longest = longest_of(starts, N);
    if (longest < 0) goto done;
    const Py_buffer *path = NULL, *confidence = NULL, *marginals = NULL;
    if (arguments[11] != Py_None) {
        path = READ(arguments[11], "path", 'q', N);
        if (!path || !in_range(path, N, 0, K, "path")) goto done;
        confidence = WRITE(arguments[12], "confidence", 'f', 3, N);
        if (!confidence) goto done;
    }
    if (arguments[13] != Py_None) {
        marginals = WRITE(arguments[13], "marginals", 'f', N, K);
        if (!marginals) goto done;
    }
    memory = malloc(sum_floats(&chain, (size_t)longest) * sizeof(float));
    if (!memory) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS;
    const int64_t *first = starts->buf;
    for (Py_ssize_t s = 0; s < starts->shape[0]; s++) {
        const Py_ssize_t at = (Py_ssize_t)first[s];
        const int64_t end = s + 1 < starts->shape[0] ? first[s + 1] : N;
        float *factors = confidence ? (float *)confidence->buf + at : NULL;
        kernels->sum_paths(&chain, (const float *)emissions->buf + at * K, (Py_ssize_t)end - at,
                           path ? (const int64_t *)path->buf + at : NULL, factors, factors ? factors + N : NULL,
                           factors ? factors + 2 * N : NULL, marginals ? (float *)marginals->buf + at * K : NULL,
                           memory);
    }
    Py_END_ALLOW_THREADS;
    result = Py_NewRef(Py_None);
done:
    free(memory);
    give_back(&held);
    return result;
}

PyDoc_STRVAR(instructions_doc,
             "instructions(name=None)\n--\n\n"
             "The instruction set in use: avx512, avx2 or plain. A name chooses another, None the best.");

static PyObject *instructions(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    if (given > 1) return PyErr_Format(PyExc_TypeError, "instructions() takes at most 1 argument: got %zd", given);
    if (given) {
        const char *name = arguments[0] == Py_None ? NULL : PyUnicode_AsUTF8AndSize(arguments[0], NULL);
        if (!name && PyErr_Occurred()) return NULL;
        const Kernels *chosen = kernels_for(name);
        if (!chosen) return PyErr_Format(PyExc_ValueError, "this processor or build has no %s", name);
        kernels = chosen;
    }
    return PyUnicode_FromString(kernels->name);
}

/* --- the module ----------------------------------------------------------------------------------- */

#define FUNCTION(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, name##_doc}

static PyMethodDef functions[] = {
    FUNCTION(gather), FUNCTION(recur), FUNCTION(lstm_step), FUNCTION(project), FUNCTION(add_places), FUNCTION(largest), FUNCTION(best_paths), FUNCTION(sums),
    FUNCTION(within), FUNCTION(lay), FUNCTION(lay_chain), FUNCTION(embed), FUNCTION(convolve), FUNCTION(floats), FUNCTION(instructions), {NULL, NULL, 0, NULL},
};

static int start(PyObject *module) {
    kernels = kernels_for(NULL);
    PyObject **type = PyModule_GetState(module);
    *type = PyType_FromModuleAndSpec(module, &floats_type, NULL);
    if (!*type) return -1;
    if (PyModule_AddIntConstant(module, "INTERFACE", INTERFACE) < 0) return -1;
    return PyModule_AddIntConstant(module, "UNITS", UNITS);
}

static int visit_state(PyObject *module, visitproc visit, void *arg) {
    PyObject **type = PyModule_GetState(module);
    if (type) Py_VISIT(*type);
    return 0;
}

static int clear_state(PyObject *module) {
    PyObject **type = PyModule_GetState(module);
    if (type) Py_CLEAR(*type);
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {0, NULL}};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_core",
    .m_doc = "The loops of slotfill/runtime and slotfill/decoding in C.",
    .m_size = sizeof(PyObject *),
    .m_methods = functions,
    .m_slots = slots,
    .m_traverse = visit_state,
    .m_clear = clear_state,
};

PyMODINIT_FUNC PyInit__core(void) { return PyModuleDef_Init(&definition); }
