"""A small client."""
import os

import requests

BASE = os.environ.get("CENSUS_BASE", "https://app.getcensus.com/api/v1")


def get(path):
    headers = {"Authorization": f"Bearer {os.environ['CENSUS_API_KEY']}"}
    return requests.get(f"{BASE}{path}", headers=headers, timeout=60).json()


def connectors():
    return get("/connectors")


def destination(number):
    return requests.get(f"{BASE}/destinations/{number}", timeout=60).json()
