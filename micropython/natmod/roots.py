"""Makes the file with the trust roots of a split native module:

    python3 roots.py roots.bin [option of the compiler …]

Each root that generated/roots_data.h has with these options is in it (-DALIYUN_IOT_ROOT_<NAME>=0 leaves one out,
-DALIYUN_IOT_CLOUD_<name>=1 brings those of a vendor cloud): its length (two bytes, the lower first), the bits of its
clouds, and the certificate in DER. A length of 0 ends them, and the seal follows.
"""

import pathlib
import re
import sys

from seal import sealed

BINDING = pathlib.Path(__file__).resolve().parent.parent


def roots(options):
    header = (BINDING / "generated" / "roots_data.h").read_text()
    usual = dict(re.findall(r"^#define (ALIYUN_IOT_(?:ROOT|CLOUD)_\w+) \((.+)\)$", header, re.MULTILINE))
    options = (option.replace("'", "").removeprefix("-D").split("=") for option in options if "=" in option)
    values = usual | {name: value for name, value in options if name in usual}

    def is_on(name):
        """Of what the header has as a number, or as switches with `||` between them."""
        return any(part.isdigit() and int(part) or part in values and is_on(part) for part in values[name].split(" || "))

    for name, clouds in re.findall(r"^    ALIYUN_IOT_IF_ROOT_\w+\(X, root_(\w+), (\d+)\)", header, re.MULTILINE):
        if is_on(f"ALIYUN_IOT_ROOT_{name.upper()}"):
            der = (BINDING / "roots" / f"{name}.der").read_bytes()
            yield len(der).to_bytes(2, "little") + bytes([int(clouds)]) + der


if __name__ == "__main__":
    to, *options = sys.argv[1:]
    pathlib.Path(to).write_bytes(sealed(b"".join(roots(options)) + bytes(3), 0))
