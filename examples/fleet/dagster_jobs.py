"""A fleet on Dagster: `fleet_apply`, which your CI launches after a merge, and `fleet_drift` every night.

The code location holds Node and a checkout of the repository with its whole history, whose `origin` may be pushed to; its environment
(in Dagster+ under Deployment > Environment variables) has each variable that fleet.csv names: ACME_TOKEN, BOLT_TOKEN.

One run at a time, which `dagster.yaml` says (in Dagster+ the settings of the deployment):

    concurrency:
      runs:
        tag_concurrency_limits:
          - { key: syncline, value: fleet, limit: 1 }
"""

import json
import os
import subprocess

import dagster as dg

PROJECT = os.environ.get("SYNCLINE_PROJECT", ".")
SYNCLINE = ["npx", "--yes", "syncline@0.2.0"]


def syncline(context: dg.OpExecutionContext, *words: str) -> str:
    """Its results. What may pass (no answer: 1, half of it done: 5) is tried again; what is done is not done again."""
    done = subprocess.run([*SYNCLINE, *words], cwd=PROJECT, capture_output=True, text=True)
    context.log.info(done.stdout + done.stderr)
    if done.returncode == 0:
        return done.stdout
    raise dg.Failure(f"syncline {words[0]}: exit {done.returncode}", allow_retries=done.returncode in (1, 5))


@dg.op(out=dg.DynamicOut(str))
def shards(context: dg.OpExecutionContext):
    """The targets of each shard, as words of a command line."""
    for one in json.loads(syncline(context, "fleet", "matrix", "--max", "8")):
        yield dg.DynamicOutput(one["args"], mapping_key=one["shard"].replace("/", "_of_"))


@dg.op(retry_policy=dg.RetryPolicy(max_retries=2, delay=60, backoff=dg.Backoff.EXPONENTIAL))
def apply(context: dg.OpExecutionContext, args: str):
    syncline(context, "apply", *args.split(), "--auto-approve")


@dg.op
def drift(context: dg.OpExecutionContext, args: str):
    """Fails (exit 2) where something has drifted."""
    syncline(context, "drift", *args.split())


@dg.job(tags={"syncline": "fleet"})
def fleet_apply():
    shards().map(apply)


@dg.job(tags={"syncline": "fleet"})
def fleet_drift():
    shards().map(drift)


nightly = dg.ScheduleDefinition(job=fleet_drift, cron_schedule="17 4 * * *")
defs = dg.Definitions(jobs=[fleet_apply, fleet_drift], schedules=[nightly])
