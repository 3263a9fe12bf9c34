# A file system in RAM, mounted at `/` by the first import, for what a board would have in flash.
import vfs


class RamDisk:
    BLOCK = 512

    def __init__(self, blocks):
        self.data = bytearray(blocks * self.BLOCK)

    def readblocks(self, block, buf, offset=0):
        start = block * self.BLOCK + offset
        buf[:] = memoryview(self.data)[start : start + len(buf)]

    def writeblocks(self, block, buf, offset=0):
        start = block * self.BLOCK + offset
        self.data[start : start + len(buf)] = buf

    def ioctl(self, request, argument):
        if request == 4:  # how many blocks?
            return len(self.data) // self.BLOCK
        if request == 5:  # how large are they?
            return self.BLOCK
        return 0


_disk = RamDisk(512)
vfs.VfsLfs2.mkfs(_disk)
vfs.mount(vfs.VfsLfs2(_disk), "/")
