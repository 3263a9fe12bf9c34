# 上传文件（这里先写入一个），并打印进度。文件可以大于内存。
# Upload a file, which is written first here, and print the progress. The file can be larger than the memory.
from aliyunIoT import Device
from credentials import key_info

PATH = "log.txt"


def on_progress(progress):
    print("已上传：", progress["sent"], "/", progress["size"])


with open(PATH, "w") as file:
    for number in range(1000):
        file.write("line %d\n" % number)

with Device() as device:
    device.on(Device.ON_ERROR, lambda error: print("错误：", error["code"], error["msg"]))
    device.connect(key_info)
    # 等待连接建立，直到平台收到整个文件；最多六分钟没有进展。
    # It waits for the connection, and until the platform has the whole file: up to six minutes without progress.
    upload_id = device.uploadFile(PATH, on_progress)
    if upload_id is not None:
        print("文件上传成功")
        device.postEvent({"id": "uploaded", "params": {"fileId": upload_id}})
    else:
        print("文件上传失败")
