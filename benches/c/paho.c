// paho's asynchronous client for C, with its own threads; TLS is OpenSSL.
#define _DEFAULT_SOURCE
#include <MQTTAsync.h>
#include <semaphore.h>

#include "rate.h"

static sem_t done, slots; // a request; a message that may be published
static long received, wanted;
static moment first;

static void succeeded(void *context, MQTTAsync_successData *data) {
    (void)data;
    sem_post(context);
}

static void failed(void *context, MQTTAsync_failureData *data) {
    (void)context;
    fail("paho", data != NULL && data->message != NULL ? data->message : "failed");
}

static void lost(void *context, char *cause) {
    (void)context;
    fail("paho", cause != NULL ? cause : "connection lost");
}

static int arrived(void *context, char *topic, int length, MQTTAsync_message *message) {
    (void)context;
    (void)length;
    if (received++ == 0) {
        first = now();
    }
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    if (received == wanted) {
        sem_post(&done);
    }
    return 1;
}

static void check(const char *what, int result) {
    if (result != MQTTASYNC_SUCCESS) {
        fail(what, MQTTAsync_strerror(result));
    }
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts(MQTTAsync_getVersionInfo()[1].value);
        return 0;
    }
    arguments asked = read_arguments(argc, argv);
    wanted = asked.count;
    sem_init(&done, 0, 0);
    sem_init(&slots, 0, (unsigned)asked.window);
    char address[256];
    snprintf(address, sizeof address, "%s://%s:%d", asked.root != NULL ? "ssl" : "tcp", asked.host, asked.port);
    MQTTAsync client;
    check("create", MQTTAsync_create(&client, address, asked.receives ? "receiver" : "publisher", MQTTCLIENT_PERSISTENCE_NONE, NULL));
    check("callbacks", MQTTAsync_setCallbacks(client, NULL, lost, arrived, NULL));
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    tls.trustStore = asked.root;
    tls.verify = 1;
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    options.keepAliveInterval = 60;
    options.cleansession = 1;
    options.maxInflight = asked.window;
    options.onSuccess = succeeded;
    options.onFailure = failed;
    options.context = &done;
    options.ssl = asked.root != NULL ? &tls : NULL;

    moment begun = now();
    check("connect", MQTTAsync_connect(client, &options));
    sem_wait(&done);
    moment connected = now();
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.onSuccess = succeeded;
    response.onFailure = failed;
    if (asked.receives) {
        response.context = &done;
        check("subscribe", MQTTAsync_subscribe(client, TOPIC, asked.qos, &response));
        sem_wait(&done);
        ready();
        sem_wait(&done);
    } else {
        response.context = &slots;
        MQTTAsync_message message = MQTTAsync_message_initializer;
        message.payload = PAYLOAD;
        message.payloadlen = sizeof PAYLOAD - 1;
        message.qos = asked.qos;
        first = now();
        for (long i = 0; i < asked.count; i++) {
            sem_wait(&slots);
            MQTTAsync_responseOptions one = response; // the call writes the token into it
            check("publish", MQTTAsync_sendMessage(client, TOPIC, &message, &one));
        }
        for (int i = 0; i < asked.window; i++) {
            sem_wait(&slots);
        }
    }
    report(begun, connected, first, now(), asked.count);

    MQTTAsync_disconnectOptions end = MQTTAsync_disconnectOptions_initializer;
    end.onSuccess = succeeded;
    end.context = &done;
    if (MQTTAsync_disconnect(client, &end) == MQTTASYNC_SUCCESS) {
        sem_wait(&done);
    }
    MQTTAsync_destroy(&client);
    return 0;
}
