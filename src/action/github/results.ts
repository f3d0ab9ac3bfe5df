import { createHash } from 'node:crypto';
import { atLeast, flag, text } from '../../ledger/shape.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { GitHubError } from './error.ts';
import { shaped } from './request.ts';
import { jsonOf, refused, type Transport } from './transport.ts';
import { zipOf } from './zip.ts';

// The service that keeps the artefacts of a run. It is the one that `actions/upload-artifact` speaks to since its version 4; no
// documentation but that program describes it.

/** What the runner gives each step of a job, so that it may keep artefacts. */
export interface ResultsService {
  readonly url: string;
  readonly token: string;
}

/** A file to keep. */
export interface Kept {
  /** Of the artefact. */
  readonly name: string;
  readonly file: string;
  readonly content: string;
  readonly days: number;
}

/** The run and the job as that service calls them. */
interface Backend {
  readonly workflow_run_backend_id: string;
  readonly workflow_job_run_backend_id: string;
}

const created = atLeast<{ readonly ok: boolean; readonly signed_upload_url: string }>({
  ok: flag,
  signed_upload_url: text,
});
const finished = atLeast<{ readonly ok: boolean }>({ ok: flag });

/** Keeps a file as an artefact of this run. One of the same name, as an earlier try of the job has left it, gives way. */
export async function keepArtefact(
  transport: Transport,
  service: ResultsService,
  kept: Kept,
  now: Date,
): Promise<void> {
  const backend = backendOf(service.token);
  const call = (method: string, body: JsonObject) => twirp(transport, service, method, { ...backend, ...body });
  const archive = zipOf(kept.file, Buffer.from(kept.content, 'utf8'));
  const expires = new Date(now.getTime() + kept.days * 24 * 60 * 60 * 1000).toISOString();
  const wanted = { name: kept.name, expires_at: expires, version: 4 };
  const made = await call('CreateArtifact', wanted).catch(async (error: unknown) => {
    if (!(error instanceof GitHubError) || error.status !== 409) throw error;
    await call('DeleteArtifact', { name: kept.name });
    return call('CreateArtifact', wanted);
  });
  const { ok, signed_upload_url: url } = shaped(made, created, 'CreateArtifact');
  if (!ok) throw new GitHubError('The artefact could not be made.', 200);
  await upload(transport, url, archive);
  const hash = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  const done = await call('FinalizeArtifact', { name: kept.name, size: String(archive.length), hash });
  if (!shaped(done, finished, 'FinalizeArtifact').ok) throw new GitHubError('The artefact could not be finished.', 200);
}

async function twirp(
  transport: Transport,
  service: ResultsService,
  method: string,
  body: JsonObject,
): Promise<unknown> {
  const url = new URL(`/twirp/github.actions.results.api.v1.ArtifactService/${method}`, service.url).href;
  const headers = { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' };
  return (await jsonOf(transport, { method: 'POST', url, headers, body: JSON.stringify(body), repeatable: true }))
    .value;
}

/** The address is its own permission: it gets no token. */
async function upload(transport: Transport, url: string, archive: Buffer): Promise<void> {
  const headers = { 'content-type': 'application/zip', 'x-ms-blob-type': 'BlockBlob' };
  const sent = { method: 'PUT', url, headers, body: archive, repeatable: true } as const;
  const answer = await transport.send(sent);
  if (answer.status !== 201 && answer.status !== 200) throw refused(sent, answer);
}

/** The token says among its scopes `Actions.Results:RUN:JOB`. */
function backendOf(token: string): Backend {
  const scopes = claimsOf(token.split('.')[1] ?? '').scp;
  const found = typeof scopes === 'string' ? /(?:^| )Actions\.Results:([^: ]+):([^: ]+)(?: |$)/.exec(scopes) : null;
  const [, run, job] = found ?? [];
  if (run === undefined || job === undefined)
    throw new GitHubError("The runner's token does not say which run it is for.", undefined);
  return { workflow_run_backend_id: run, workflow_job_run_backend_id: job };
}

function claimsOf(part: string): JsonObject {
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(claims) ? claims : {};
  } catch {
    return {};
  }
}
