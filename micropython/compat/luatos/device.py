"""What `iotcloud` and the generations of `aliyun` do alike with a device."""

from aliyunIoT import Device


def in_words_of(names, text):
    """Words of the device, with the names that the script writes: pairs of the script's and the device's."""
    for name, of_device in names:
        text = text.replace(of_device, name)
    return text


def named(names, function, *arguments):
    """Calls a method of the device; an error about an argument names it as the script does."""
    try:
        return function(*arguments)
    except (TypeError, ValueError) as error:
        raise type(error)(in_words_of(names, str(error)))


def listen(device, to):
    device.on(Device.ON_CONNECT, to._on_connect)
    device.on(Device.ON_DISCONNECT, to._on_disconnect)
    device.on(Device.ON_CLOSE, to._on_close)
    device.on(Device.ON_ERROR, to._on_error)
    device.on(Device.ON_SUBCRIBE, to._on_message)


def did_not_connect(code):
    """Whether it is the code of an attempt to connect that failed; the device tries again."""
    return 0 < code < 6 or -44 <= code <= -40


def subscribe_all(device, topics, report):
    """Subscribes to what the script has asked for so far: topics with their QoS. `report` gets the code and the words of each
    failure."""
    for topic, qos in list(topics.items()):
        try:
            code = device.subscribe({"topic": topic, "qos": qos})
        except ValueError as error:
            topics.pop(topic, None)
            report(-45, "%s: %s" % (topic, error))
        else:
            if code != 0:
                report(code, not_subscribed(topic))


def not_subscribed(topic):
    return "%s was not subscribed to" % topic
