// Debian's libgit2 parses the machine's whole bundle of certificate authorities in
// `git_libgit2_init`, which takes longer than everything else that start-up does. Writ never opens
// a connection through libgit2, so these definitions answer the two calls with "done, nothing
// loaded". A linker exports from an executable what a shared library on its command line leaves
// undefined, and the loader looks in the executable first: no flag is needed.
//
// With no authority loaded, a TLS connection by libgit2 could only fail: the safe direction.
// Weak, so that a static build which links the real functions keeps those.

#define WRIT_INTERPOSED __attribute__((visibility("default"), used, weak))

WRIT_INTERPOSED int mbedtls_x509_crt_parse_file(void *chain, const char *path);
WRIT_INTERPOSED int mbedtls_x509_crt_parse_path(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
  (void)chain;
  (void)path;
  return 0;
}

int mbedtls_x509_crt_parse_path(void *chain, const char *path) {
  (void)chain;
  (void)path;
  return 0;
}
