// What the compiler and the mathematics of MicroPython take from a C library, of which there is none for register windows.

float nanf(const char *tag) {
    (void)tag;
    return __builtin_nanf("");
}

int __popcountsi2(unsigned int bits) {
    int count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}
