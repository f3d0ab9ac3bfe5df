#!/bin/sh
# Census writes into our own service, which has a /api/v1 of its own.
curl -s "https://internal.example.com/api/v1/syncs"
curl -s "https://my-app.getcensus.com.example.org/api/v1/syncs"
