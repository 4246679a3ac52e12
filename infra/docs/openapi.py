"""The API's OpenAPI document, for checks against it: `python -m infra.docs.openapi`."""

import json

from mxtrax.api import openapi

if __name__ == "__main__":
    print(json.dumps(openapi.document(), indent=1))
