// A TLS client as Alibaba's SDK for C makes one: mbedTLS, TLS 1.2 at most, the roots of one file, the server verified. It has one
// cipher suite, and says whether the handshake succeeds.
//
//     mbedtls_client <port> <file of roots> <suite>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <stdio.h>

static int ended(const char *what, int code) {
    char words[200];
    mbedtls_strerror(code, words, sizeof words);
    printf("%s: %s\n", what, words);
    return 1;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: mbedtls_client <port> <file of roots> <suite>\n");
        return 2;
    }
    const int suites[] = {mbedtls_ssl_get_ciphersuite_id(words[3]), 0};
    if (suites[0] == 0) {
        printf("no such suite: %s\n", words[3]);
        return 2;
    }
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt roots;
    mbedtls_ssl_config config;
    mbedtls_ssl_context tls;
    mbedtls_net_context net;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_x509_crt_init(&roots);
    mbedtls_ssl_config_init(&config);
    mbedtls_ssl_init(&tls);
    mbedtls_net_init(&net);

    int code = mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0);
    if (code != 0) {
        return ended("random numbers", code);
    }
    code = mbedtls_x509_crt_parse_file(&roots, words[2]);
    if (code != 0) {
        return ended("roots", code);
    }
    code = mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
    if (code != 0) {
        return ended("defaults", code);
    }
    mbedtls_ssl_conf_max_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&config, &roots, NULL);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
    mbedtls_ssl_conf_ciphersuites(&config, suites);
#ifdef MBEDTLS_SSL_MAX_FRAGMENT_LENGTH
    // As that SDK asks where memory is short.
    mbedtls_ssl_conf_max_frag_len(&config, MBEDTLS_SSL_MAX_FRAG_LEN_4096);
#endif
    code = mbedtls_ssl_setup(&tls, &config);
    if (code != 0) {
        return ended("setup", code);
    }
    code = mbedtls_ssl_set_hostname(&tls, "localhost");
    if (code != 0) {
        return ended("name", code);
    }
    code = mbedtls_net_connect(&net, "127.0.0.1", words[1], MBEDTLS_NET_PROTO_TCP);
    if (code != 0) {
        return ended("connection", code);
    }
    mbedtls_ssl_set_bio(&tls, &net, mbedtls_net_send, mbedtls_net_recv, NULL);
    code = mbedtls_ssl_handshake(&tls);
    if (code != 0) {
        return ended("handshake", code);
    }
    printf("%s %s\n", mbedtls_ssl_get_version(&tls), mbedtls_ssl_get_ciphersuite(&tls));
    mbedtls_ssl_close_notify(&tls);

    mbedtls_net_free(&net);
    mbedtls_ssl_free(&tls);
    mbedtls_ssl_config_free(&config);
    mbedtls_x509_crt_free(&roots);
    mbedtls_ctr_drbg_free(&random);
    mbedtls_entropy_free(&entropy);
    return 0;
}
