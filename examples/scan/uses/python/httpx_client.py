import httpx

HOST = "https://app.getcensus.com"


class Census:
    def __init__(self, key):
        self.http = httpx.Client(base_url=HOST)
        self.key = key

    def runs(self, sync):
        return self.http.get(f"/api/v1/syncs/{sync}/sync_runs").json()
