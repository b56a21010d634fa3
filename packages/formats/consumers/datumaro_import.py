"""Imports a dataset with Datumaro, which CVAT builds on.

    datumaro_import.py FOLDER FORMAT

Prints one line of JSON: items, annotations by kind, and what masks and rotated boxes became; exits with 1 when Datumaro refuses the
dataset.
"""

import collections
import contextlib
import json
import sys


def main(folder, name):
    with contextlib.redirect_stdout(sys.stderr):
        import datumaro

        dataset = datumaro.Dataset.import_from(folder, name)
        kinds = collections.Counter(one.type.name for item in dataset for one in item.annotations)
        # The same item stands in several subsets (train and trainval) of VOC.
        items = len({item.id for item in dataset})
        found = {"items": items, "annotations": dict(kinds)}
        masks = [one.image for item in dataset for one in item.annotations if one.type.name == "mask"]
        if masks:
            # Where the pixels lie, so that a turned or shifted mask does not pass.
            found["masks"] = [[int(mask.sum()), *(int(places.sum()) for places in mask.nonzero())] for mask in masks]
        turned = [one for item in dataset for one in item.annotations if one.type.name == "rotated_bbox"]
        if turned:
            found["rotated"] = [[one.cx, one.cy, one.w, one.h, one.r] for one in turned]
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
