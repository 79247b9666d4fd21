"""Makes vectors.json: requests signed with SDK-HMAC-SHA256 by nothing but Python's standard library.

Run it as `python3 make_vectors.py > vectors.json`. The keys are fake.
"""

import hashlib
import hmac
import json
import sys
from urllib.parse import quote, unquote_to_bytes

ACCESS_KEY = "AKVECTOR0000000000001"
SECRET_KEY = "VectorSecretKeyNotARealSecret00000000001"

REQUESTS = [
    {
        "name": "delete-on-loopback",
        "method": "DELETE",
        "target": "/v1/0123456789abcdef0123456789abcdef/training-jobs/10",
        "headers": {"Host": "127.0.0.1:40123", "X-Sdk-Date": "20260105T070809Z"},
        "body": "",
    },
    {
        "name": "query-in-any-order-and-encoding",
        "method": "GET",
        "target": "/v1/p/training-jobs?status=7&sortBy=job_name&search_content=%e6%9c%ba%20a%2Bb~&order=desc&per_page=",
        "headers": {
            "Host": "modelarts.example.com",
            "X-Sdk-Date": "20241231T235959Z",
            "X-Project-Id": "p",
        },
        "body": "",
    },
    {
        "name": "json-body-with-security-token",
        "method": "POST",
        "target": "/v1/p/a%20b//training-jobs/",
        "headers": {
            "Host": "modelarts.example.com:8443",
            "Content-Type": "application/json; charset=utf-8",
            "X-Sdk-Date": "20250630T120000Z",
            "X-Security-Token": "vector-security-token",
        },
        "body": '{"job_desc":"训练 \\u00e9"}',
    },
    {
        "name": "body-left-out-of-the-signature",
        "method": "PUT",
        "target": "/v1/p/files/x",
        "headers": {
            "Host": "modelarts.example.com",
            "Content-Type": "application/octet-stream",
            "X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD",
            "X-Sdk-Date": "20250630T120000Z",
        },
        "body": "any bytes at all",
    },
]


def encode(raw: bytes) -> str:
    return quote(raw, safe="-_.~")


def signed(request: dict) -> dict:
    path, _, query = request["target"].partition("?")
    path = "/".join(encode(segment) for segment in unquote_to_bytes(path).split(b"/"))
    if not path.endswith("/"):
        path += "/"
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    pairs = sorted((unquote_to_bytes(key), unquote_to_bytes(value)) for key, _, value in pairs)
    query = "&".join(f"{encode(key)}={encode(value)}" for key, value in pairs)
    headers = sorted((name.lower(), value.strip()) for name, value in request["headers"].items())
    names = ";".join(name for name, _ in headers)
    content = dict(headers).get("x-sdk-content-sha256") or hashlib.sha256(request["body"].encode()).hexdigest()
    lines = "".join(f"{name}:{value}\n" for name, value in headers)
    canonical = "\n".join([request["method"], path, query, lines, names, content])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["SDK-HMAC-SHA256", request["headers"]["X-Sdk-Date"], digest])
    signature = hmac.new(SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
    authorization = f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders={names}, Signature={signature}"
    return {**request, "canonical_request": canonical, "authorization": authorization}


json.dump(
    {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "vectors": [signed(request) for request in REQUESTS]},
    sys.stdout,
    ensure_ascii=False,
    indent=2,
)
print()
