"""A fleet on Airflow 3, in pods of Kubernetes: `fleet_apply`, which your CI triggers after a merge, and `fleet_drift` every night.

Beside it, in the namespace of the pods, two secrets:

    kubectl create secret generic syncline-tokens --from-literal=ACME_TOKEN=… --from-literal=BOLT_TOKEN=…
    kubectl create secret generic syncline-git --from-file=.netrc   # may read and push: machine github.com login x password TOKEN
"""

from datetime import timedelta

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from kubernetes.client import models as k8s

IMAGE = "ghcr.io/syncline-dev/syncline:0.2.0"
REPOSITORY = "https://github.com/acme/syncs.git"
SHARDS = 4

work = k8s.V1VolumeMount(name="work", mount_path="/work")
git = k8s.V1VolumeMount(name="git", mount_path="/home/nonroot", read_only=True)


def on_every_shard(command, *flags, retries):
    """Runs a command once for each shard. `--shard I/N` says which targets that are, the same in every pod."""
    return KubernetesPodOperator.partial(
        task_id=command,
        name=f"syncline-{command}",
        image=IMAGE,
        env_from=[k8s.V1EnvFromSource(secret_ref=k8s.V1SecretEnvSource(name="syncline-tokens"))],
        init_containers=[
            k8s.V1Container(
                name="clone",
                image=IMAGE,
                command=["git"],
                args=["clone", "--quiet", REPOSITORY, "/work"],
                volume_mounts=[work, git],
            )
        ],
        volumes=[
            k8s.V1Volume(name="work", empty_dir=k8s.V1EmptyDirVolumeSource()),
            k8s.V1Volume(name="git", secret=k8s.V1SecretVolumeSource(secret_name="syncline-git")),
        ],
        volume_mounts=[work, git],
        retries=retries,
        retry_delay=timedelta(minutes=1),
        execution_timeout=timedelta(hours=2),
    ).expand(arguments=[[command, *flags, "--shard", f"{shard}/{SHARDS}"] for shard in range(1, SHARDS + 1)])


# One run at a time, the next one waits: `max_active_runs`. Each takes the newest commit; an older one would be refused.
with DAG("fleet_apply", schedule=None, catchup=False, max_active_runs=1):
    # Again where it failed: what is done is not done again.
    on_every_shard("apply", "--auto-approve", retries=2)

with DAG("fleet_drift", schedule="17 4 * * *", catchup=False, max_active_runs=1):
    # Exit 2, a failed task, where something has drifted.
    on_every_shard("drift", retries=0)
