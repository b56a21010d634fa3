"""Reads a dataset with FiftyOne's own importers, which is what `Dataset.from_dir` does before it stores the samples.

    fiftyone_import.py coco FOLDER FILE | yolo FOLDER | segments FOLDER | voc FOLDER | cvat FOLDER

Prints one line of JSON: images, which must all open, labels by kind, and how often each class stands on one. The samples are not stored: that
takes a MongoDB, which FiftyOne fetches from the site of its maker.
"""

import collections
import contextlib
import json
import os
import sys

os.environ.setdefault("FIFTYONE_DO_NOT_TRACK", "true")


def importers(kind, folder, file=None):
    from fiftyone.utils.coco import COCODetectionDatasetImporter
    from fiftyone.utils.cvat import CVATImageDatasetImporter
    from fiftyone.utils.voc import VOCDetectionDatasetImporter
    from fiftyone.utils.yolo import YOLOv5DatasetImporter

    if kind == "coco":
        types = ["keypoints"] if file == "keypoints.json" else ["detections", "segmentations"]
        places = {"data_path": os.path.join(folder, "images"), "labels_path": os.path.join(folder, file)}
        return [COCODetectionDatasetImporter(**places, label_types=types, include_id=True)]
    if kind in ("yolo", "segments"):
        form = {"yolo": "detections", "segments": "polylines"}[kind]
        yaml = os.path.join(folder, "data.yaml")
        return [YOLOv5DatasetImporter(yaml_path=yaml, split=split, label_type=form) for split in ("train", "val")]
    if kind == "voc":
        root = os.path.join(folder, "VOCdevkit", "VOC2012")
        places = {"data_path": os.path.join(root, "JPEGImages"), "labels_path": os.path.join(root, "Annotations")}
        return [VOCDetectionDatasetImporter(**places)]
    places = {"data_path": os.path.join(folder, "images"), "labels_path": os.path.join(folder, "annotations.xml")}
    return [CVATImageDatasetImporter(**places)]


def main(*args):
    from PIL import Image

    images, kinds, classes = 0, collections.Counter(), collections.Counter()
    with contextlib.redirect_stdout(sys.stderr):
        for importer in importers(*args):
            with importer:
                for path, _, found in importer:
                    Image.open(path).verify()
                    images += 1
                    for name, labels in (found if isinstance(found, dict) else {"labels": found}).items():
                        ones = [one for field in ("detections", "polylines", "keypoints", "classifications") for one in getattr(labels, field, None) or []]
                        kinds[name] += len(ones)
                        classes.update(one.label for one in ones)
    print(json.dumps({"images": images, "labels": kinds, "classes": classes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
