"""LuatOS's `sys` on asyncio: tasks, timers, and messages between them. A task is an `async def` function.

    from luatos import sys

It is in a package, because MicroPython has a `sys` of its own.
"""

import sys as _python
import time as _time

# Both hold tuples, which are replaced when they change: a function may subscribe while publish() calls it.
_listeners = {}
_waiters = {}
_timers = {}  # number: [due, ms (0: only once), function, arguments]
_number = 0
_sleeps = []  # When the tasks that wait for timers wake up.
_new = []  # Coroutines that will become tasks.
_starter = None  # The flag and the task that starts them.
_starting = False


class _Waiter:
    def __init__(self, flag):
        self.flag = flag
        self.got = None


def _asyncio():
    # A script without tasks needs no asyncio.
    import asyncio

    return asyncio


def _start(coroutine=None):
    # A callback may call this between any two steps of asyncio: so the new task is left to a task, which the flag wakes.
    global _starter, _starting
    if coroutine:
        _new.append(coroutine)
    if _starter is None or _starter[1].done():
        # A callback in the midst of this, when asyncio may not have all of its names yet, leaves its task to what goes on here.
        if _starting:
            return
        _starting = True
        try:
            asyncio = _asyncio()
            flag = asyncio.ThreadSafeFlag()
            _starter = flag, asyncio.create_task(_start_all(flag, asyncio.create_task))
        finally:
            _starting = False
    _starter[0].set()


async def _start_all(flag, create_task):
    while True:
        await flag.wait()
        while _new:
            create_task(_new.pop(0))


async def _call(function, arguments):
    result = function(*arguments)
    if hasattr(result, "throw"):
        await result


def _check(function, name):
    if not callable(function):
        raise TypeError("%s(): the function cannot be called" % name)


def taskInit(function, *arguments):
    _check(function, "taskInit")
    _start(_call(function, arguments))


def wait(ms):
    return _asyncio().sleep_ms(ms)


async def waitUntil(topic, timeout=None):
    asyncio = _asyncio()
    waiter = _Waiter(asyncio.ThreadSafeFlag())
    _waiters[topic] = _waiters.get(topic, ()) + (waiter,)
    try:
        if timeout is None:
            await waiter.flag.wait()
        else:
            await asyncio.wait_for_ms(waiter.flag.wait(), timeout)
    except asyncio.TimeoutError:
        pass
    finally:
        _remove(_waiters, topic, waiter)
    return (False, None) if waiter.got is None else (True,) + (waiter.got or (None,))


def _remove(tuples, topic, one):
    left = tuple(other for other in tuples.get(topic, ()) if other != one)
    if left:
        tuples[topic] = left
    else:
        tuples.pop(topic, None)


def publish(topic, *arguments):
    for function in _listeners.get(topic, ()):
        try:
            function(*arguments)
        except Exception as error:
            _python.print_exception(error)
    for waiter in _waiters.pop(topic, ()):
        waiter.got = arguments
        waiter.flag.set()


def subscribe(topic, function):
    _check(function, "subscribe")
    for name in _names(topic):
        listeners = _listeners.get(name, ())
        if function not in listeners:
            _listeners[name] = listeners + (function,)


def unsubscribe(topic, function):
    for name in _names(topic):
        _remove(_listeners, name, function)


def _names(topic):
    return topic if isinstance(topic, (list, tuple)) else (topic,)


def timerStart(function, ms, *arguments):
    return _timer("timerStart", function, ms, arguments, 0)


def timerLoopStart(function, ms, *arguments):
    return _timer("timerLoopStart", function, ms, arguments, ms)


def _timer(name, function, ms, arguments, again):
    global _number
    _check(function, name)
    if not isinstance(ms, int):
        raise TypeError("%s(): ms must be int" % name)
    if not 0 < ms < 1 << 29:
        raise ValueError("%s(): ms must be 1 to %d" % (name, (1 << 29) - 1))
    timerStop(function, *arguments)
    _number += 1
    _timers[_number] = [_time.ticks_add(_time.ticks_ms(), ms), again, function, arguments]
    _sleep()
    return _number


def timerStop(timer, *arguments):
    for number in _numbers(timer, arguments):
        _timers.pop(number, None)


def timerStopAll(function):
    for number in _numbers(function, None):
        _timers.pop(number, None)


def timerIsActive(timer, *arguments):
    return len(_numbers(timer, arguments)) > 0


def _numbers(timer, arguments):
    """The timers of this number, or of this function with these arguments; with any arguments if that is None."""
    return [
        number
        for number, (_, _, function, given) in list(_timers.items())
        if number == timer or function == timer and arguments in (None, given)
    ]


def _left(due):
    return _time.ticks_diff(due, _time.ticks_ms())


def _sleep():
    # A timer that is started again and again, such as a watchdog, leaves one task asleep, not one each time.
    if _timers:
        due = min((timer[0] for timer in _timers.values()), key=_left)
        if not any(_time.ticks_diff(other, due) <= 0 for other in _sleeps):
            _sleeps.append(due)
            _start(_wake(due))


async def _wake(due):
    await wait(max(0, _left(due)))
    _sleeps.remove(due)
    for number, timer in list(_timers.items()):
        due, again, function, arguments = timer
        if number not in _timers or _left(due) > 0:
            continue
        if again:
            timer[0] = _time.ticks_add(_time.ticks_ms(), again)
        else:
            _timers.pop(number)
        taskInit(function, *arguments)
    _sleep()


def run():
    _start()
    _asyncio().get_event_loop().run_forever()
