#!/bin/sh
# It was https://app.getcensus.com/api/v1 once.
curl --request POST \
  --header "Authorization: Bearer $CENSUS_PERSONAL_ACCESS_TOKEN" \
  "https://app.getcensus.com/api/v2/syncs/12/trigger"
