"""LuatOS's `aliyun` of 2023: `operation` with the product's secret, `confiDentialTask` with the device's."""

from luatos.aliyun_link import Link, registration, server, text
from luatos.checks import is_a


class Soc2023(Link):
    WORDS = (("DeviceName", "deviceName"), ("ProductKey", "productKey"), ("DeviceSecret", "deviceSecret"),
             ("ProductSecret", "productSecret"), ("InstanceId", "instanceId"))

    def operation(
        self, Registration, DeviceName, ProductKey, ProductSecret, InstanceId=None, mqtt_host=None, mqtt_port=None, mqtt_isssl=None
    ):
        login = self._login_of("operation", DeviceName, ProductKey, mqtt_host, mqtt_port, mqtt_isssl)
        instance = text(InstanceId, "operation(): InstanceId", True)
        if instance:
            login["instanceId"] = instance
        way = "regnwl" if Registration else "register"
        self._registration = registration(login, productSecret=text(ProductSecret, "operation(): ProductSecret"), authType=way)
        self._enter("operation", (ProductKey, DeviceName), login)

    def confiDentialTask(self, DeviceName, ProductKey, DeviceSecret, mqtt_host=None, mqtt_port=None, mqtt_isssl=None):
        login = self._login_of("confiDentialTask", DeviceName, ProductKey, mqtt_host, mqtt_port, mqtt_isssl)
        login["deviceSecret"] = text(DeviceSecret, "confiDentialTask(): DeviceSecret")
        self._registration = None
        self._enter("confiDentialTask", (ProductKey, DeviceName), login)

    def subscriber(self, topic, qos=None):
        self._subscribe("subscriber", topic, qos)

    def publish(self, topic, qos, payload, retain=0):
        if retain:
            raise ValueError("publish(): retain must be 0; the platform keeps no messages")
        self._send(self._message(topic, payload, qos, None, None))

    # ---- Of the link ----

    def _login_of(self, method, name, product, host, port, isssl):
        is_a(name, method + "(): DeviceName", (str,))
        is_a(product, method + "(): ProductKey", (str,))
        return dict(server(method, host, port, isssl), services=False, productKey=product, deviceName=name, keepaliveSec=30)

    def _to_register(self):
        return self._registration

    def _registered(self, _):
        self._registration = None
