output "destination" {
  value = census_destination.crm.id
}
