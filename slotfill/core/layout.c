/* What a model needs before the first sentence, and a word before its first: weights in the order in which the loops
   read them, the steps of a chain of tags, and the features of a word. Part of the border (border.h): arguments are
   checked here. */

#include "border.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static float of_half(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = (half >> 10) & 31, fraction = half & 1023;
    if (!exponent) { /* 0, or too small for an exponent */
        const float tiny = (float)fraction / 16777216.0f;
        return sign ? -tiny : tiny;
    }
    const uint32_t bits = sign | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | fraction << 13;
    float number;
    memcpy(&number, &bits, 4);
    return number;
}

/* The same for NaN as for what is too large. */
static int are_within(const void *numbers, Py_ssize_t count, char type, float most) {
    int beyond = 0;
    if (type == 'f') {
        const float *x = numbers;
        for (Py_ssize_t i = 0; i < count; i++) beyond |= !((x[i] < most) & (x[i] > -most));
    } else {
        /* without their signs, bits are in the order of the numbers */
        uint16_t limit = 0, above = 0x7c00; /* infinity: no number is beyond it */
        while (limit < above) {
            const uint16_t middle = (uint16_t)((limit + above) / 2);
            if (of_half(middle) < most)
                limit = (uint16_t)(middle + 1);
            else
                above = middle;
        }
        const uint16_t *x = numbers;
        for (Py_ssize_t i = 0; i < count; i++) beyond |= (x[i] & 0x7fff) >= limit;
    }
    return !beyond;
}

const char within_doc[] = "within(numbers, most)\n--\n\n"
                          "Whether all numbers of an array of float32 or float16 are between -most and most; NaN is not.";

PyObject *within(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    if (!counted("within", given, 2)) return NULL;
    const float most = (float)PyFloat_AsDouble(arguments[1]);
    if (PyErr_Occurred()) return NULL;
    Held held = {0};
    PyObject *result = NULL;
    char type;
    const Py_buffer *numbers = numbers_of(&held, arguments[0], "numbers", &type);
    if (!numbers) goto done;
    const Py_ssize_t count = numbers->len / numbers->itemsize;
    int all;
    Py_BEGIN_ALLOW_THREADS;
    all = are_within(numbers->buf, count, type, most);
    Py_END_ALLOW_THREADS;
    result = PyBool_FromLong(all);
done:
    give_back(&held);
    return result;
}

/* --- weights -------------------------------------------------------------------------------------- */

/* Whether a walk of these numbers of steps stays within `length` numbers, and has at most `most` steps: with steps of
   0, it could stay for ever. */
static int stays(const Py_ssize_t counts[3], const Py_ssize_t steps[3], Py_ssize_t first, Py_ssize_t length,
                 Py_ssize_t most) {
    if (first < 0 || first >= length) return 0;
    Py_ssize_t left = length - 1 - first;
    for (int axis = 0; axis < 3; axis++) {
        if (counts[axis] < 1 || counts[axis] > most || steps[axis] < 0) return 0;
        most /= counts[axis];
        if (counts[axis] > 1 && steps[axis] > left / (counts[axis] - 1)) return 0;
        left -= steps[axis] * (counts[axis] - 1);
    }
    return 1;
}

const char lay_doc[] =
    "lay(source, out, factor, A, B, C, a, b, c, x, y, z, first)\n--\n\n"
    "Write A times B times C numbers of `source`, which are a, b and c apart, times `factor` into `out`, from `first`\n"
    "on x, y and z apart; both are flat. The last axis is the innermost loop.";

