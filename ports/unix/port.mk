# What this port needs beside its own files, for micropython/micropython.mk.

ALIYUN_IOT_WRAP = $(addprefix -Wl$(comma)--wrap=, $(1))
comma := ,
# The collector stops the threads while it marks: see collector.c.
LDFLAGS_USERMOD += $(call ALIYUN_IOT_WRAP, gc_collect gc_collect_end mp_thread_init mp_thread_start mp_thread_finish \
    mp_thread_deinit m_tracked_calloc m_tracked_free)
# What waits lasts as long as it says, and callbacks are called meanwhile: see waits.c.
LDFLAGS_USERMOD += $(call ALIYUN_IOT_WRAP, select poll usleep read recv recvfrom accept connect send sendto \
    mp_hal_delay_ms mp_sched_keyboard_interrupt mp_sched_schedule)
# A script whose main program has ended lives on while a device is connected: see stays.c.
LDFLAGS_USERMOD += $(call ALIYUN_IOT_WRAP, mp_compile mp_call_function_0)
