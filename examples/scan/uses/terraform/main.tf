terraform {
  required_providers {
    census = {
      source  = "sutrolabs/census"
      version = "~> 0.2"
    }
  }
}

provider "census" {
  region = "us"
}

resource "census_workspace" "crm" {
  name = "CRM"
}

data "census_source" "warehouse" {
  id = 501
}

resource "census_sync" "users" {
  workspace_id = census_workspace.crm.id
}
