import json
import urllib.request

body = {
    "operation": "upsert",
    "source_attributes": {"connection_id": 501, "object": {"type": "table"}},
    "destination_attributes": {"connection_id": 502, "object": "Contact"},
    "mappings": [],
}
request = urllib.request.Request(
    "https://app.getcensus.com/api/v1/syncs",
    data=json.dumps(body).encode(),
    method="POST",
)
