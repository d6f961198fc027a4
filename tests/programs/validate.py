# SPDX-License-Identifier: GPL-2.0-or-later
"""validate.py SCHEMA=FILE...: each JSON text in FILE must be valid by SCHEMA. FILE can have many, one after the
other; SCHEMA can refer to files beside it. Prints each text's errors, or that it has none."""
import json
import pathlib
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # RefResolver: what replaces it is not in Debian 12
from jsonschema import Draft202012Validator, RefResolver  # noqa: E402


def validator_of(path):
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, resolver=RefResolver(path.resolve().as_uri(), schema))


def texts_of(path):
    text = path.read_text().rstrip()
    end = 0
    while end < len(text):
        value, end = json.JSONDecoder().raw_decode(text, end)
        while end < len(text) and text[end].isspace():
            end += 1
        yield value


def main():
    counts = {True: 0, False: 0}
    for argument in sys.argv[1:]:
        schema, name = argument.split("=", 1)
        validator = validator_of(pathlib.Path(schema))
        for value in texts_of(pathlib.Path(name)):
            errors = list(validator.iter_errors(value))
            counts[not errors] += 1
            for error in errors:
                print(f"{name}: {error.json_path}: {error.message[:200]}", file=sys.stderr)
            if not errors:
                print(f"{name} is valid")
    print(f"texts: {counts[False]} not valid, {counts[True]} valid")
    return 1 if counts[False] else 0


sys.exit(main())
