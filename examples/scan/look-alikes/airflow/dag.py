from airflow import DAG
from airflow.operators.python import PythonOperator


def load_census() -> None:
    """Loads the census of the country; Census has no part in it."""


with DAG("census") as dag:
    PythonOperator(task_id="census", python_callable=load_census)