PyObject *lay(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    if (!counted("lay", given, 13)) return NULL;
    const float factor = (float)PyFloat_AsDouble(arguments[2]);
    Py_ssize_t counts[3], from[3], to[3];
    for (int axis = 0; axis < 3; axis++) {
        counts[axis] = PyLong_AsSsize_t(arguments[3 + axis]);
        from[axis] = PyLong_AsSsize_t(arguments[6 + axis]);
        to[axis] = PyLong_AsSsize_t(arguments[9 + axis]);
        if (PyErr_Occurred()) return NULL;
    }
    const Py_ssize_t first = PyLong_AsSsize_t(arguments[12]);
    if (PyErr_Occurred()) return NULL;
    const Py_buffer *source = READ(arguments[0], "source", 'f', -1);
    const Py_buffer *out = source ? WRITE(arguments[1], "out", 'f', -1) : NULL;
    if (!out) goto done;
    const Py_ssize_t most = source->shape[0]; /* no number is read twice */
    if (!stays(counts, from, 0, most, most) || !stays(counts, to, first, out->shape[0], most)) {
        PyErr_Format(PyExc_ValueError, "lay: %zd numbers do not fit into %zd", source->shape[0], out->shape[0]);
        goto done;
    }
    for (Py_ssize_t i = 0; i < counts[0]; i++) {
        for (Py_ssize_t j = 0; j < counts[1]; j++) {
            const float *read = (const float *)source->buf + i * from[0] + j * from[1];
            float *write = (float *)out->buf + first + i * to[0] + j * to[1];
            for (Py_ssize_t k = 0; k < counts[2]; k++) write[k * to[2]] = factor * read[k * from[2]];
        }
    }
    result = Py_NewRef(Py_None);
done:
    give_back(&held);
    return result;
}

/* --- the chain of tags ---------------------------------------------------------------------------- */

const char lay_chain_doc[] =
    "lay_chain(learned, free, inside, column, temperature, start, steps, entering, bounds,\n"
    "          start_factors, step_factors, entering_factors, transposed)\n--\n\n"
    "Write the steps of a chain (kernels.h) as scores and as factors, from those that were learned, (K + 1, K), or None.";

