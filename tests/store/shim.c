/* Loaded in front of the C library. For the files of one folder it lets the n-th call of a kind fail as on a bad
   disk, or writes every change into a log, in the order in which the changes were made. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ, WRITE, SYNC, TRUNCATE, RENAME, UNLINK, OPEN, KINDS };

static char folder[PATH_MAX];
static long counts[KINDS];
static int bad_kind = -1, bad_after, bad_error, bad_half;
static long bad_call, fired;
static int log_to = -1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* The C library's own function of this name, looked up once. */
#define HONEST(name)                                                        \
    static __typeof__(&name) honest = 0;                                    \
    if (!honest) honest = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

void shim_watch(const char *path) { snprintf(folder, sizeof folder, "%s", path); }

void shim_fail(int kind, long call, int after, int error, int half) {
    memset(counts, 0, sizeof counts);
    fired = 0;
    bad_kind = kind, bad_call = call, bad_after = after, bad_error = error, bad_half = half;
}

long shim_count(int kind) { return counts[kind]; }
long shim_fired(void) { return fired; }

void shim_record(int fd) { log_to = fd; }

static void path_of(int fd, char *into) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, into, PATH_MAX - 1);
    into[length < 0 ? 0 : length] = 0;
}

static void path_at(int at, const char *name, char *into) {
    char start[PATH_MAX] = "";
    if (name[0] == '/') {
        snprintf(into, PATH_MAX, "%s", name);
        return;
    }
    if (at == AT_FDCWD) {
        if (!getcwd(start, sizeof start)) start[0] = 0;
    } else {
        path_of(at, start);
    }
    snprintf(into, PATH_MAX, "%.2000s/%.2000s", start, name);
}

static int watched(const char *path) {
    size_t length = strlen(folder);
    return length && strncmp(path, folder, length) == 0 && (path[length] == '/' || !path[length]);
}

/* Count a call; return the error with which it is to fail, or 0. Inside the lock. */
static int fails(int kind, const char *path) {
    if (!watched(path)) return 0;
    long call = ++counts[kind];
    if (kind != bad_kind || call < bad_call || (call > bad_call && !bad_after)) return 0;
    fired++;
    return bad_error;
}

static unsigned long inode_at(const char *path) {
    struct stat found;
    return lstat(path, &found) ? 0 : (unsigned long)found.st_ino;
}

static unsigned long inode_of(int fd) {
    struct stat found;
    return fstat(fd, &found) ? 0 : (unsigned long)found.st_ino;
}

static void put(const void *data, size_t size) {
    HONEST(write);
    while (size) {
        ssize_t done = honest(log_to, data, size);
        if (done <= 0) return;
        data = (const char *)data + done, size -= (size_t)done;
    }
}

static void note(char what, unsigned long inode, long offset, const void *data, size_t size,
                 const char *path, const char *other) {
    char line[2 * PATH_MAX + 128];
    if (log_to < 0) return;
    int length = snprintf(line, sizeof line, "%c\t%lu\t%ld\t%zu\t%s\t%s\n", what, inode, offset, size, path, other);
    put(line, (size_t)length);
    put(data, size);
}

void shim_mark(const char *text) {
    pthread_mutex_lock(&one_at_a_time);
    note('A', 0, 0, "", 0, text, "");
    pthread_mutex_unlock(&one_at_a_time);
}

/* Leave an intercepted call with `value`, and with the error that belongs to it. */
#define LEAVE(value, error)                     \
    do {                                        \
        pthread_mutex_unlock(&one_at_a_time);   \
        errno = (error);                        \
        return (value);                         \
    } while (0)

#define ENTER(kind, path)                                \
    pthread_mutex_lock(&one_at_a_time);                  \
    do {                                                 \
        int error = fails(kind, path);                   \
        if (error) LEAVE(-1, error);                     \
    } while (0)

/* -- reading -------------------------------------------------------------------------------------- */

ssize_t read(int fd, void *into, size_t size) {
    HONEST(read);
    char path[PATH_MAX];
    path_of(fd, path);
    if (!watched(path)) return honest(fd, into, size);
    ENTER(READ, path);
    ssize_t done = honest(fd, into, size);
    LEAVE(done, errno);
}

ssize_t pread64(int fd, void *into, size_t size, off64_t at) {
    HONEST(pread64);
    char path[PATH_MAX];
    path_of(fd, path);
    ENTER(READ, path);
    ssize_t done = honest(fd, into, size, at);
    LEAVE(done, errno);
}

/* -- writing -------------------------------------------------------------------------------------- */

static ssize_t written(int fd, const void *data, size_t size, off64_t at, const char *path) {
    HONEST(pwrite64);
    long begin = (long)at;
    ssize_t done;
    if (watched(path) && bad_half && bad_kind == WRITE && counts[WRITE] + 1 == bad_call && size > 1) {
        /* A disk that is just full takes a part, and refuses the rest. */
        counts[WRITE]++, bad_call++, bad_half = 0, size /= 2;
    } else {
        int error = fails(WRITE, path);
        if (error) {
            errno = error;
            return -1;
        }
    }
    done = honest(fd, data, size, at);
    if (done > 0 && watched(path)) note('W', inode_of(fd), begin, data, (size_t)done, path, "");
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    char path[PATH_MAX];
    path_of(fd, path);
    pthread_mutex_lock(&one_at_a_time);
    ssize_t done = written(fd, data, size, at, path);
    LEAVE(done, errno);
}

