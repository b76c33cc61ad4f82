#pragma once
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

// What OpenSSL gives as macros or as stacks, which Swift does not import.

/// Copies the `index`-th URI among the subject's alternative names to `text`, no more than `capacity` bytes.
///
/// Returns the URI's length, or -1 where there is no such URI.
static inline long moe_certificate_uri(X509 *certificate, int index, char *text, long capacity) {
  long length = -1;
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_URI || index-- > 0) continue;
    length = ASN1_STRING_length(name->d.uniformResourceIdentifier);
    memcpy(text, ASN1_STRING_get0_data(name->d.uniformResourceIdentifier), length < capacity ? length : capacity);
    break;
  }
  GENERAL_NAMES_free(names);
  return length;
}

/// A buffer that is not at its end when it is empty: more may come.
static inline BIO *moe_new_memory_bio(void) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio) BIO_set_mem_eof_return(bio, -1);
  return bio;
}

static inline int moe_ssl_ctx_allow_only_tls13(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

/// How many bytes are in the buffer, and where.
static inline long moe_memory_bio_bytes(BIO *bio, const unsigned char **start) {
  return BIO_get_mem_data(bio, start);
}

static inline void moe_memory_bio_clear(BIO *bio) { (void)BIO_reset(bio); }
