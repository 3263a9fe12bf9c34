# One task measures, another one obeys: callbacks hand what they are told to asyncio's tasks. They run between two
# bytecodes of any task, so they wake one with a ThreadSafeFlag (an asyncio.Event would not be seen before the next sleep).
import asyncio
import json

from aliyunIoT import Device
from credentials import key_info

connected = asyncio.ThreadSafeFlag()
told = asyncio.ThreadSafeFlag()
wishes = []


def on_props(request):
    wishes.append(json.loads(request["params"]))
    told.set()


async def measure():
    temperature = 20
    while True:
        device.postProps({"params": json.dumps({"temperature": temperature})})
        temperature += 1
        await asyncio.sleep(1)


async def obey():
    while True:
        await told.wait()
        while wishes:
            wish = wishes.pop(0)
            print("平台设置属性:", wish)
            device.postProps({"params": json.dumps(wish)})
            if wish.get("LightSwitch") == 0:
                return


async def main():
    device.connect(key_info)
    await connected.wait()
    print("物联网平台连接成功")
    measuring = asyncio.create_task(measure())
    await obey()
    measuring.cancel()


with Device() as device:
    device.on(Device.ON_CONNECT, lambda data: connected.set())
    device.on(Device.ON_PROPS, on_props)
    device.on(Device.ON_ERROR, lambda error: print("错误:", error["code"], error["msg"]))
    asyncio.run(main())
