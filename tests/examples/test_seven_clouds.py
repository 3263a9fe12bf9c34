"""examples/seven_clouds.py on each cloud: the script is the same, and only the dict changes."""

import pytest

from cloud import Cloud
from micropython import ROOT, Script
from vendors import CLOUDS, WITHOUT_SERVICES, WITHOUT_SET_REPLY, WITHOUT_TIME, Vendor


@pytest.fixture(scope="module")
def cloud():
    """All of them in one."""
    with Cloud("--cloud", "all") as running:
        yield running


@pytest.mark.parametrize("name", CLOUDS)
def test_seven_clouds(cloud, name):
    here = Vendor(cloud, name)
    has_services = name not in WITHOUT_SERVICES
    with Script(ROOT / "examples" / "seven_clouds.py", env=here.env) as script:
        for line in ("属性上报： 200", "事件上报： 200", "自定义消息： 200", "网络时间："):
            script.wait_line(line)
        if has_services:
            here.do("service", service="Read", params={"unit": 1})
            script.wait_line('服务调用： Read {"unit":1}')
        here.do("set", params={"run": 0})
        assert script.wait() == 0
    time = "True" if name not in WITHOUT_TIME else f"getNtpTime(): cloud '{name}' does not have this service"
    said = [f"已连接： {name}", "属性上报： 200", "事件上报： 200", "自定义消息： 200", f"网络时间： {time}"]
    said += ['服务调用： Read {"unit":1}'] * has_services + ['属性设置： {"run":0}']
    # Replies come in any order.
    assert (sorted(script.lines), script.errors) == (sorted(said), "")

    assert here.wait_seen("login")["tls"]
    post, event = here.wait_seen("property_post"), here.wait_seen("event_post")
    assert (post["params"], event["event"], event["params"]) == ({"temperature": 21.5, "run": 1}, "overheat", {"temperature": 90})
    assert here.wait_seen("publish")["payload"] == "hello"
    kinds = ["service_reply"] * has_services + ["set_reply"] * (name not in WITHOUT_SET_REPLY)
    answers = [here.wait_seen(kind) for kind in kinds]
    assert not has_services or answers[0]["data"] == {"temperature": 21.5}
    assert not [record for record in (post, event, *answers) if "fault" in record]
