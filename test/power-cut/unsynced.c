/*
 * Stands between a program and its disk, by LD_PRELOAD, for the files whose path ends with POWER_CUT_FILE.
 *
 * Without POWER_CUT_LOG it holds what is written to them in memory until the program syncs: who is killed then has lost what a power cut
 * would have taken. With POWER_CUT_LOG it writes down, in order, every write, every sync, and what the program writes to a file named
 * "acknowledged", so that the disk of any moment can be made again. Writes into a mapping are not seen; LMDB makes none.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { other, watched, acknowledged };
enum { record_write, record_durable_write, record_sync, record_acknowledged };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { char *data; size_t length; } held[4096];

static int ends_with(const char *path, const char *end) {
  size_t length = strlen(path), wanted = end ? strlen(end) : 0;
  return wanted > 0 && length >= wanted && strcmp(path + length - wanted, end) == 0;
}

static int kind_of(int fd) {
  char name[64], path[4096];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(name, path, sizeof path - 1);
  if (length < 0 || fd >= 4096) return other;
  path[length] = 0;
  if (ends_with(path, getenv("POWER_CUT_FILE"))) return watched;
  return getenv("POWER_CUT_LOG") && ends_with(path, "/acknowledged") ? acknowledged : other;
}

/* Gives up loudly: a log with something missing would be worse than none. */
static void must(int holds) {
  if (!holds) abort();
}

static void record(uint64_t kind, uint64_t offset, const struct iovec *parts, int count, uint64_t length) {
  static int log = -1;
  if (log < 0) must((log = syscall(SYS_openat, AT_FDCWD, getenv("POWER_CUT_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0600)) >= 0);
  uint64_t head[3] = { kind, offset, length };
  must(syscall(SYS_write, log, head, sizeof head) == sizeof head);
  for (int at = 0; at < count && length > 0; at++) {
    uint64_t part = parts[at].iov_len < length ? parts[at].iov_len : length;
    must(syscall(SYS_write, log, parts[at].iov_base, part) == (long)part);
    length -= part;
  }
}

static ssize_t hold(int fd, const struct iovec *parts, int count) {
  size_t before = held[fd].length;
  for (int at = 0; at < count; at++) {
    must((held[fd].data = realloc(held[fd].data, held[fd].length + parts[at].iov_len + 1)) != NULL);
    memcpy(held[fd].data + held[fd].length, parts[at].iov_base, parts[at].iov_len);
    held[fd].length += parts[at].iov_len;
  }
  return held[fd].length - before;
}

static ssize_t put(int fd, const struct iovec *parts, int count, off_t at) {
  int kind = kind_of(fd);
  pthread_mutex_lock(&lock);
  ssize_t written;
  if (kind == watched && !getenv("POWER_CUT_LOG")) {
    written = hold(fd, parts, count);
  } else {
    off_t offset = at < 0 && kind == watched ? lseek(fd, 0, SEEK_CUR) : at;
    written = at < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, at, 0);
    int is_durable = kind == watched && (fcntl(fd, F_GETFL) & O_DSYNC);
    if (kind == watched && written > 0) record(is_durable ? record_durable_write : record_write, offset, parts, count, written);
    if (kind == acknowledged && written > 0) record(record_acknowledged, 0, parts, count, written);
  }
  pthread_mutex_unlock(&lock);
  return written;
}

static int settle(int fd, long call) {
  int kind = kind_of(fd);
  pthread_mutex_lock(&lock);
  if (kind == watched && held[fd].length > 0) {
    must(syscall(SYS_write, fd, held[fd].data, held[fd].length) == (long)held[fd].length);
    held[fd].length = 0;
  }
  int result = syscall(call, fd);
  if (kind == watched && result == 0 && getenv("POWER_CUT_LOG")) record(record_sync, 0, NULL, 0, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

#define ONE struct iovec part = { (void *)data, length }
ssize_t write(int fd, const void *data, size_t length) { ONE; return put(fd, &part, 1, -1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { ONE; return put(fd, &part, 1, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t at) { ONE; return put(fd, &part, 1, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return put(fd, parts, count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return put(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return put(fd, parts, count, at); }
int fsync(int fd) { return settle(fd, SYS_fsync); }
int fdatasync(int fd) { return settle(fd, SYS_fdatasync); }
