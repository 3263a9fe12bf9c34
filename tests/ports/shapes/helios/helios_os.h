// Of the shape of Quectel's Helios SDK, as far as ports/select asks for it.
#ifndef SHAPE_HELIOS_OS_H
#define SHAPE_HELIOS_OS_H

#include <stdint.h>

#define HELIOS_WAIT_FOREVER (0xffffffffUL)

typedef unsigned long Helios_Mutex_t;
typedef unsigned long Helios_Thread_t;

typedef struct {
    char *name;
    uint32_t stack_size;
    uint32_t priority;
    void (*entry)(void *argument);
    void *argv;
} Helios_ThreadAttr;

Helios_Mutex_t Helios_Mutex_Create(void);
int Helios_Mutex_Lock(Helios_Mutex_t mutex, uint32_t ms);
void Helios_Mutex_Unlock(Helios_Mutex_t mutex);
Helios_Thread_t Helios_Thread_Create(const Helios_ThreadAttr *attributes);
void Helios_Thread_Exit(void);
void Helios_msleep(uint32_t ms);

#endif
