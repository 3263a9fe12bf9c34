# Freezes the modules of QuecPython into firmware: include("<this folder>/manifest.py") in the board's manifest.
