/*
 * Loaded before everything else into a store's process (LD_PRELOAD): notes of each file that is synced how long it was then,
 * and when. The harness reads that after a SIGKILL, and cuts the file to it: our model of a disk that loses power keeps what
 * was synced and nothing else. The notes are a table, in the file that KILLPROOF_SYNCS names, which every process of the store
 * maps; a file has the place that its number leads to, or the next one that is free. Only what is appended can be told so.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PLACES 4096 /* as many as the harness makes */

struct note {
  uint64_t inode;
  int64_t bytes;
  int64_t at_ms; /* by the machine's clock, whatever the store takes for the time */
};

static struct note *notes;

__attribute__((constructor)) static void map_notes(void) {
  const char *path = getenv("KILLPROOF_SYNCS");
  if (path == NULL) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) _exit(71);
  void *mapped = mmap(NULL, PLACES * sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) _exit(71);
  close(file);
  notes = mapped;
}

static struct note *place_of(uint64_t inode) {
  for (uint64_t tried = 0; tried < PLACES; tried++) {
    struct note *note = &notes[(inode + tried) % PLACES];
    uint64_t none = 0;
    if (note->inode == inode) return note;
    if (__atomic_compare_exchange_n(&note->inode, &none, inode, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return note;
    if (none == inode) return note; /* another thread was first */
  }
  _exit(71);
}

static int sync_and_note(long call, int file) {
  struct stat before;
  struct timespec now;
  int known = notes != NULL && fstat(file, &before) == 0 && S_ISREG(before.st_mode);
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now); /* what is written meanwhile may not be in it */
  int failed = (int)syscall(call, file);
  if (failed || !known) return failed;
  struct note *note = place_of(before.st_ino);
  note->bytes = before.st_size;
  note->at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
  return 0;
}

int fsync(int file) { return sync_and_note(SYS_fsync, file); }

int fdatasync(int file) { return sync_and_note(SYS_fdatasync, file); }
