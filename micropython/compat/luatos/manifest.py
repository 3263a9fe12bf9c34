# Freezes LuatOS's modules into firmware: include("<this folder>/manifest.py") in the board's manifest, beside asyncio.
package("luatos", ("__init__.py", "iotcloud.py", "log.py", "sys.py"), base_path="..")
