package main

import (
	"fmt"
	"net/http"
)

const host = "https://app.getcensus.com"

func datasets() (*http.Response, error) {
	return http.Get(fmt.Sprintf("%s/api/v1/datasets?page=%d", host, 1))
}
