// Files of a computer's operating system, which other programs and other users reach as well. The store uses them where
// there is one; boards have a file system of their own, which Python's `open` reaches.
#ifndef ALIYUN_IOT_STORE_HOST_H
#define ALIYUN_IOT_STORE_HOST_H

#include "base/runtime.h"

// Whether the files in the folder of `path` are those of an operating system. If not, nothing else here may be called.
bool host_reaches(const char *path);
// The bytes of a file, at most `most`; MP_OBJ_NULL if there is no such file. Raises OSError if it is not a regular file
// that belongs to this user alone.
mp_obj_t host_read(const char *path, size_t most);
// Replaces the file, for its owner only, and waits until it is on the disk. A link in its place is replaced, never
// followed. Raises OSError.
void host_write(const char *path, const char *data, size_t len);

#define HOST_NO_LOCK (-1)
#define HOST_BUSY (-2)
// Locks a file, which is made if `write` is set: for this one alone, else together with others that read. The lock ends
// with the process at the latest. Returns what host_unlock needs; HOST_BUSY if others have the lock; HOST_NO_LOCK if there
// is no such file. Raises OSError.
int host_lock(const char *path, bool write);
void host_unlock(int lock);

#endif
