"""Loads tasks and their labeling configuration with Label Studio's own SDK.

    label_studio_load.py FOLDER

The configuration is parsed and checked, every task and every result validated against it, brushes decoded with the SDK's decoder.
Prints one line of JSON: tasks, results by type, what the SDK objects to, per brush its pixels and where they lie, and the corners that the
SDK's converter gives turned boxes.
"""

import collections
import json
import os
import sys

import numpy as np
from label_studio_sdk.converter.brush import decode_rle, mask2rle
from label_studio_sdk.converter.utils import convert_annotation_to_yolo_obb
from label_studio_sdk.label_interface import LabelInterface


def main(folder):
    with open(os.path.join(folder, "label_config.xml"), encoding="utf-8") as file:
        interface = LabelInterface(file.read())
    interface.validate()
    with open(os.path.join(folder, "tasks.json"), encoding="utf-8") as file:
        tasks = json.load(file)
    types = collections.Counter()
    complaints, brushes, corners, same = [], [], [], 0
    for task in tasks:
        try:
            # Without annotations: the SDK 2.1.2 calls its own check of them without an argument.
            if interface.validate_task({"id": task["id"], "data": task["data"]}) is False:
                complaints.append(f"task {task['id']}")
            complaints += [f"annotation {one['id']}" for one in task["annotations"] if not interface.validate_annotation(one)]
        except Exception as error:
            complaints.append(f"task {task['id']}: {error}")
        for annotation in task["annotations"]:
            results = annotation["result"]
            for n, result in enumerate(results):
                types[result["type"]] += 1
                context = {"result": results, "region": result}
                complaints += interface.validate_region(result, return_errors=True, region_index=n, context=context)
                if result["value"].get("rotation"):
                    corners.append(convert_annotation_to_yolo_obb({**result, **result["value"]}, normalize=False))
                if result["type"] == "brushlabels":
                    size = (result["original_height"], result["original_width"], 4)
                    mask = decode_rle(result["value"]["rle"]).reshape(size)[:, :, 3] > 0
                    brushes.append([int(mask.sum()), *(int(places.sum()) for places in mask.nonzero())])
                    # The SDK packs the same picture; its padding may be a byte longer.
                    packed = mask2rle(mask.astype(np.uint8) * 255)
                    same += packed[: len(result["value"]["rle"])] == result["value"]["rle"]
    found = {"tasks": len(tasks), "results": dict(types), "complaints": complaints[:10]}
    print(json.dumps({**found, "brushes": brushes, "corners": corners, "same_bytes": same}))


if __name__ == "__main__":
    main(*sys.argv[1:])
