from airflow import DAG
from airflow_provider_census.operators.census import CensusOperator

with DAG("census") as dag:
    sync = CensusOperator(task_id="sync", sync_id=27, census_conn_id="census_default")
