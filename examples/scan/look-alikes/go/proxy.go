package main

import "net/http"

// The gateway of our own API, in front of Census and others.
func routes(mux *http.ServeMux) {
	mux.HandleFunc("/api/v1/sources", http.NotFound)
	mux.HandleFunc("/api/v1/destinations", http.NotFound)
}

const census = "https://app.getcensus.com"
