"""Loads a COCO file with pycocotools and scores its annotations as if they were a perfect model's predictions.

    coco_self_score.py FILE

Prints one JSON line: how many annotations and masks were read, the average precision for boxes and for masks (1.0 is right: anything
less means a consumer sees our file differently from what it says), and the largest difference between a stated area and the pixels
of its mask, for masks stated as pixels. Exits with 1 when a score is below 1.
"""

import contextlib
import copy
import json
import sys

import numpy
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def score(truth, predictions, kind):
    """Average precision over all classes and thresholds."""
    # Every object of an image counts, however many there are: the default looks at the first 100.
    most = max(len(truth.imgToAnns[image]) for image in truth.imgs) if truth.imgs else 1
    run = COCOeval(truth, predictions, kind)
    if kind == "keypoints":
        run.params.maxDets = [max(20, most)]
        # The scorer knows the spread of 17 points of a person only.
        count = max((len(a.get("keypoints", [])) // 3 for a in truth.anns.values()), default=17)
        if count != 17:
            run.params.kpt_oks_sigmas = numpy.full(count, 0.05)
    else:
        run.params.maxDets = [1, 10, max(100, most)]
    run.evaluate()
    run.accumulate()
    precision = run.eval["precision"][:, :, :, 0, -1]
    return float(numpy.mean(precision[precision > -1]))


def main(path):
    with contextlib.redirect_stdout(sys.stderr):
        truth = COCO(path)
        annotations = list(truth.anns.values())
        pixel_error = 0
        for annotation in annotations:
            mask = truth.annToMask(annotation)
            if isinstance(annotation["segmentation"], dict):
                pixel_error = max(pixel_error, abs(int(mask.sum()) - annotation["area"]))
        predictions = [
            {
                "image_id": annotation["image_id"],
                "category_id": annotation["category_id"],
                "bbox": annotation["bbox"],
                "segmentation": truth.annToRLE(annotation),
                "score": 1.0,
            }
            for annotation in annotations
        ]
        # With `bbox` in a prediction pycocotools ignores its mask, so masks are scored without.
        boxes = truth.loadRes([{k: v for k, v in p.items() if k != "segmentation"} for p in predictions])
        masks = truth.loadRes([{k: v for k, v in p.items() if k != "bbox"} for p in copy.deepcopy(predictions)])
        empty = sum(1 for p in predictions if coco_mask.area(p["segmentation"]) == 0)
        posed = [
            {"image_id": a["image_id"], "category_id": a["category_id"], "keypoints": a["keypoints"], "score": 1.0}
            for a in annotations
            if "keypoints" in a
        ]
        result = {
            "annotations": len(annotations),
            "images": len(truth.imgs),
            "categories": len(truth.cats),
            "empty_masks": empty,
            "pixel_error": pixel_error,
            "bbox": score(truth, boxes, "bbox"),
            "segm": score(truth, masks, "segm"),
        }
        if posed:
            result["keypoints"] = score(truth, truth.loadRes(posed), "keypoints")
    print(json.dumps(result))
    return 0 if all(result.get(kind, 1) > 0.9999 for kind in ("bbox", "segm", "keypoints")) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
