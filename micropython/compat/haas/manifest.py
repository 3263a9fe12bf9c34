# Freezes the modules of HaaS firmware into other firmware: include("<this folder>/manifest.py") in the board's manifest.
package("driver", base_path=".")
