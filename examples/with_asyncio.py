# 一个任务测量，另一个任务执行平台的设置：回调把数据交给 asyncio 任务。回调会在任意任务的两条字节码之间执行，因此用
# ThreadSafeFlag 唤醒任务（asyncio.Event 要到下一次休眠时才会被看到）。
# One task measures, another does what the platform sets: callbacks pass data to asyncio's tasks. They run between two
# bytecodes of any task, so they wake a task with a ThreadSafeFlag (an asyncio.Event is not seen before the next sleep).
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
            print("平台设置属性：", wish)
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
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    asyncio.run(main())
