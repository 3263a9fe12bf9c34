# Uploads a file, here one that is written first, and shows how it goes. What is uploaded may be larger than the memory.
from aliyunIoT import Device
from credentials import key_info

PATH = "log.txt"


def on_progress(told):
    print("已上传:", told["sent"], "/", told["size"])


with open(PATH, "w") as file:
    for number in range(1000):
        file.write("line %d\n" % number)

with Device() as device:
    device.on(Device.ON_ERROR, lambda error: print("错误:", error["code"], error["msg"]))
    device.connect(key_info)
    # It waits for the connection, and until the platform has the whole file: six minutes without progress at most.
    upload_id = device.uploadFile(PATH, on_progress)
    if upload_id is not None:
        print("文件上传成功")
        device.postEvent({"id": "uploaded", "params": {"fileId": upload_id}})
    else:
        print("文件上传失败")