PyObject *lay_chain(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    if (!counted("lay_chain", given, 13)) return NULL;
    const float temperature = (float)PyFloat_AsDouble(arguments[4]);
    if (PyErr_Occurred()) return NULL;
    const Py_buffer *column = READ(arguments[3], "column", 'q', -1);
    if (!column) goto done;
    const Py_ssize_t K = column->shape[0];
    const Py_buffer *free_tags = READ(arguments[1], "free", 'q', -1);
    if (!free_tags) goto done;
    const Py_ssize_t F = free_tags->shape[0], I = K - F;
    if (F < 1 || I < 0) {
        PyErr_SetString(PyExc_ValueError, "free: expected at least one, and no more than there are tags");
        goto done;
    }
    const Py_ssize_t wide = (F + UNITS - 1) / UNITS * UNITS, all = (K + UNITS - 1) / UNITS * UNITS;
    const Py_buffer *inside = READ(arguments[2], "inside", 'q', I, 3);
    const Py_buffer *learned = NULL;
    if (!inside) goto done;
    if (arguments[0] != Py_None) {
        learned = READ(arguments[0], "learned", 'f', K + 1, K);
        if (!learned) goto done;
    }
    const Py_buffer *bounds = WRITE(arguments[8], "bounds", 'f', 2, K);
    const Py_buffer *transposed = bounds ? WRITE(arguments[12], "transposed", 'f', F, all) : NULL;
    if (!transposed) goto done;
    float *starts[2], *steps[2], *entering[2]; /* scores, factors */
    for (int which = 0; which < 2; which++) {
        PyObject *const *own = arguments + (which ? 9 : 5);
        const Py_buffer *start = WRITE(own[0], "start", 'f', K);
        const Py_buffer *table = start ? WRITE(own[1], "steps", 'f', K, wide) : NULL;
        const Py_buffer *enter = table ? WRITE(own[2], "entering", 'f', I, 2) : NULL;
        if (!enter) goto done;
        starts[which] = start->buf, steps[which] = table->buf, entering[which] = enter->buf;
    }
    if (!in_range(free_tags, F, 0, K, "free") || !in_range(inside, 3 * I, -1, K, "inside")) goto done;
    const float *A = learned ? learned->buf : NULL;
    const int64_t *tag_of = free_tags->buf, *tags = inside->buf, *columns = column->buf;
    for (Py_ssize_t k = 0; k < K; k++) {
        const int may_begin = columns[k] >= 0;
        starts[0][k] = !may_begin ? -INFINITY : A ? A[K * K + k] : 0.0f;
        starts[1][k] = may_begin ? expf(starts[0][k] / temperature) : 0.0f;
    }
    for (Py_ssize_t i = 0; i < I; i++) {
        for (int which = 0; which < 2; which++) {
            const int64_t before = tags[3 * i + 1 + which], tag = tags[3 * i];
            const float score = A && before >= 0 && tag >= 0 ? A[before * K + tag] : 0.0f;
            entering[0][2 * i + which] = score;
            entering[1][2 * i + which] = expf(score / temperature);
        }
    }
    float *low = bounds->buf, *high = low + K;
    for (Py_ssize_t j = 0; j < K; j++) low[j] = INFINITY, high[j] = -INFINITY;
    memset(steps[0], 0, (size_t)(K * wide) * sizeof(float));
    memset(steps[1], 0, (size_t)(K * wide) * sizeof(float));
    memset(transposed->buf, 0, (size_t)(F * all) * sizeof(float));
    for (Py_ssize_t f = 0; f < F; f++) {
        double mean = 0.0;
        for (Py_ssize_t j = 0; A && j < K; j++) mean += A[j * K + tag_of[f]];
        mean /= (double)K;
        for (Py_ssize_t j = 0; j < K; j++) {
            const float score = A ? A[j * K + tag_of[f]] : 0.0f, apart = score - (float)mean;
            low[j] = apart < low[j] ? apart : low[j];
            high[j] = apart > high[j] ? apart : high[j];
            steps[0][j * wide + f] = score;
            steps[1][j * wide + f] = ((float *)transposed->buf)[f * all + j] = A ? expf(score / temperature) : 1.0f;
        }
    }
    result = Py_NewRef(Py_None);
done:
    give_back(&held);
    return result;
}

/* --- features of a word --------------------------------------------------------------------------- */

const char embed_doc[] = "embed(table, number, affixes, rows, share, out)\n--\n\n"
                         "Write a row of a table (V, E) of float32 or float16 plus `share` of the sum of these rows of\n"
                         "`affixes`, (A, E), or None, into `out`, (E,). False if the row of the table is not finite.";

PyObject *embed(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    char type;
    if (!counted("embed", given, 6)) return NULL;
    const Py_ssize_t number = PyLong_AsSsize_t(arguments[1]);
    const float share = (float)PyFloat_AsDouble(arguments[4]);
    if (PyErr_Occurred()) return NULL;
    if (!PyList_Check(arguments[3])) return PyErr_Format(PyExc_TypeError, "rows: expected a list");
    const Py_buffer *table = numbers_of(&held, arguments[0], "table", &type);
    const Py_buffer *out = table ? WRITE(arguments[5], "out", 'f', -1) : NULL;
    if (!out) goto done;
    const Py_ssize_t E = out->shape[0];
    if (table->ndim != 2 || table->shape[1] != E || number < 0 || number >= table->shape[0]) {
        PyErr_Format(PyExc_ValueError, "table: expected rows of %zd numbers, and one with the number %zd", E, number);
        goto done;
    }
    float *sums = out->buf;
    const char *row = (const char *)table->buf + number * E * table->itemsize;
    const int is_finite = are_within(row, E, type, INFINITY);
    for (Py_ssize_t e = 0; e < E; e++)
        sums[e] = type == 'f' ? ((const float *)row)[e] : of_half(((const uint16_t *)row)[e]);
    if (arguments[2] != Py_None) {
        const Py_buffer *affixes = READ(arguments[2], "affixes", 'f', -1, E);
        if (!affixes) goto done;
        for (Py_ssize_t i = 0; i < PyList_Size(arguments[3]); i++) {
            const Py_ssize_t affix = PyLong_AsSsize_t(PyList_GetItem(arguments[3], i));
            if (PyErr_Occurred()) goto done;
            if (affix < 0 || affix >= affixes->shape[0]) {
                PyErr_Format(PyExc_ValueError, "rows: a number is out of range");
                goto done;
            }
            for (Py_ssize_t e = 0; e < E; e++) sums[e] += share * ((const float *)affixes->buf)[affix * E + e];
        }
    }
    result = PyBool_FromLong(is_finite);
done:
    give_back(&held);
    return result;
}

