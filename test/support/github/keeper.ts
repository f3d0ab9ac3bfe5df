import type { IncomingMessage } from 'node:http';
import { type Answer, type Artefact, notFound, type Run, type Seen } from './nouns.ts';

/** What of the state has to do with artefacts. */
interface Shelf {
  readonly runs: readonly Run[];
  readonly artefacts: Artefact[];
  readonly seen: Seen[];
  readonly blobUrl: string;
  forge(run: Run, name: string, content: Buffer): Artefact;
}

/** The half of GitHub that keeps artefacts, as `actions/upload-artifact` speaks to it, and the other host where their bytes lie. */
export class Keeper {
  private readonly state: Shelf;
  private readonly uploads = new Map<string, Buffer>();
  private readonly drafts = new Map<string, { readonly expiresAt: string | undefined }>();

  constructor(state: Shelf) {
    this.state = state;
  }

  /** The service that keeps artefacts: it knows runs and jobs by names of its own, which only its token tells. */
  call(method: string, token: string | undefined, body: Record<string, unknown>): Answer {
    const run = this.state.runs.find((one) => one.runtimeToken === token);
    if (run === undefined) return { status: 401, body: { code: 'unauthenticated', msg: 'invalid token' } };
    const { workflow_run_backend_id: backend, workflow_job_run_backend_id: job, name } = body;
    if (backend !== `run-${run.id}` || job !== `job-${run.id}` || typeof name !== 'string')
      return { status: 403, body: { code: 'permission_denied', msg: 'wrong backend ids' } };
    const key = `${run.id}/${name}`;
    const index = this.state.artefacts.findIndex((one) => one.run === run.id && one.name === name);
    switch (method) {
      case 'CreateArtifact':
        if (/["':<>|*?\r\n\\/]/.test(name)) return { status: 400, body: { code: 'invalid_argument', msg: 'bad name' } };
        if (index >= 0)
          return { status: 409, body: { code: 'already_exists', msg: 'an artifact with this name already exists' } };
        this.drafts.set(key, { expiresAt: text(body.expires_at) });
        return {
          status: 200,
          body: { ok: true, signed_upload_url: `${this.state.blobUrl}/upload/${encodeURIComponent(key)}?sig=s3cr3t` },
        };
      case 'DeleteArtifact':
        if (index < 0) return { status: 404, body: { code: 'not_found', msg: 'no such artifact' } };
        this.state.artefacts.splice(index, 1);
        return { status: 200, body: { ok: true, artifact_id: '1' } };
      case 'FinalizeArtifact': {
        const content = this.uploads.get(key);
        const draft = this.drafts.get(key);
        if (content === undefined || draft === undefined)
          return { status: 404, body: { code: 'not_found', msg: 'no upload' } };
        if (body.size !== String(content.length))
          return { status: 400, body: { code: 'invalid_argument', msg: 'wrong size' } };
        const made = { ...this.state.forge(run, name, content), expiresAt: draft.expiresAt };
        this.state.artefacts[this.state.artefacts.length - 1] = made;
        return { status: 200, body: { ok: true, artifact_id: String(made.id) } };
      }
      default:
        return { status: 404, body: { code: 'bad_route', msg: method } };
    }
  }

  /** The other host. It takes signed links, and refuses whoever shows it a token besides. */
  blob(request: IncomingMessage, raw: Buffer): Answer {
    const url = new URL(request.url ?? '/', this.state.blobUrl);
    const authorised = request.headers.authorization !== undefined;
    this.state.seen.push({ method: request.method ?? '', path: url.pathname, body: {}, authorised });
    if (authorised || url.searchParams.get('sig') !== 's3cr3t')
      return { status: 403, body: { message: 'AuthenticationFailed' } };
    const [, kind, name = ''] = url.pathname.split('/');
    if (kind === 'artefact' && request.method === 'GET') {
      const found = this.state.artefacts.find((one) => one.id === Number(name));
      return found === undefined ? notFound : { status: 200, body: found.content };
    }
    if (kind !== 'upload' || request.method !== 'PUT') return notFound;
    if (request.headers['x-ms-blob-type'] !== 'BlockBlob')
      return { status: 400, body: { message: 'MissingRequiredHeader' } };
    this.uploads.set(decodeURIComponent(name), raw);
    return { status: 201 };
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
