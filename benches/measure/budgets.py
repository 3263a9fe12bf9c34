"""What an operation may take at most, in instructions. docs/budgets.md has the same numbers."""

# What coreMQTT 2.3.1 takes for the same on x86_64, counted in the same way (gcc 12 -O2): no registry has its source.
COREMQTT = {"qos0": 285, "qos1": 1414, "received": 374}
OPERATIONS = {
    "qos0": "QoS 0 publish",
    "qos1": "QoS 1 publish and its PUBACK",
    "received": "QoS 0 message received",
    "set": "property set received and answered",
}
# On x86_64.
BUDGETS = {"qos0": 400, "qos1": 977, "received": 600, "set": 6500}
# On the Cortex-M3: an operation whose cost depends on a number, that number, and at most so many instructions.
GROWING = {
    ("queue", 26): ("26 QoS 0 messages queued, then sent", 45000),
    ("in_flight1", 19): ("QoS 1 publish with 19 in flight, and the PUBACK of the oldest", 3500),
    ("subscriptions_last", 50): ("QoS 0 message received with 50 subscriptions, of which the last matches", 7500),
}
