// Of a static build: the functions that make a TLS structure empty. libgit2 calls them at start-up on fresh memory, and frees at
// shut-down what it finds in there, so these must really do it.

#ifdef WRIT_STATIC

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <string.h>

void mbedtls_ssl_config_init(mbedtls_ssl_config *it) { memset(it, 0, sizeof *it); }
void mbedtls_ctr_drbg_init(mbedtls_ctr_drbg_context *it) { memset(it, 0, sizeof *it); }
void mbedtls_entropy_init(mbedtls_entropy_context *it) { memset(it, 0, sizeof *it); }
void mbedtls_x509_crt_init(mbedtls_x509_crt *it) { memset(it, 0, sizeof *it); }

#else

typedef int writ_transports_are_shared_too;

#endif
