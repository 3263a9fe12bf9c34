# Freezes LuatOS's modules into firmware: include("<this folder>/manifest.py") in the board's manifest, beside asyncio.
package(
    "luatos",
    (
        "__init__.py",
        "aliyun.py",
        "aliyun_2023.py",
        "aliyun_2024.py",
        "aliyun_air.py",
        "aliyun_link.py",
        "checks.py",
        "device.py",
        "iotcloud.py",
        "log.py",
        "sys.py",
    ),
    base_path="..",
)
