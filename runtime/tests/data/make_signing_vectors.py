"""Makes signing.json: requests signed by the vendor's own SDK, with its clock frozen.

    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install huaweicloudsdkcore==3.1.219
    /tmp/venv/bin/python runtime/tests/data/make_signing_vectors.py > runtime/tests/data/signing.json

Only the inputs are written here; everything that the tests expect is what the SDK made of them. All keys are fake.
The SDK signs every header of a request, we only some: so no input has a header that we leave unsigned.
"""

import base64
import json
from datetime import datetime

from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer import signer
from huaweicloudsdkcore.signer.algorithm import SigningAlgorithm

AK = "AKFAKEEXAMPLE0000009"
SK = "fake-secret-key-for-tests-only-9"
TOKEN = "fake/security+token==for-tests-only"
PROJECT = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
DOMAIN = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
HOST = "modelarts.eu-west-101.myhuaweicloud.com"
JSON = {"Content-Type": "application/json"}

# name, then what differs from a GET of / at the end of 2028 without query, headers and body
INPUTS = [
    ("root", {}),
    ("trailing slash", {"path": f"/v1/{PROJECT}/training-jobs/", "date": "20280229T000000Z"}),
    ("path in unicode", {"path": "/v2/%e8%ae%ad%e7%bb%83/Z%C3%BCrich/%F0%9F%98%80"}),
    ("path with slashes, doubled and encoded", {"path": "/v1//a%2Fb//c%2f"}),
    ("path with reserved and encoded characters", {"path": "/v1/a+b;c=d,e@f:g!h$i&j'k(l)m*n/%7E%2D%41%25%20"}),
    ("path that is not UTF-8", {"path": "/v1/%ff%e8%ae/%C3%28"}),
    ("query with repeated, empty and unicode values", {
        "query": [["tag", "ü b"], ["tag", "a"], ["Tag", "~"], ["empty", ""], ["名", "1+1=2"], ["tag", ""]],
    }),
    ("query in the order of code points", {"query": [["\U0001f600", "1"], ["\uff5e", "2"], ["z", "%41"]]}),
    ("query sorted before it is encoded", {"query": [["k", "{"], ["k", "z"], ["k|", "1"], ["k", "A"], ["k", "/"]]}),
    ("json body in unicode", {
        "method": "POST", "path": f"/v1/{PROJECT}/training-jobs", "headers": JSON,
        "body": '{"job_name":"été","job_desc":"训练 😀"}', "project_id": PROJECT,
    }),
    ("json body with a charset", {
        "method": "PUT", "path": "/v1/x", "headers": {"Content-Type": "application/json; charset=utf-8"},
        "body": "[1, 2]\r\n", "date": "19991231T235959Z",
    }),
    ("bson body", {"method": "PUT", "path": "/v1/x", "headers": {"Content-Type": "application/bson"}, "body": "\x05\0\0\0\0"}),
    ("body without a type", {"method": "PATCH", "path": "/v1/x", "body": "a=1&b=2"}),
    ("body that is not signed", {
        "method": "POST", "path": "/v1/x", "headers": {"Content-Type": "text/plain"}, "body": "not covered",
    }),
    ("declared hash", {
        "method": "POST", "path": "/v1/x", "headers": dict(JSON, **{"X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}),
        "body": "{}",
    }),
    ("temporary keys", {
        "method": "DELETE", "path": f"/v1/{PROJECT}/training-jobs/10", "security_token": TOKEN, "project_id": PROJECT,
    }),
    ("keys of an account", {"path": "/v3/users", "domain_id": DOMAIN, "security_token": TOKEN}),
    ("loopback with a port", {"scheme": "http", "host": "127.0.0.1:18080", "query": [["b", "1"], ["a", "1"]]}),
    ("IPv6 with a port", {"host": "[2001:db8::9]:443", "method": "HEAD"}),
    ("secret key longer than a block", {"sk": "0123456789" * 9, "date": "20300601T120000Z"}),
    ("secret key of exactly a block", {"sk": "0123456789abcdef" * 4}),
]
DEFAULTS = {
    "ak": AK, "sk": SK, "security_token": None, "project_id": None, "domain_id": None, "method": "GET",
    "scheme": "https", "host": HOST, "path": "/", "query": [], "headers": {}, "body": "", "date": "20281231T235959Z",
}


class RecordingSigner(signer.Signer):
    """The SDK's signer, which also keeps the texts that it makes on the way."""

    def sign(self, request):
        self.texts = {}
        super().sign(request)
        request.texts = self.texts
        return request

    def _process_canonical_request(self, request, signed_headers):
        self.texts["signed_headers"] = ";".join(signed_headers)
        self.texts["canonical_request"] = super()._process_canonical_request(request, signed_headers)
        return self.texts["canonical_request"]

    def _process_string_to_sign(self, canonical_request, time):
        self.texts["string_to_sign"] = super()._process_string_to_sign(canonical_request, time)
        return self.texts["string_to_sign"]


def sign(given):
    """What the SDK makes of an input on its date."""

    class Frozen(datetime):
        @classmethod
        def utcnow(cls):
            return datetime.strptime(given["date"], "%Y%m%dT%H%M%SZ")

    signer.datetime = Frozen
    if given["domain_id"]:
        credentials = GlobalCredentials(given["ak"], given["sk"], given["domain_id"])
    else:
        credentials = BasicCredentials(given["ak"], given["sk"], given["project_id"])
    credentials.security_token = given["security_token"]
    credentials._SIGNER_CASE = {SigningAlgorithm.HMAC_SHA256: RecordingSigner}
    request = credentials.sign_request(SdkRequest(
        method=given["method"], schema=given["scheme"], host=given["host"], resource_path=given["path"],
        query_params=[tuple(pair) for pair in given["query"]], header_params=dict(given["headers"]),
        body=base64.b64decode(given["body_b64"]),
    ))
    return {
        **request.texts,
        "authorization": request.header_params["Authorization"],
        "wire_uri": request.uri,
        "wire_headers": dict(request.header_params),
    }


vectors = []
for name, differing in INPUTS:
    given = {**DEFAULTS, **differing}
    given["body_b64"] = base64.b64encode(given.pop("body").encode()).decode()
    vectors.append({"name": name, **given, **sign(given)})
about = "Made by make_signing_vectors.py with the vendor's SDK; all keys are fake."
print(json.dumps({"about": about, "vectors": vectors}, indent=1))
