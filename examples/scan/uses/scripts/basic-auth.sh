#!/bin/sh
# The key in front of the host is how the old guide did it.
wget -qO- --post-data='' "https://bearer:secret-token:4f9c01b7d2e84a3c@app.getcensus.com/api/v1/syncs/90001/trigger"