ssize_t write(int fd, const void *data, size_t size) {
    HONEST(write);
    char path[PATH_MAX];
    path_of(fd, path);
    if (!watched(path)) return honest(fd, data, size);
    pthread_mutex_lock(&one_at_a_time);
    off64_t at = lseek64(fd, 0, SEEK_CUR);
    ssize_t done = written(fd, data, size, at, path);
    if (done > 0) {
        int error = errno;
        lseek64(fd, at + done, SEEK_SET);
        errno = error;
    }
    LEAVE(done, errno);
}

int ftruncate64(int fd, off64_t size) {
    HONEST(ftruncate64);
    char path[PATH_MAX];
    path_of(fd, path);
    ENTER(TRUNCATE, path);
    int done = honest(fd, size);
    int error = errno;
    if (!done && watched(path)) note('X', inode_of(fd), (long)size, "", 0, path, "");
    LEAVE(done, error);
}

static int synced(int fd, int (*honest)(int)) {
    char path[PATH_MAX];
    path_of(fd, path);
    ENTER(SYNC, path);
    int done = honest(fd);
    int error = errno;
    if (!done && watched(path)) note('S', inode_of(fd), 0, "", 0, path, "");
    LEAVE(done, error);
}

int fsync(int fd) {
    HONEST(fsync);
    return synced(fd, honest);
}

int fdatasync(int fd) {
    HONEST(fdatasync);
    return synced(fd, honest);
}

/* -- names ---------------------------------------------------------------------------------------- */

static int opened(int at, const char *name, int flags, mode_t mode) {
    HONEST(openat64);
    char path[PATH_MAX];
    path_at(at, name, path);
    if (!watched(path)) return honest(at, name, flags, mode);
    ENTER(OPEN, path);
    int is_new = (flags & O_CREAT) && !inode_at(path);
    int fd = honest(at, name, flags, mode);
    int error = errno;
    if (fd >= 0) {
        if ((flags & O_TMPFILE) == O_TMPFILE) note('T', inode_of(fd), 0, "", 0, path, "");
        else if (is_new) note('C', inode_of(fd), 0, "", 0, path, "");
        else if (flags & O_TRUNC) note('X', inode_of(fd), 0, "", 0, path, "");
    }
    LEAVE(fd, error);
}

#define MODE_OF(flags)                                        \
    mode_t mode = 0;                                          \
    if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {   \
        va_list more;                                         \
        va_start(more, flags);                                \
        mode = (mode_t)va_arg(more, int);                     \
        va_end(more);                                         \
    }

int open64(const char *name, int flags, ...) {
    MODE_OF(flags);
    return opened(AT_FDCWD, name, flags, mode);
}

int openat64(int at, const char *name, int flags, ...) {
    MODE_OF(flags);
    return opened(at, name, flags, mode);
}

int renameat(int at, const char *name, int to, const char *fresh) {
    HONEST(renameat);
    char path[PATH_MAX], other[PATH_MAX];
    path_at(at, name, path), path_at(to, fresh, other);
    ENTER(RENAME, path);
    unsigned long inode = inode_at(path);
    int done = honest(at, name, to, fresh);
    int error = errno;
    if (!done && watched(path)) note('R', inode, 0, "", 0, path, other);
    LEAVE(done, error);
}

int rename(const char *name, const char *fresh) { return renameat(AT_FDCWD, name, AT_FDCWD, fresh); }

int linkat(int at, const char *name, int to, const char *fresh, int flags) {
    HONEST(linkat);
    char other[PATH_MAX];
    path_at(to, fresh, other);
    ENTER(RENAME, other);
    int done = honest(at, name, to, fresh, flags);
    int error = errno;
    if (!done && watched(other)) note('L', inode_at(other), 0, "", 0, other, "");
    LEAVE(done, error);
}

int link(const char *name, const char *fresh) { return linkat(AT_FDCWD, name, AT_FDCWD, fresh, 0); }

int unlinkat(int at, const char *name, int flags) {
    HONEST(unlinkat);
    char path[PATH_MAX];
    path_at(at, name, path);
    ENTER(UNLINK, path);
    int done = honest(at, name, flags);
    int error = errno;
    if (!done && watched(path)) note('U', 0, 0, "", 0, path, "");
    LEAVE(done, error);
}

int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int at, const char *name, mode_t mode) {
    HONEST(mkdirat);
    char path[PATH_MAX];
    path_at(at, name, path);
    pthread_mutex_lock(&one_at_a_time);
    int done = honest(at, name, mode);
    int error = errno;
    if (!done && watched(path)) note('M', inode_at(path), 0, "", 0, path, "");
    LEAVE(done, error);
}

int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

/* The same without the 64 in the name: one and the same thing on 64 bits. */
ssize_t pread(int, void *, size_t, off_t) __attribute__((alias("pread64")));
ssize_t pwrite(int, const void *, size_t, off_t) __attribute__((alias("pwrite64")));
int ftruncate(int, off_t) __attribute__((alias("ftruncate64")));
int open(const char *, int, ...) __attribute__((alias("open64")));
int openat(int, const char *, int, ...) __attribute__((alias("openat64")));
