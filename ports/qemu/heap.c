// What the soft timers ask of the collector and of a soft reset, which upstream's port, having none, does not do.

#include "board.h"
#include "py/gc.h"
#include "py/mpconfig.h"
#include "py/mpthread.h"
#include "shared/runtime/gchelper.h"
#include "shared/runtime/softtimer.h"

// A timer that runs is alive, whether or not the script still holds it.
void gc_collect(void) {
    gc_collect_start();
    gc_helper_collect_regs_and_stack();
    #if BOARD_THREADS
    threads_collect();
    #endif
    soft_timer_gc_mark_all();
    gc_collect_end();
}

// In the place of what main() calls: the heap may be made smaller than it was built.
void upstream_gc_init(void *start, void *end) {
    size_t size = board_heap_size((uint8_t *)end - (uint8_t *)start);
    gc_init(start, (uint8_t *)start + size);
}

// In the place of what main() calls at a soft reset: what threads have is swept with the rest, so they end before.
void upstream_gc_sweep_all(void) {
    #if BOARD_THREADS
    threads_end();
    #endif
    gc_sweep_all();
}

// The heap starts empty after a soft reset: a timer that lies in it must not expire then.
void board_deinit(void) {
    soft_timer_deinit();
    board_reset_code();
}
