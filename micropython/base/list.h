// Lists of structs that have a member `next`. Hold the lock of the list meanwhile.
#ifndef ALIYUN_IOT_BASE_LIST_H
#define ALIYUN_IOT_BASE_LIST_H

// Moves `place`, which points to the first item, to the first one for which `found` is true of `*place`, or to the end.
#define LIST_SEEK(place, found) \
    do { \
        while (*(place) != NULL && !(found)) { \
            (place) = &(*(place))->next; \
        } \
    } while (0)

// Appends `item`, whose `next` is NULL, to the list of `type` that `first` points to.
#define LIST_APPEND(type, first, item) \
    do { \
        type **place_ = (first); \
        LIST_SEEK(place_, false); \
        *place_ = (item); \
    } while (0)

#endif
