#!/usr/bin/env bash
# Starts the nightly sync once the warehouse is ready.
set -euo pipefail

curl --fail --silent --request POST \
  --header "Authorization: Bearer $CENSUS_API_KEY" \
  "https://app.getcensus.com/api/v1/syncs/${SYNC_ID}/trigger"
