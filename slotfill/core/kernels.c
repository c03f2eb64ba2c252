/* The kernels, compiled once for each instruction set, and the choice between them.

   No option of the compiler names a processor: the module runs on every one, and asks which it has.

   vector.h          a vector of floats
   elementary.h      exp, logistic, tanh
   product.h         matrix products
   recurrent.h       the cells
   chain.h           the best path of tags, and sums over all paths */

#include "kernels.h"

#include <math.h>
#include <string.h>

#if defined(__GNUC__) && !defined(PORTABLE) /* PORTABLE: to try here what other compilers get */
#define EXTENSIONS
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static __inline
#endif

#if defined(_MSC_VER)
#define RESTRICT __restrict
#else
#define RESTRICT restrict
#endif

#define JOIN_(name, set) name##_##set
#define JOIN(name, set) JOIN_(name, set)
#define NAME(name) JOIN(name, SET)
#define TEXT_(name) #name
#define TEXT(name) TEXT_(name)

#define SET plain
#define WIDTH 4
#define TARGET
#include "all.h"
#undef SET
#undef WIDTH
#undef TARGET

#if defined(EXTENSIONS) && defined(__x86_64__)

#define SET avx2
#define WIDTH 8
#define TARGET __attribute__((target("avx2,fma")))
#include "all.h"
#undef SET
#undef WIDTH
#undef TARGET

#define SET avx512
#define WIDTH 16
#define TARGET __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")))
#include "all.h"
#undef SET
#undef WIDTH
#undef TARGET

static int has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

const Kernels *kernels_for(const char *name) {
    __builtin_cpu_init();
    if (has_avx512() && has_avx2() && (!name || !strcmp(name, "avx512"))) return &kernels_avx512;
    if (has_avx2() && (!name || !strcmp(name, "avx2"))) return &kernels_avx2;
    return !name || !strcmp(name, "plain") ? &kernels_plain : NULL;
}

#else

const Kernels *kernels_for(const char *name) { return !name || !strcmp(name, "plain") ? &kernels_plain : NULL; }

#endif
