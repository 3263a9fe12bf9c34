"""The local cloud takes what the platform takes, though the documents have another form: ids and times as numbers or as any
text, and fields that are left out."""

import json

import pytest

from paho_client import Client, S

# Each as it stands in the JSON.
IDS = [
    "1",
    "0",
    "-7",
    "2.50",
    "4294967296",
    "12345678901234567890123",
    '"1"',
    '"0001"',
    '""',
    '"4294967296"',
    '"1|exp-topic|/sys/a1/dev/thing/event/property/post_reply"',
    '"sensor-1/7"',
    '"消息 7"',
    '"' + "9" * 5000 + '"',
]


@pytest.mark.parametrize("path", ["event/property/post", "event/alarm/post"])
@pytest.mark.parametrize("given", IDS, ids=range(len(IDS)))
def test_an_id_comes_back_as_it_was_sent(cloud, device, path, given):
    with Client(cloud, device) as client:
        topic = f"{S.format(**device)}/thing/{path}"
        client.paho.publish(topic, f'{{"id":{given},"params":{{"a":1}}}}', 1)
        message = client.get()
        assert message.topic == topic + "_reply"
        reply = json.loads(message.payload, parse_float=str, parse_int=str)
        assert (reply["id"], reply["code"]) == (json.loads(given, parse_float=str, parse_int=str), "200")
        # A number stays a number.
        assert isinstance(json.loads(message.payload)["id"], str) == given.startswith('"')


@pytest.mark.parametrize("given", ["null", "true", "[1]", "{}"])
def test_what_is_neither_text_nor_number_is_no_id(cloud, device, given):
    with Client(cloud, device) as client:
        topic = f"{S.format(**device)}/thing/event/property/post"
        client.paho.publish(topic, f'{{"id":{given},"params":{{}}}}', 1)
        assert json.loads(client.get().payload)["code"] == 460


@pytest.mark.parametrize("given", ["12", '"12"', '"exp|1"'])
def test_an_answer_may_have_a_number_too(cloud, device, given):
    with Client(cloud, device) as client:
        base = f"{S.format(**device)}/thing/service"
        for topic, kind in ((f"{base}/property/set_reply", "set_reply"), (f"{base}/reboot_reply", "service_reply")):
            client.paho.publish(topic, f'{{"id":{given},"code":200,"data":{{}}}}', 1)
            record = cloud.wait_seen(device=device["deviceName"], kind=kind)
            assert record["id"] == json.loads(given) and "fault" not in record


@pytest.mark.parametrize(
    "rest",
    ["", ',"version":"1.0"', ',"version":1', ',"version":null,"method":null,"sys":null', ',"sys":{}', ',"extra":[1,{"a":null}]'],
)
def test_fields_may_be_left_out(cloud, device, rest):
    with Client(cloud, device) as client:
        topic = f"{S.format(**device)}/thing/event/property/post"
        client.paho.publish(topic, f'{{"id":1,"params":{{}}{rest}}}', 1)
        assert json.loads(client.get().payload)["code"] == 200


@pytest.mark.parametrize("sent", ["1760000000000", '"1760000000000"', "1.76e12", "0"])
def test_the_time_is_told_to_a_number(cloud, device, sent):
    with Client(cloud, device) as client:
        client.paho.publish("/ext/ntp/{productKey}/{deviceName}/request".format(**device), f'{{"deviceSendTime":{sent}}}', 0)
        told = json.loads(client.get().payload)
        assert told["deviceSendTime"] == json.loads(sent)
        assert told["serverRecvTime"].isdecimal() and told["serverSendTime"].isdecimal()


def test_an_upload_may_have_a_number_too(cloud, device):
    with Client(cloud, device) as client:
        path = f"{S.format(**device)}/thing/file/upload/mqtt/"
        assert client.subscribe(path + "init_reply") == 1
        client.paho.publish(path + "init", '{"id":7,"params":{"fileName":"a.bin","fileSize":3}}', 1)
        reply = json.loads(client.get().payload)
        assert (reply["id"], reply["code"]) == (7, 200)


@pytest.mark.parametrize("change", [{"signmethod": "hmacSha256"}, {"lan": "JS|Ali", "_v": "1.2.8"}, {"gw": 0, "ext": 0, "lan": "C"}])
def test_a_client_id_may_look_different(cloud, device, change):
    with Client(cloud, device, **change):
        pass
