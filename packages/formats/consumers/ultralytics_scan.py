"""Scans a YOLO dataset folder as a trainer does before its first epoch.

    ultralytics_scan.py FOLDER detect|segment|obb|pose|classify

Prints one line of JSON: images, instances, corrupt images, what the scan complained of, the classes, and sizes as the trainer sees them.
"""

import contextlib
import json
import os
import sys
import tempfile

os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp())
os.environ.setdefault("YOLO_OFFLINE", "true")


def scan(folder, task):
    from ultralytics.data.dataset import YOLODataset
    from ultralytics.data.utils import check_det_dataset, load_dataset_cache_file
    from pathlib import Path

    data = check_det_dataset(os.path.join(folder, "data.yaml"), autodownload=False)
    result = {"images": 0, "instances": 0, "corrupt": 0, "complaints": [], "sizes": {}, "names": list(data["names"].values())}
    for split in sorted({data[name] for name in ("train", "val", "test") if data.get(name)}):
        dataset = YOLODataset(img_path=split, data=data, task=task, augment=False, imgsz=64)
        cache = load_dataset_cache_file(Path(split.replace("images", "labels")).with_suffix(".cache"))
        result["corrupt"] += cache["results"][3]
        result["complaints"] += cache["msgs"]
        result["images"] += len(dataset.labels)
        for label in dataset.labels:
            height, width = label["shape"]
            result["sizes"][os.path.basename(label["im_file"])] = [int(width), int(height)]
            result["instances"] += len(label["cls"])
            if task in ("segment", "obb"):
                assert len(label["segments"]) == len(label["cls"]), label
            if task == "pose" and len(label["cls"]):
                assert label["keypoints"].shape[1:] == tuple(data["kpt_shape"]), label
    return result


def scan_folders(folder):
    from ultralytics.cfg import get_cfg
    from ultralytics.data.dataset import ClassificationDataset

    result = {"images": 0, "instances": 0, "corrupt": 0, "complaints": [], "names": None}
    for split in ("train", "val"):
        args = get_cfg(overrides={"imgsz": 64, "cache": False})
        root = os.path.join(folder, split)
        count = sum(len(files) for _, _, files in os.walk(root))
        dataset = ClassificationDataset(root, args, augment=False, prefix=split)
        result["images"] += count
        result["instances"] += len(dataset.samples)
        result["corrupt"] += count - len(dataset.samples)
        result["names"] = dataset.base.classes
    return result


def main(folder, task):
    with contextlib.redirect_stdout(sys.stderr):
        result = scan_folders(folder) if task == "classify" else scan(folder, task)
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
