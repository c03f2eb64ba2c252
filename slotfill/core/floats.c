/* New arrays of float32 for Python. They begin on a line of the cache: vectors that lie across two of them made a step
   of the LSTM take two thirds more time. */

#include "border.h"

#include <stdlib.h>

enum { LINE = 64, AXES = 5 };

typedef struct {
    PyObject_HEAD
    void *block;
    float *first;
    Py_ssize_t length; /* bytes */
    int dimensions;
    Py_ssize_t shape[AXES], strides[AXES];
} Floats;

static void end_floats(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    free(((Floats *)self)->block);
    PyObject_Free(self);
    Py_DECREF(type);
}

static int get_buffer(PyObject *self, Py_buffer *view, int flags) {
    Floats *floats = (Floats *)self;
    *view = (Py_buffer){
        .buf = floats->first,
        .obj = Py_NewRef(self),
        .len = floats->length,
        .itemsize = sizeof(float),
        .ndim = floats->dimensions,
        .format = (flags & PyBUF_FORMAT) == PyBUF_FORMAT ? "f" : NULL,
        .shape = (flags & PyBUF_ND) == PyBUF_ND ? floats->shape : NULL,
        .strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? floats->strides : NULL,
    };
    return 0;
}

static PyType_Slot of_type[] = {{Py_tp_dealloc, end_floats}, {Py_bf_getbuffer, get_buffer}, {0, NULL}};

PyType_Spec floats_type = {
    .name = "slotfill.core._core.Floats",
    .basicsize = sizeof(Floats),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = of_type,
};

const char floats_doc[] =
    "floats(*shape)\n--\n\n"
    "A new array of zeros: a memoryview, flat if it is empty, that begins on a line of the cache.";

PyObject *floats(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
    if (given < 1 || given > AXES)
        return PyErr_Format(PyExc_TypeError, "floats() takes 1 to %d lengths: got %zd", AXES, given);
    Py_ssize_t shape[AXES], size = 1;
    for (Py_ssize_t axis = 0; axis < given; axis++) {
        shape[axis] = PyLong_AsSsize_t(arguments[axis]);
        if (PyErr_Occurred()) return NULL;
        if (shape[axis] < 0) return PyErr_Format(PyExc_ValueError, "floats: expected lengths, got %zd", shape[axis]);
        if (size && shape[axis] > (PY_SSIZE_T_MAX - LINE) / (Py_ssize_t)sizeof(float) / size) return PyErr_NoMemory();
        size *= shape[axis];
    }
    PyTypeObject *type = *(PyTypeObject **)PyModule_GetState(module);
    Floats *made = PyObject_New(Floats, type);
    if (!made) return NULL;
    made->length = size * (Py_ssize_t)sizeof(float);
    made->dimensions = size ? (int)given : 1;
    Py_ssize_t apart = sizeof(float);
    for (int axis = made->dimensions - 1; axis >= 0; axis--) {
        made->shape[axis] = size ? shape[axis] : 0;
        made->strides[axis] = apart;
        apart *= made->shape[axis];
    }
    made->block = calloc(1, (size_t)made->length + LINE);
    made->first = (float *)(((uintptr_t)made->block + LINE - 1) / LINE * LINE);
    PyObject *view = made->block ? PyMemoryView_FromObject((PyObject *)made) : PyErr_NoMemory();
    Py_DECREF(made);
    return view;
}
