// The files of checks: each has a list `<name>_checks`.
#ifndef CONTRACT_FAMILIES_H
#define CONTRACT_FAMILIES_H

#include "server.h"

#define FAMILIES(X) \
    X(arguments)    \
    X(session)      \
    X(events)       \
    X(words)        \
    X(messages)     \
    X(calls)        \
    X(posts)        \
    X(time)         \
    X(desired)      \
    X(upload)       \
    X(registration)

#define DECLARE(family) extern const check family##_checks[];
FAMILIES(DECLARE)

#endif
