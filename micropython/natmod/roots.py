"""Makes the file with the trust roots of a split native module:

    python3 roots.py roots.bin [option of the compiler …]

Each root of ../roots/ is in it, unless an option -DALIYUN_IOT_ROOT_<NAME>=0 leaves it out: its length (two bytes, the lower
first), and the certificate in DER. A length of 0 ends them, and the seal follows.
"""

import pathlib
import sys

from seal import sealed

ROOTS = pathlib.Path(__file__).resolve().parent.parent / "roots"


def roots(options):
    out = {option.split("=")[0] for option in options if option.replace("'", "").endswith("=0")}
    for file in sorted(ROOTS.glob("*.der")):
        if f"-DALIYUN_IOT_ROOT_{file.stem.upper()}" not in out:
            der = file.read_bytes()
            yield len(der).to_bytes(2, "little") + der


if __name__ == "__main__":
    to, *options = sys.argv[1:]
    pathlib.Path(to).write_bytes(sealed(b"".join(roots(options)) + bytes(2), 0))
