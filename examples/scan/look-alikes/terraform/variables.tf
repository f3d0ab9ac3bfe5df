variable "census_source" {
  type        = string
  description = "Which census of the country to load"
}

locals {
  census_destination = "s3://example/${var.census_source}"
}
