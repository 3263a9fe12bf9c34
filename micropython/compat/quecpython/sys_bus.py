"""QuecPython's `sys_bus`: messages between the parts of a script, by topic.

    import sys_bus

Each call of a subscriber runs in one of a few threads. Where no thread can be started, it runs in the main program, as a
callback.
"""

import io
import micropython
import sys

try:
    import _thread
except ImportError:
    _thread = None

# At most so many threads run calls, and so many calls wait for one.
THREADS = 8
WAITING = 64


class _NoLock:
    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass


if _thread:
    _lock = _thread.allocate_lock()
    _thread_id = _thread.get_ident
else:
    _lock = _NoLock()

    def _thread_id():
        return 0


_main = _thread_id()
_busy = False
_held = []

# Replaced when it changes, so that it can be read without the lock.
_subscribers = {}
_calls = []
_workers = 0
_scheduled = False


def _alone(change, *arguments):
    """Makes a change that no thread disturbs. A callback may interrupt the main thread in a change, and so cannot wait for
    its end: the main thread makes the callback's change after its own."""
    global _busy
    if _thread_id() != _main:
        with _lock:
            change(*arguments)
        return
    _held.append((change, arguments))
    while _held and not _busy:
        _busy = True
        try:
            with _lock:
                while _held:
                    change, arguments = _held.pop(0)
                    change(*arguments)
        finally:
            _busy = False


def _replace(topic, cb, removes):
    global _subscribers
    changed = dict(_subscribers)
    callbacks = list(changed.pop(topic, ()))
    if not removes:
        callbacks.append(cb)
    elif cb is None:
        callbacks = []
    elif cb in callbacks:
        callbacks.remove(cb)
    if callbacks:
        changed[topic] = callbacks
    _subscribers = changed


def _add(call):
    global _workers
    _calls.append(call)
    if _thread and _workers < THREADS:
        try:
            _workers += 1
            _thread.start_new_thread(_work, ())
            return
        except (OSError, RuntimeError, MemoryError):
            # Such as on a board that has one thread beside the main one, and the script uses it.
            _workers -= 1
    if not _workers:
        _schedule()


def _work():
    global _workers
    while True:
        with _lock:
            if not _calls:
                _workers -= 1
                return
            call = _calls.pop(0)
        _run(*call)


def _run(cb, topic, msg):
    try:
        cb(topic, msg)
    except Exception as error:
        # In one piece: other threads print as well.
        text = io.StringIO()
        sys.print_exception(error, text)
        print(text.getvalue(), end="")


def _schedule():
    global _scheduled
    if not _scheduled:
        try:
            micropython.schedule(_drain, None)
            _scheduled = True
        except RuntimeError:
            pass  # The queue of callbacks is full: the next message brings these calls along.


def _drain(_):
    """Runs in the main thread the calls that wait now. More may come meanwhile, and the main program has to go on."""
    global _scheduled
    _scheduled = False
    # Where it interrupts the main thread in a change, it comes again.
    for _ in range(0 if _busy else len(_calls)):
        with _lock:
            call = _calls.pop(0) if _calls else None
        if call:
            _run(*call)
    if _calls:
        _schedule()


def subscribe(topic, cb):
    if not callable(cb):
        raise TypeError("subscribe(): cb cannot be called")
    _alone(_replace, topic, cb, False)


def unsubscribe(topic, cb=None):
    callbacks = _subscribers.get(topic, ())
    found = bool(callbacks) if cb is None else cb in callbacks
    _alone(_replace, topic, cb, True)
    return found


def sub_table(topic=None):
    if topic is None:
        return {topic: list(callbacks) for topic, callbacks in _subscribers.items()}
    return list(_subscribers.get(topic, ()))


def publish_async(topic, msg):
    for cb in _subscribers.get(topic, ()):
        if len(_calls) >= WAITING:
            raise OSError("publish(): %d calls wait for subscribers that are busy" % WAITING)
        _alone(_add, (cb, topic, msg))


publish = publish_async


def publish_sync(topic, msg):
    for cb in _subscribers.get(topic, ()):
        cb(topic, msg)