const char convolve_doc[] =
    "convolve(ids, vectors, filters, bias, out)\n--\n\n"
    "Write the largest responses of filters, (width e, C), to the characters of a word, a list of rows of `vectors`,\n"
    "(V, e), into `out`, (F,), at least 0; row 0 stands beyond the ends of the word. C is a multiple of 16.";

PyObject *convolve(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    (void)module;
    Held held = {0};
    PyObject *result = NULL;
    float *room = NULL;
    if (!counted("convolve", given, 5)) return NULL;
    if (!PyList_Check(arguments[0])) return PyErr_Format(PyExc_TypeError, "ids: expected a list");
    const Py_ssize_t N = PyList_Size(arguments[0]);
    const Py_buffer *vectors = READ(arguments[1], "vectors", 'f', -1, -1);
    const Py_buffer *filters = vectors ? READ(arguments[2], "filters", 'f', -1, -1) : NULL;
    const Py_buffer *bias = filters ? READ(arguments[3], "bias", 'f', filters->shape[1]) : NULL;
    const Py_buffer *out = bias ? WRITE(arguments[4], "out", 'f', -1) : NULL;
    if (!out) goto done;
    const Py_ssize_t V = vectors->shape[0], e = vectors->shape[1], all = filters->shape[1], F = out->shape[0];
    const Py_ssize_t inputs = filters->shape[0], width = e ? inputs / e : 0;
    if (V < 1 || width < 1 || width * e != inputs || all % UNITS || F > all || N > 65535) {
        PyErr_Format(PyExc_ValueError, "filters: expected those of %zd characters, got (%zd, %zd)", width, inputs, all);
        goto done;
    }
    float *best = out->buf;
    memset(best, 0, (size_t)F * sizeof(float));
    if (!N) goto none;
    /* the windows (N, inputs), and what the filters say of each, (N, F) */
    room = malloc((size_t)N * (size_t)(inputs + F) * sizeof(float));
    if (!room) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t n = 0; n < N; n++) {
        for (Py_ssize_t place = 0; place < width; place++) {
            const Py_ssize_t at = n + place - (width - 1) / 2;
            const Py_ssize_t id = at < 0 || at >= N ? 0 : PyLong_AsSsize_t(PyList_GetItem(arguments[0], at));
            if (PyErr_Occurred()) goto done;
            if (id < 0 || id >= V) {
                PyErr_Format(PyExc_ValueError, "ids: a number is out of range");
                goto done;
            }
            memcpy(room + n * inputs + place * e, (const float *)vectors->buf + id * e, (size_t)e * sizeof(float));
        }
    }
    float *responses = room + N * inputs;
    kernels->project(room, N, inputs, filters->buf, bias->buf, all, responses, F, F);
    for (Py_ssize_t n = 0; n < N; n++)
        for (Py_ssize_t f = 0; f < F; f++) best[f] = responses[n * F + f] > best[f] ? responses[n * F + f] : best[f];
none:
    result = Py_NewRef(Py_None);
done:
    free(room);
    give_back(&held);
    return result;
}
