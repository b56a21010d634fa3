"""Imports a dataset with Datumaro, which CVAT builds on.

    datumaro_import.py FOLDER FORMAT

Prints one line of JSON: items, annotations by kind, and errors; exits with 1 when Datumaro refuses the dataset.
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
    print(json.dumps({"items": items, "annotations": dict(kinds)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
