// The object `aliyunIoT.Device`.
#ifndef ALIYUN_IOT_DEVICE_OBJECT_H
#define ALIYUN_IOT_DEVICE_OBJECT_H

#include "base/console.h"
#include "clouds/cloud.h"
#include "device/answers.h"
#include "device/replies.h"
#include "generated/device_events.h"
#include "net/pump.h"

typedef struct {
    mp_obj_base_t base;
    core_t core;
    link_t links[ALIYUN_IOT_LINKS];
    drive_t drive;
    pump_t pump;
    // What the wake-up schedules is a list with the device in it, emptied when the device closes: the scheduler's queue
    // keeps what was in it until it is overwritten, and would keep the buffers of devices that are long gone.
    mp_obj_t ticket;
    callbacks_t calls;
    mp_obj_t callbacks[DEVICE_ON_COUNT];
    uint32_t settled; // a bit for each event that `on` was called for, be it with None
    console_t console;
    const cloud_t *cloud; // that of the last connect, or NULL
    bool has_services; // whether that connect has left them on
    mp_obj_t name; // of the device: str, or MP_OBJ_NULL if it has none, or before the first connect
    mp_obj_t info; // dict, or MP_OBJ_NULL before the first connect
    answers_t answers;
    replies_t replies;
    byte *services; // the state of the services
} device_obj_t;

// A device that is off, with so many bytes of state for services.
device_obj_t *device_new(const mp_obj_type_t *type, const pump_client_t *client, size_t services_size);
// The collector's call.
void device_finalise(device_obj_t *self);
// Sets who the device is, for errors on the console; an empty name for none.
void device_set_name(device_obj_t *self, aliyun_iot_bytes name);
// Raises OSError if the device is connected or is being registered.
void device_check_idle(const device_obj_t *self);
// Adds the device to the connected ones and gives it a wake-up, or raises and leaves all as it was.
void device_wake(device_obj_t *self);
// Closes the core's connection; the pump does the rest. Raises OSError if it is this thread that drives.
int32_t device_close(device_obj_t *self);
// The device has closed: gives up its wake-up, its link and its place among the connected ones.
void device_release(device_obj_t *self);

#endif
