param([int] $Sync)
$Root = 'https://app.getcensus.com/api/v1'
Invoke-RestMethod -Method Post -Uri "$Root/syncs/$Sync/trigger"
