// Of a static build (`WRIT_STATIC`): what libgit2's transports would call, as functions that only fail. With these in their
// place the program holds no TLS, SSH, HTTP or Kerberos at all: it has no way to a network.
//
// The list is what `nm -u libgit2.a` of libgit2 1.5 names; a newer one that needs more fails to link, and is then linked
// as a shared library instead.

#ifdef WRIT_STATIC

#define WRIT_ABSENT(name) \
  __attribute__((used)) long name(void) { return -1; }

// Start-up prepares the transports, and takes a failure for a broken library.
#define WRIT_IDLE(name) \
  __attribute__((used)) int name(void) { return 0; }

WRIT_IDLE(libssh2_init)
WRIT_IDLE(mbedtls_ctr_drbg_seed)
WRIT_IDLE(mbedtls_ssl_config_defaults)

// Read, never called through.
void *GSS_C_NT_HOSTBASED_SERVICE = 0;

// Zero would mean that no cipher was agreed on, which start-up takes for a broken library.
__attribute__((used)) int mbedtls_ssl_get_ciphersuite_id(const char *name) {
  (void)name;
  return 1;
}

// TLS (mbed TLS)
WRIT_ABSENT(mbedtls_ctr_drbg_free)
WRIT_ABSENT(mbedtls_ctr_drbg_random)
WRIT_ABSENT(mbedtls_entropy_free)
WRIT_ABSENT(mbedtls_entropy_func)
WRIT_ABSENT(mbedtls_ssl_close_notify)
WRIT_ABSENT(mbedtls_ssl_conf_authmode)
WRIT_ABSENT(mbedtls_ssl_conf_ca_chain)
WRIT_ABSENT(mbedtls_ssl_conf_ciphersuites)
WRIT_ABSENT(mbedtls_ssl_conf_min_version)
WRIT_ABSENT(mbedtls_ssl_conf_rng)
WRIT_ABSENT(mbedtls_ssl_config_free)
WRIT_ABSENT(mbedtls_ssl_free)
WRIT_ABSENT(mbedtls_ssl_get_peer_cert)
WRIT_ABSENT(mbedtls_ssl_get_verify_result)
WRIT_ABSENT(mbedtls_ssl_handshake)
WRIT_ABSENT(mbedtls_ssl_init)
WRIT_ABSENT(mbedtls_ssl_read)
WRIT_ABSENT(mbedtls_ssl_set_bio)
WRIT_ABSENT(mbedtls_ssl_set_hostname)
WRIT_ABSENT(mbedtls_ssl_setup)
WRIT_ABSENT(mbedtls_ssl_write)
WRIT_ABSENT(mbedtls_strerror)
WRIT_ABSENT(mbedtls_x509_crt_free)
WRIT_ABSENT(mbedtls_x509_crt_verify_info)

// SSH (libssh2)
WRIT_ABSENT(libssh2_agent_connect)
WRIT_ABSENT(libssh2_agent_disconnect)
WRIT_ABSENT(libssh2_agent_free)
WRIT_ABSENT(libssh2_agent_get_identity)
WRIT_ABSENT(libssh2_agent_init)
WRIT_ABSENT(libssh2_agent_list_identities)
WRIT_ABSENT(libssh2_agent_userauth)
WRIT_ABSENT(libssh2_channel_close)
WRIT_ABSENT(libssh2_channel_free)
WRIT_ABSENT(libssh2_channel_open_ex)
WRIT_ABSENT(libssh2_channel_process_startup)
WRIT_ABSENT(libssh2_channel_read_ex)
WRIT_ABSENT(libssh2_channel_set_blocking)
WRIT_ABSENT(libssh2_channel_write_ex)
WRIT_ABSENT(libssh2_exit)
WRIT_ABSENT(libssh2_hostkey_hash)
WRIT_ABSENT(libssh2_knownhost_checkp)
WRIT_ABSENT(libssh2_knownhost_free)
WRIT_ABSENT(libssh2_knownhost_init)
WRIT_ABSENT(libssh2_knownhost_readfile)
WRIT_ABSENT(libssh2_session_abstract)
WRIT_ABSENT(libssh2_session_disconnect_ex)
WRIT_ABSENT(libssh2_session_free)
WRIT_ABSENT(libssh2_session_handshake)
WRIT_ABSENT(libssh2_session_hostkey)
WRIT_ABSENT(libssh2_session_init_ex)
WRIT_ABSENT(libssh2_session_last_error)
WRIT_ABSENT(libssh2_session_method_pref)
WRIT_ABSENT(libssh2_session_set_blocking)
WRIT_ABSENT(libssh2_userauth_authenticated)
WRIT_ABSENT(libssh2_userauth_keyboard_interactive_ex)
WRIT_ABSENT(libssh2_userauth_list)
WRIT_ABSENT(libssh2_userauth_password_ex)
WRIT_ABSENT(libssh2_userauth_publickey)
WRIT_ABSENT(libssh2_userauth_publickey_fromfile_ex)
WRIT_ABSENT(libssh2_userauth_publickey_frommemory)

// HTTP (http_parser)
WRIT_ABSENT(http_errno_description)
WRIT_ABSENT(http_parser_execute)
WRIT_ABSENT(http_parser_init)
WRIT_ABSENT(http_parser_parse_url)
WRIT_ABSENT(http_parser_pause)
WRIT_ABSENT(http_should_keep_alive)

// Kerberos (GSS-API)
WRIT_ABSENT(gss_delete_sec_context)
WRIT_ABSENT(gss_display_status)
WRIT_ABSENT(gss_import_name)
WRIT_ABSENT(gss_indicate_mechs)
WRIT_ABSENT(gss_init_sec_context)
WRIT_ABSENT(gss_release_buffer)
WRIT_ABSENT(gss_release_name)
WRIT_ABSENT(gss_release_oid_set)

#else

typedef int writ_transports_are_shared;

#endif
