from prefect import flow
from prefect_census.syncs import trigger_census_sync_run_and_wait_for_completion


@flow
def nightly():
    trigger_census_sync_run_and_wait_for_completion(sync_id=42)
