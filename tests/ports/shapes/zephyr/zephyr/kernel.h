// What ports/bsd and the example call of Zephyr's kernel, in the shape of its headers: compiled with, never run.
#ifndef TESTS_SHAPES_ZEPHYR_KERNEL_H
#define TESTS_SHAPES_ZEPHYR_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define CONFIG_EXAMPLE_PRODUCT_KEY "a1B2c3D4e5F"
#define CONFIG_EXAMPLE_DEVICE_NAME "board"
#define CONFIG_EXAMPLE_DEVICE_SECRET "secret"
#define CONFIG_EXAMPLE_INSTANCE_ID ""

struct k_thread {
    void *stack;
};
struct k_mutex {
    struct k_thread *owner;
};
typedef struct k_thread *k_tid_t;
typedef struct {
    int64_t ticks;
} k_timeout_t;
typedef struct {
    char data;
} k_thread_stack_t;
typedef void (*k_thread_entry_t)(void *first, void *second, void *third);

#define K_FOREVER ((k_timeout_t){ -1 })
#define K_NO_WAIT ((k_timeout_t){ 0 })
#define K_SECONDS(s) ((k_timeout_t){ (s) })
#define K_THREAD_STACK_DEFINE(name, size) k_thread_stack_t name[size]
#define K_THREAD_STACK_SIZEOF(name) (sizeof(name))

int k_mutex_init(struct k_mutex *mutex);
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout);
int k_mutex_unlock(struct k_mutex *mutex);
k_tid_t k_current_get(void);
k_tid_t k_thread_create(struct k_thread *thread, k_thread_stack_t *stack, size_t size, k_thread_entry_t body, void *first,
    void *second, void *third, int priority, uint32_t options, k_timeout_t delay);
int k_thread_name_set(k_tid_t thread, const char *name);
int32_t k_sleep(k_timeout_t timeout);
uint32_t k_uptime_get_32(void);
__attribute__((format(printf, 1, 2))) void printk(const char *format, ...);

#endif
