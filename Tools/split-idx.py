"""Splits an IDX set of images and labels (gzip) into a dataset with the parts train and test.

split-idx.py IMAGES.gz LABELS.gz COUNT FOLDER: the first COUNT images become the part train, the rest the part test.
"""

import gzip
import os
import struct
import sys

images, labels, count, folder = sys.argv[1:]
count = int(count)
os.makedirs(folder, exist_ok=True)
for path, name in [(images, "images-idx3-ubyte.gz"), (labels, "labels-idx1-ubyte.gz")]:
    data = gzip.open(path).read()
    axes = data[3]
    extents = struct.unpack(f">{axes}I", data[4 : 4 + 4 * axes])
    body = data[4 + 4 * axes :]
    size = len(body) // extents[0]
    for part, chosen in [("train", body[: count * size]), ("t10k", body[count * size :])]:
        head = data[:4] + struct.pack(f">{axes}I", len(chosen) // size, *extents[1:])
        with gzip.open(os.path.join(folder, f"{part}-{name}"), "wb") as file:
            file.write(head + chosen)
