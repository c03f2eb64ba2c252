/* exp, the logistic function and tanh of single floats; compilers make vectors of loops over them.

   exp is 2^n e^r with |r| <= ln 2 / 2 and a polynomial for e^r (the coefficients of Cephes, S. Moshier 1992):
   relative error below 3e-7 for -87 <= x <= 87, and the value at the nearer end beyond. The others are within 3e-7
   of the true value. NaN becomes a number. */

/* x between -87 and 87, by the size of its bits without the sign. Comparisons of floats would do the same, but gcc then
   takes three cases through all that follows, which made a step of the LSTM six times as slow. */
INLINE TARGET float NAME(bounded)(float x) {
    const uint32_t most = 0x42ae0000u; /* 87 */
    uint32_t bits;
    memcpy(&bits, &x, 4);
    const uint32_t sign = bits & 0x80000000u, size = bits & 0x7fffffffu;
    bits = sign | (size < most ? size : most);
    memcpy(&x, &bits, 4);
    return x;
}

INLINE TARGET float NAME(exp)(float x) {
    x = NAME(bounded)(x);
    /* beside 1.5 * 2^23, the fraction has no room: what is left is the nearest integer, in the last bits */
    const float shifted = x * 1.44269504088896341f + 12582912.0f;
    const float n = shifted - 12582912.0f;
    float r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float y = 1.9875691500e-4f;
    y = y * r + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = y * (r * r) + r + 1.0f;
    uint32_t bits;
    memcpy(&bits, &shifted, 4);
    bits = (bits << 23) + 0x3f800000u;
    float power;
    memcpy(&power, &bits, 4);
    return y * power;
}

/* 1 / (1 + exp(z)): the weights have the other sign, as in slotfill/runtime/lstm.py */
INLINE TARGET float NAME(logistic_of_minus)(float z) { return 1.0f / (1.0f + NAME(exp)(z)); }

INLINE TARGET float NAME(tanh)(float x) { return 2.0f * NAME(logistic_of_minus)(-2.0f * x) - 1.0f; }
