// The store's files on a computer. Built into firmware, this asks the C library; as a native module, the kernel.

#include <string.h>

#include "store/host.h"

#if MICROPY_ENABLE_DYNRUNTIME ? defined(__x86_64__) && defined(__linux__) : MICROPY_VFS_POSIX && !defined(_WIN32)

#if MICROPY_ENABLE_DYNRUNTIME

#include <asm/fcntl.h>
#include <asm/stat.h>
#include <linux/stat.h>

#include "base/linux.h"

// Where there is a C library, its headers keep these to themselves.
#ifndef S_ISREG
#define S_ISREG(mode) (((mode) & 0170000) == 0100000)
#define S_ISDIR(mode) (((mode) & 0170000) == 0040000)
#define S_ISLNK(mode) (((mode) & 0170000) == 0120000)
#endif

#define CALL(name, a, b, c) kernel(__NR_##name, (long)(a), (long)(b), (long)(c), 0)
#define USER() ((unsigned)CALL(geteuid, 0, 0, 0))
#define OPEN(path, flags) CALL(open, path, flags, PRIVATE)
#define STAT(path, found) CALL(stat, path, found, 0)
#define LSTAT(path, found) CALL(lstat, path, found, 0)
#define FSTAT(file, found) CALL(fstat, file, found, 0)
#define FLOCK(file, how) CALL(flock, file, how, 0)
#define READ(file, to, len) CALL(read, file, to, len)
#define WRITE(file, from, len) CALL(write, file, from, len)
#define FSYNC(file) CALL(fsync, file, 0, 0)
#define CLOSE(file) CALL(close, file, 0, 0)
#define UNLINK(path) CALL(unlink, path, 0, 0)

static bool is_here(const char *path) {
    (void)path;
    return runtime_state()->linux;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extmod/vfs.h"
#include "extmod/vfs_posix.h"

// As the kernel has it: the negated number of the error.
static long result(long result) {
    return result < 0 ? -errno : result;
}

#define USER() geteuid()
#define OPEN(path, flags) result(open(path, flags, PRIVATE))
#define STAT(path, found) result(stat(path, found))
#define LSTAT(path, found) result(lstat(path, found))
#define FSTAT(file, found) result(fstat(file, found))
#define FLOCK(file, how) result(flock(file, how))
#define READ(file, to, len) result(read(file, to, len))
#define WRITE(file, from, len) result(write(file, from, len))
#define FSYNC(file) result(fsync(file))
#define CLOSE(file) close(file)
#define UNLINK(path) result(unlink(path))

// A script may have mounted a file system of its own over the folder.
static bool is_here(const char *path) {
    const char *rest;
    mp_vfs_mount_t *mount = mp_vfs_lookup_path(path, &rest);
    return mount != MP_VFS_NONE && mount != MP_VFS_ROOT && mount->len == 1 && mp_obj_is_type(mount->obj, &mp_type_vfs_posix);
}

#endif

// For the owner only.
#define PRIVATE (0600)
// Bits of its mode.
#define OTHERS_WRITE (0022)
// A FIFO or a terminal in the place of a file must not block.
#define CAREFULLY (O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static MP_NORETURN void refuse(const char *path, int error, const char *words) {
    vstr_t text;
    vstr_init(&text, 64);
    vstr_printf(&text, "the store %s %s", path, words);
    runtime_raise_os(error, mp_obj_new_str_from_vstr(&text));
}

// What is wrong with a file of the store, in words; NULL if nothing is.
static const char *wrong_with(const struct stat *found, int *error) {
    if (S_ISDIR(found->st_mode)) {
        *error = MP_EISDIR;
        return "is a directory";
    }
    *error = MP_EINVAL;
    if (!S_ISREG(found->st_mode)) {
        return "is not a regular file";
    }
    *error = MP_EACCES;
    if (found->st_uid != USER()) {
        return "belongs to another user";
    }
    return found->st_mode & OTHERS_WRITE ? "can be written by others; chmod 600 it if you trust it" : NULL;
}

static void check(const char *path, const struct stat *found) {
    int error;
    const char *wrong = wrong_with(found, &error);
    if (wrong == NULL) {
        return;
    }
    if (error == MP_EISDIR) {
        mp_raise_OSError(error);
    }
    refuse(path, error, wrong);
}

