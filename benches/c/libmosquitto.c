// libmosquitto, by its own loop in one thread.
#define _DEFAULT_SOURCE
#include <mosquitto.h>
#include <stdbool.h>
#include <string.h>

#include "rate.h"

static bool online;
static long acknowledged;

static void on_connect(struct mosquitto *client, void *context, int code) {
    (void)client;
    (void)context;
    if (code != 0) {
        fprintf(stderr, "refused: %d\n", code);
        exit(1);
    }
    online = true;
}

static void on_publish(struct mosquitto *client, void *context, int id) {
    (void)client;
    (void)context;
    (void)id;
    acknowledged++;
}

static void check(int result) {
    if (result != MOSQ_ERR_SUCCESS) {
        fprintf(stderr, "%s\n", mosquitto_strerror(result));
        exit(1);
    }
}

int main(int argc, char **argv) {
    arguments asked = read_arguments(argc, argv);
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new("libmosquitto", true, NULL);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_publish_callback_set(client, on_publish);
    check(mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1));
    check(mosquitto_max_inflight_messages_set(client, (unsigned)asked.window));

    double begun = seconds();
    check(mosquitto_connect(client, asked.host, asked.port, 60));
    while (!online) {
        check(mosquitto_loop(client, 10000, 1));
    }
    double connected = seconds();
    // At QoS 0 a message is done with when it is written.
    for (long published = 0; acknowledged < asked.count;) {
        while (published < asked.count && published - acknowledged < asked.window) {
            check(mosquitto_publish(client, NULL, TOPIC, sizeof PAYLOAD - 1, PAYLOAD, asked.qos, false));
            published++;
        }
        check(mosquitto_loop(client, 10000, 1));
    }
    double ended = seconds();
    report(begun, connected, ended, asked.count);

    mosquitto_disconnect(client);
    mosquitto_loop(client, 1000, 1);
    mosquitto_destroy(client);
    mosquitto_lib_cleanup();
    return 0;
}
