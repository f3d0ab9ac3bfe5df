# resource "census_sync" "users" went to Syncline; the provider was sutrolabs/census.
terraform {
  required_providers {
    census = {
      source = "example/census"
    }
  }
}

resource "aws_s3_bucket" "census_sync" {
  bucket = "census"
}
