// Why a native module does not start. The package has the words (package/check.py), so that they take no memory afterwards.
#ifndef ALIYUN_IOT_NATMOD_START_H
#define ALIYUN_IOT_NATMOD_START_H

typedef enum {
    START_OK,
    START_SAVES_MORE,       // for an exception than there is space for
    START_NO_SETJMP,        // on Xtensa
    START_HARD_FLOATS,      // and the package is for soft ones
    START_SOFT_FLOATS,
    START_OTHER_EXCEPTIONS, // than those of any known firmware
    START_OTHER_BUILD,      // of the library than of the binding
} start_t;

#endif
