"""Makes pycocotools-masks.json: what pycocotools itself answers for masks and polygons, so that our RLE can be compared with it.

    python3 -m venv venv && venv/bin/pip install pycocotools==2.0.11 numpy==2.4.6
    venv/bin/python make-pycocotools-masks.py > pycocotools-masks.json

Fixed seed: the same versions give the same bytes.
"""

import json
import math
import random

import numpy
from pycocotools import mask as coco_mask

random.seed(20240229)


def runs(bitmap):
    """Uncompressed runs, column-major, background first."""
    out, value, length = [], 0, 0
    for pixel in bitmap.flatten(order="F").tolist():
        if pixel != value:
            out.append(length)
            value, length = pixel, 0
        length += 1
    return out + [length]


def described(rle):
    return {
        "counts": rle["counts"].decode("ascii"),
        "runs": runs(coco_mask.decode(rle)),
        "area": int(coco_mask.area(rle)),
        "bbox": [int(v) for v in coco_mask.toBbox(rle)],
    }


def mask_case(name, bitmap):
    rle = coco_mask.encode(numpy.asfortranarray(bitmap.astype(numpy.uint8)))
    return {"name": name, "size": [int(v) for v in bitmap.shape], **described(rle)}


def noise(height, width, share):
    return numpy.array([[random.random() < share for _ in range(width)] for _ in range(height)])


def masks():
    yield mask_case("empty", numpy.zeros((5, 7)))
    yield mask_case("full", numpy.ones((5, 7)))
    first = numpy.zeros((4, 6))
    first[0, 0] = 1
    yield mask_case("first pixel", first)
    last = numpy.zeros((4, 6))
    last[3, 5] = 1
    yield mask_case("last pixel", last)
    square = numpy.zeros((300, 500))
    square[20:280, 10:490] = 1
    yield mask_case("large square", square)
    big = numpy.zeros((4000, 3000))
    big[:, 1500:] = 1
    yield mask_case("runs of millions", big)
    wrap = numpy.zeros((6, 6))
    wrap[4:, 2] = 1
    wrap[:2, 3] = 1
    yield mask_case("run over a column's end", wrap)
    for index, (height, width, share) in enumerate([(1, 9, 0.5), (9, 1, 0.5), (13, 17, 0.1), (31, 29, 0.5), (24, 40, 0.9)]):
        yield mask_case(f"noise {index}", noise(height, width, share))


def ring_mask(ring, height, width):
    flat = [value for point in ring for value in point]
    return coco_mask.frPyObjects([flat], height, width)[0]


def polygon_case(name, polygons, height, width):
    """Each part: outer minus holes, in bitmaps; parts united. Without holes this is merge(frPyObjects(...)), asserted below."""
    total = numpy.zeros((height, width), dtype=numpy.uint8)
    for outer, holes in polygons:
        part = coco_mask.decode(ring_mask(outer, height, width))
        for hole in holes:
            part &= 1 - coco_mask.decode(ring_mask(hole, height, width))
        total |= part
    rle = coco_mask.encode(numpy.asfortranarray(total))
    if not any(holes for _, holes in polygons):
        flat = [[value for point in outer for value in point] for outer, _ in polygons]
        assert coco_mask.merge(coco_mask.frPyObjects(flat, height, width))["counts"] == rle["counts"], name
    return {"name": name, "size": [height, width], "polygons": polygons, **described(rle)}


def star(cx, cy, inner, outer, points, digits):
    ring = []
    for index in range(2 * points):
        angle = math.pi * index / points
        radius = outer if index % 2 == 0 else inner
        ring.append([round(cx + radius * math.cos(angle), digits), round(cy + radius * math.sin(angle), digits)])
    return ring


def scatter(width, height, points, digits):
    return [[round(random.uniform(0, width), digits), round(random.uniform(0, height), digits)] for _ in range(points)]


def polygons():
    square = [[0, 0], [10, 0], [10, 10], [0, 10]]
    yield polygon_case("square on the grid", [[square, []]], 20, 20)
    yield polygon_case("square at half pixels", [[[[0.5, 0.5], [10.5, 0.5], [10.5, 10.5], [0.5, 10.5]], []]], 20, 20)
    yield polygon_case("triangle", [[[[0, 0], [20, 0], [0, 10]], []]], 20, 20)
    yield polygon_case("whole image", [[[[0, 0], [23, 0], [23, 17], [0, 17]], []]], 17, 23)
    yield polygon_case("bottom right corner", [[[[12.3, 9.7], [23, 8.1], [23, 17], [11.9, 17]], []]], 17, 23)
    yield polygon_case("sliver without a pixel", [[[[3.1, 3.1], [3.2, 3.1], [3.2, 3.2]], []]], 8, 8)
    yield polygon_case("repeated point", [[[[1, 1], [1, 1], [9, 1], [9, 9], [9, 9], [1, 1]], []]], 12, 12)
    yield polygon_case("bow tie", [[[[1, 1], [11, 9], [11, 1], [1, 9]], []]], 12, 12)
    yield polygon_case("one pixel wide image", [[[[0, 1], [1, 1], [1, 6], [0, 6]], []]], 9, 1)
    yield polygon_case("square with a hole", [[square, [[[3, 3], [7, 3], [7, 7], [3, 7]]]]], 20, 20)
    yield polygon_case("ring with two holes", [[star(40, 30, 24, 28, 40, 2), [star(30, 30, 4, 6, 9, 3), star(50, 31, 5, 5, 12, 1)]]], 64, 80)
    yield polygon_case("two parts", [[square, []], [[[12.4, 3.3], [18.8, 3.1], [15.2, 17.6]], []]], 20, 20)
    yield polygon_case("overlapping parts, one with a hole", [[square, [[[2, 2], [8, 2], [8, 8], [2, 8]]]], [[[4, 4], [16, 4], [16, 16]], []]], 20, 20)
    for index in range(30):
        width, height = random.randint(2, 60), random.randint(2, 60)
        yield polygon_case(f"scatter {index}", [[scatter(width, height, random.randint(3, 9), random.choice([0, 1, 2, 15])), []]], height, width)
    for index in range(6):
        yield polygon_case(f"star {index}", [[star(50.3, 49.8, random.uniform(5, 20), random.uniform(25, 48), random.randint(5, 30), 4), []]], 100, 101)


def compact(case):
    return json.dumps(case, separators=(",", ":"))


def rows(cases):
    return ",\n".join(compact(case) for case in cases)


print('{"masks":[\n' + rows(masks()) + '\n],"polygons":[\n' + rows(polygons()) + "\n]}")
