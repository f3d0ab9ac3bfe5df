from urllib.parse import urljoin

import requests

ROOT = "https://app.getcensus.com"


def workspaces(session: requests.Session):
    return session.get(urljoin(ROOT, "/api/v1/workspaces")).json()
