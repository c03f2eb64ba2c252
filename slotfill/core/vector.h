/* A vector of WIDTH floats: an extension of gcc and clang, or plain loops for other compilers.

   Whoever includes this file says WIDTH, and TARGET (the instruction set, as an attribute of a function). */

#ifdef vec
#undef vec
#undef load
#undef store
#undef broadcast
#undef add_product
#endif
#define vec NAME(vec)
#define load NAME(load)
#define store NAME(store)
#define broadcast NAME(broadcast)
#define add_product NAME(add_product)

#if defined(EXTENSIONS)

typedef float vec __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));

INLINE TARGET vec load(const float *from) { return *(const vec *)from; }

INLINE TARGET void store(float *to, vec x) { *(vec *)to = x; }

INLINE TARGET vec broadcast(float x) { return x - (vec){0}; }

INLINE TARGET vec add_product(vec sum, vec a, vec b) { return a * b + sum; }

#else

typedef struct {
    float at[WIDTH];
} vec;

INLINE TARGET vec load(const float *from) {
    vec x;
    memcpy(x.at, from, sizeof x.at);
    return x;
}

INLINE TARGET void store(float *to, vec x) { memcpy(to, x.at, sizeof x.at); }

INLINE TARGET vec broadcast(float x) {
    vec all;
    for (int i = 0; i < WIDTH; i++) all.at[i] = x;
    return all;
}

INLINE TARGET vec add_product(vec sum, vec a, vec b) {
    for (int i = 0; i < WIDTH; i++) sum.at[i] += a.at[i] * b.at[i];
    return sum;
}

#endif
