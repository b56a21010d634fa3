"""Loads every item of a dataset with torchvision.

    torchvision_load.py voc ROOT | voc-masks ROOT | coco IMAGES FILE | captions IMAGES FILE | folder ROOT

Prints one line of JSON with counts.
"""

import contextlib
import json
import sys

import numpy


def voc(root):
    from torchvision.datasets import VOCDetection

    objects, items, boxes = 0, 0, []
    for split in ("train", "val", "trainval"):
        dataset = VOCDetection(root, year="2012", image_set=split)
        for image, target in dataset:
            annotation = target["annotation"]
            size = annotation["size"]
            assert image.size == (int(size["width"]), int(size["height"])), annotation
            if split == "trainval":
                items += 1
                objects += len(annotation.get("object", []))
                boxes += [[int(one["bndbox"][key]) for key in ("xmin", "ymin", "xmax", "ymax")] for one in annotation.get("object", [])]
    return {"items": items, "objects": objects, "boxes": boxes}


def voc_masks(root):
    from torchvision.datasets import VOCSegmentation

    dataset = VOCSegmentation(root, year="2012", image_set="trainval")
    pixels = 0
    for image, mask in dataset:
        assert image.size == mask.size and mask.mode == "P", mask
        pixels += int((numpy.array(mask) > 0).sum())
    return {"items": len(dataset), "pixels": pixels}


def coco(images, file):
    from torchvision.datasets import CocoDetection

    dataset = CocoDetection(images, file)
    return {"items": len(dataset), "objects": sum(len(target) for _, target in (dataset[n] for n in range(len(dataset))))}


def captions(images, file):
    from torchvision.datasets import CocoCaptions

    dataset = CocoCaptions(images, file)
    return {"items": len(dataset), "captions": [text for n in range(len(dataset)) for text in dataset[n][1]]}


def folder(root):
    from torchvision.datasets import ImageFolder

    dataset = ImageFolder(root)
    return {"items": len([dataset[n] for n in range(len(dataset))]), "classes": dataset.classes}


if __name__ == "__main__":
    kinds = {"voc": voc, "voc-masks": voc_masks, "coco": coco, "captions": captions, "folder": folder}
    with contextlib.redirect_stdout(sys.stderr):
        result = kinds[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(result))
