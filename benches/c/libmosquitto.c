// libmosquitto, by its own loop in one thread; TLS is OpenSSL.
#define _DEFAULT_SOURCE
#include <mosquitto.h>

#include "rate.h"

static bool online, subscribed;
static long acknowledged, received;
static moment first;

static void on_connect(struct mosquitto *client, void *context, int code) {
    (void)client;
    (void)context;
    if (code != 0) {
        fail("connect", mosquitto_connack_string(code));
    }
    online = true;
}

static void on_publish(struct mosquitto *client, void *context, int id) {
    (void)client;
    (void)context;
    (void)id;
    acknowledged++;
}

static void on_subscribe(struct mosquitto *client, void *context, int id, int count, const int *granted) {
    (void)client;
    (void)context;
    (void)id;
    subscribed = count == 1 && granted[0] < 3;
}

static void on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message) {
    (void)client;
    (void)context;
    (void)message;
    if (received++ == 0) {
        first = now();
    }
}

static void check(const char *what, int result) {
    if (result != MOSQ_ERR_SUCCESS) {
        fail(what, mosquitto_strerror(result));
    }
}

int main(int argc, char **argv) {
    arguments asked = read_arguments(argc, argv);
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new(asked.receives ? "receiver" : "publisher", true, NULL);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_publish_callback_set(client, on_publish);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    mosquitto_message_callback_set(client, on_message);
    check("options", mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1));
    check("options", mosquitto_max_inflight_messages_set(client, (unsigned)asked.window));
    if (asked.root != NULL) {
        check("root", mosquitto_tls_set(client, asked.root, NULL, NULL, NULL, NULL));
    }

    moment begun = now();
    check("connect", mosquitto_connect(client, asked.host, asked.port, 60));
    while (!online) {
        check("connect", mosquitto_loop(client, 10000, 1));
    }
    moment connected = now();
    if (asked.receives) {
        check("subscribe", mosquitto_subscribe(client, NULL, TOPIC, asked.qos));
        while (!subscribed) {
            check("subscribe", mosquitto_loop(client, 10000, 1));
        }
        ready();
        while (received < asked.count) {
            check("receive", mosquitto_loop(client, 10000, 1));
        }
    } else {
        first = now();
        // At QoS 0 a message is acknowledged when it is written.
        for (long published = 0; acknowledged < asked.count;) {
            while (published < asked.count && published - acknowledged < asked.window) {
                check("publish", mosquitto_publish(client, NULL, TOPIC, sizeof PAYLOAD - 1, PAYLOAD, asked.qos, false));
                published++;
            }
            check("publish", mosquitto_loop(client, 10000, 1));
        }
    }
    report(begun, connected, first, now(), asked.count);

    mosquitto_disconnect(client);
    mosquitto_loop(client, 1000, 1);
    mosquitto_destroy(client);
    mosquitto_lib_cleanup();
    return 0;
}
