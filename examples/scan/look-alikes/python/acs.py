"""Population by tract, from the Census Bureau."""
import os

import requests

key = os.environ["CENSUS_API_KEY"]
url = "https://api.census.gov/data/2022/acs/acs5"
rows = requests.get(url, params={"get": "B01003_001E", "for": "tract:*", "key": key}, timeout=60).json()
