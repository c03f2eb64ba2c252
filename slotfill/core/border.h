/* The border of the core: what turns Python's buffers into arrays of a known type and shape.

   Only CPython's limited API of 3.11, so that one build serves every later version; no numpy. */

#ifndef SLOTFILL_BORDER_H
#define SLOTFILL_BORDER_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "kernels.h"

extern const Kernels *kernels; /* those in use */

enum { MOST = 16 }; /* arrays of one call */

typedef struct {
    int count;
    Py_buffer views[MOST];
} Held;

static inline void give_back(Held *held) {
    while (held->count) PyBuffer_Release(&held->views[--held->count]);
}

/* Numbers in native order: f float32, q int64, h float16 (also as H, since a memoryview knows no float16). */
static inline int is_of(const Py_buffer *view, char type) {
    const char *format = view->format ? view->format : "B";
    if (*format == '@' || *format == '=') format++;
    if (format[0] == '\0' || format[1] != '\0') return 0;
    if (type == 'f') return format[0] == 'f' && view->itemsize == 4;
    if (type == 'h') return (format[0] == 'e' || format[0] == 'H') && view->itemsize == 2;
    return (format[0] == 'q' || format[0] == 'l') && view->itemsize == 8;
}

/* An array of these dimensions (each -1 for any); NULL, with an error set, if it is none. */
static inline const Py_buffer *array(Held *held, PyObject *object, const char *name, char type, int writable,
                                     int dimensions, const Py_ssize_t *shape) {
    Py_buffer *view = &held->views[held->count];
    const int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0);
    if (PyObject_GetBuffer(object, view, flags) < 0) return NULL;
    held->count++;
    if (!is_of(view, type)) {
        PyErr_Format(PyExc_TypeError, "%s: expected numbers of type %s", name, type == 'f' ? "float32" : "int64");
        return NULL;
    }
    /* a memoryview cannot have a shape with a 0: an empty flat one stands for all of them */
    if (view->ndim == 1 && !view->len) {
        for (int axis = 0; axis < dimensions; axis++)
            if (!shape[axis]) return view;
    }
    if ((uintptr_t)view->buf % (size_t)view->itemsize) { /* a file may hold them anywhere */
        PyErr_Format(PyExc_ValueError, "%s: expected numbers that are aligned in memory", name);
        return NULL;
    }
    if (view->ndim != dimensions) {
        PyErr_Format(PyExc_ValueError, "%s: expected %d dimensions, got %d", name, dimensions, view->ndim);
        return NULL;
    }
    for (int axis = 0; axis < dimensions; axis++) {
        if (shape[axis] >= 0 && view->shape[axis] != shape[axis]) {
            PyErr_Format(PyExc_ValueError, "%s: expected %zd along axis %d, got %zd", name, shape[axis], axis,
                         view->shape[axis]);
            return NULL;
        }
    }
    return view;
}

/* An array of float32 (`type` f) or of float16 (h), of any shape. */
static inline const Py_buffer *numbers_of(Held *held, PyObject *object, const char *name, char *type) {
    Py_buffer *view = &held->views[held->count];
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) return NULL;
    held->count++;
    for (*type = 'f'; *type; *type = *type == 'f' ? 'h' : 0)
        if (is_of(view, *type) && (uintptr_t)view->buf % (size_t)view->itemsize == 0) return view;
    PyErr_Format(PyExc_TypeError, "%s: expected aligned numbers of type float32 or float16", name);
    return NULL;
}

#define SHAPE(...) (sizeof((Py_ssize_t[]){__VA_ARGS__}) / sizeof(Py_ssize_t)), (const Py_ssize_t[]){__VA_ARGS__}
#define READ(object, name, type, ...) array(&held, object, name, type, 0, SHAPE(__VA_ARGS__))
#define WRITE(object, name, type, ...) array(&held, object, name, type, 1, SHAPE(__VA_ARGS__))

static inline int counted(const char *function, Py_ssize_t given, Py_ssize_t expected) {
    if (given == expected) return 1;
    PyErr_Format(PyExc_TypeError, "%s() takes %zd arguments: got %zd", function, expected, given);
    return 0;
}

static inline int in_range(const Py_buffer *numbers, Py_ssize_t count, int64_t low, int64_t high, const char *name) {
    const int64_t *at = numbers->buf;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (at[i] < low || at[i] >= high) {
            PyErr_Format(PyExc_ValueError, "%s: a number is out of range", name);
            return 0;
        }
    }
    return 1;
}

/* --- functions of layout.c and floats.c, which module.c lists --------------------------------------- */

#define DECLARED(name)                                                                \
    extern const char name##_doc[];                                                   \
    PyObject *name(PyObject *module, PyObject *const *arguments, Py_ssize_t given)

DECLARED(within);
DECLARED(lay);
DECLARED(lay_chain);
DECLARED(embed);
DECLARED(convolve);
DECLARED(floats);

extern PyType_Spec floats_type; /* its type is all of the module's state */

#endif
