// libgit2 1.5 reads a loose object whose file was cut short without end: zlib says each time that it needs more input
// (Z_BUF_ERROR), which libgit2 takes for a pause, and asks again. Found by `make fuzz` (repository).
//
// This stands before zlib's function: where a stream has been asked again and again without any input, the answer is that the
// data is damaged. Once is no reason: a pack is read through windows, and whoever comes to the end of one asks without input
// and then passes the next. The parameter is the beginning of zlib's `z_stream`, whose layout has been the same since 1995:
// https://zlib.net/manual.html#Stream

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

struct stream {
  const unsigned char *next_in;
  unsigned int avail_in;
  unsigned long total_in;
  unsigned char *next_out;
  unsigned int avail_out;
};

enum { needs_more = -5, is_damaged = -3, patience = 1000 };

static int answer(int code, const struct stream *it) {
  static _Thread_local const struct stream *last;
  static _Thread_local unsigned int count;
  if (code != needs_more || it->avail_in > 0 || it->avail_out == 0) {
    count = 0;
    return code;
  }
  count = it == last ? count + 1 : 1;
  last = it;
  return count > patience ? is_damaged : code;
}

#ifdef WRIT_STATIC

// The linker is told to `--wrap=inflate`.
int __real_inflate(struct stream *it, int flush);
int __wrap_inflate(struct stream *it, int flush);

int __wrap_inflate(struct stream *it, int flush) { return answer(__real_inflate(it, flush), it); }

#else

// The loader looks in the executable first; see certificates.c.
__attribute__((visibility("default"), used)) int inflate(struct stream *it, int flush);

int inflate(struct stream *it, int flush) {
  static int (*next)(struct stream *, int);
  int (*real)(struct stream *, int) = __atomic_load_n(&next, __ATOMIC_ACQUIRE);
  if (real == NULL) {
    *(void **)&real = dlsym(RTLD_NEXT, "inflate");
    if (real == NULL) return is_damaged;
    __atomic_store_n(&next, real, __ATOMIC_RELEASE);
  }
  return answer(real(it, flush), it);
}

#endif