bool host_reaches(const char *path) {
    if (!is_here(path)) {
        return false;
    }
    const char *end = path + strlen(path);
    while (end > path && end[-1] != '/') {
        end--;
    }
    vstr_t folder;
    vstr_init(&folder, 64);
    vstr_add_strn(&folder, path, end - path);
    vstr_add_byte(&folder, '.');
    struct stat found;
    return STAT(mp_obj_str_get_str(mp_obj_new_str_from_vstr(&folder)), &found) == 0 && S_ISDIR(found.st_mode);
}

// Opens a file and checks what was opened, whatever has taken its place meanwhile.
static int open_checked(const char *path, int flags, const char *failed, struct stat *found) {
    long file = OPEN(path, flags | CAREFULLY);
    if (file < 0) {
        refuse(path, -file, failed);
    }
    int error = MP_EIO;
    const char *wrong = FSTAT(file, found) < 0 ? failed : wrong_with(found, &error);
    if (wrong != NULL) {
        CLOSE(file);
        refuse(path, error, wrong);
    }
    return file;
}

mp_obj_t host_read(const char *path, size_t most) {
    struct stat found;
    long status = LSTAT(path, &found);
    int flags = O_RDONLY | O_NOFOLLOW;
    if (status == 0 && S_ISLNK(found.st_mode)) {
        // A link of this user's own leads where this user wants it to.
        if (found.st_uid != USER()) {
            refuse(path, MP_EACCES, "is a link of another user");
        }
        flags = O_RDONLY;
        status = STAT(path, &found);
    }
    if (status == -MP_ENOENT) {
        return MP_OBJ_NULL;
    }
    if (status < 0) {
        refuse(path, -status, "cannot be read");
    }
    check(path, &found);
    // All memory comes before the file is open.
    if (found.st_size < 0 || (size_t)found.st_size > most) {
        refuse(path, MP_EFBIG, "is too large");
    }
    vstr_t data;
    vstr_init_len(&data, found.st_size);
    int file = open_checked(path, flags, "cannot be read", &found);
    size_t len = 0;
    long count = 0;
    do {
        len += count > 0 ? count : 0;
        count = READ(file, data.buf + len, data.len - len);
    } while (count > 0 || count == -MP_EINTR);
    CLOSE(file);
    if (count < 0) {
        refuse(path, -count, "cannot be read");
    }
    data.len = len;
    return mp_obj_new_bytes((const byte *)data.buf, data.len);
}

void host_write(const char *path, const char *data, size_t len) {
    long status = UNLINK(path);
    if (status < 0 && status != -MP_ENOENT) {
        refuse(path, -status, "cannot be replaced");
    }
    long file = OPEN(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | CAREFULLY);
    if (file < 0) {
        refuse(path, -file, "cannot be made");
    }
    do {
        status = WRITE(file, data, len);
        if (status > 0) {
            data += status;
            len -= status;
        }
    } while (len > 0 && (status > 0 || status == -MP_EINTR));
    if (len == 0) {
        while ((status = FSYNC(file)) == -MP_EINTR) {
        }
        // There are file systems that cannot wait for their disk.
        status = status == -MP_EINVAL ? 0 : status;
    }
    CLOSE(file);
    if (len > 0 || status < 0) {
        refuse(path, status < 0 ? -status : MP_EIO, "cannot be written");
    }
}

int host_lock(const char *path, bool write) {
    struct stat found;
    if (!write && LSTAT(path, &found) == -MP_ENOENT) {
        // Nobody has written yet.
        return HOST_NO_LOCK;
    }
    int file = open_checked(path, (write ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW, "cannot be locked", &found);
    long status = FLOCK(file, (write ? LOCK_EX : LOCK_SH) | LOCK_NB);
    // Some file systems have no locks: others in this process wait all the same. The lock of a file that was removed does not count.
    if (status == -MP_EAGAIN || status == -MP_EINTR || FSTAT(file, &found) < 0 || found.st_nlink == 0) {
        CLOSE(file);
        return HOST_BUSY;
    }
    return file;
}

void host_unlock(int lock) {
    if (lock >= 0) {
        CLOSE(lock);
    }
}

#else

bool host_reaches(const char *path) {
    (void)path;
    return false;
}

mp_obj_t host_read(const char *path, size_t most) {
    (void)path;
    (void)most;
    return MP_OBJ_NULL;
}

void host_write(const char *path, const char *data, size_t len) {
    (void)path;
    (void)data;
    (void)len;
}

int host_lock(const char *path, bool write) {
    (void)path;
    (void)write;
    return HOST_NO_LOCK;
}

void host_unlock(int lock) {
    (void)lock;
}

#endif
