#!/bin/sh
CENSUS_HOST="${CENSUS_HOST:-https://app-eu.getcensus.com}"
list() {
  curl -s -u "bearer:$TOKEN" "$CENSUS_HOST/api/v1/$1?per_page=100"
}
list destinations
curl -s -u "bearer:$TOKEN" "$CENSUS_HOST/api/v1/destinations/12/objects"
