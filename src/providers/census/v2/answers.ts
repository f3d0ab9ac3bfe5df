import type { Http, HttpAnswer, HttpRequest } from '../../../http/client.ts';
import { ProviderError } from '../../../model/errors.ts';
import { isObject, type Json } from '../../../model/json.ts';
import { publicHost, webApp } from '../wire/hosts.ts';
import { type AssumptionId, remarked } from './assumptions.ts';

/** The same client, which believes no answer that calls itself a failure, whatever its HTTP status (A17). */
export function strict(http: Http): Http {
  return {
    ...http,
    request: async (request) => {
      try {
        return believed(request, await http.request(request));
      } catch (error) {
        throw error instanceof ProviderError ? explained(http, error) : error;
      }
    },
  };
}

/** Words in which an answer with a good HTTP status says that there is no such thing, or that it failed. */
const failing: ReadonlyMap<Json | undefined, 'missing' | 'failed'> = new Map([
  ['not_found', 'missing'],
  ['error', 'failed'],
]);

function believed(request: HttpRequest, answer: HttpAnswer): HttpAnswer {
  const { status, body } = answer;
  const said = isObject(body) ? body.status : undefined;
  const failure = typeof said === 'number' && said >= 400 ? 'failed' : failing.get(said);
  if (status >= 400 || failure === undefined) return answer;
  const isMissing = failure === 'missing' || said === 404;
  if (isMissing && request.expected?.includes(404) === true) return { status: 404, body };
  const { method, path } = request;
  const serverMessage = isObject(body) && typeof body.message === 'string' ? body.message : undefined;
  const words = serverMessage === undefined ? '' : `: "${serverMessage}"`;
  // Who only reads or checks has changed nothing; a write that failed in this way may have done anything.
  const isHarmless = method === 'GET' || request.body?.validate_only === true || isMissing;
  throw new ProviderError(`${method} ${path} answered ${status} with the status ${JSON.stringify(said)}${words}`, {
    ...{ method, path, serverMessage },
    status: isMissing ? 404 : status,
    fate: isHarmless ? 'refused' : 'unknown',
  });
}

function explained(http: Http, error: ProviderError): ProviderError {
  const assumption = assumptionBehind(http, error);
  return assumption === undefined ? error : remarked(error, assumption);
}

/** What may explain a failure. A token goes nowhere but where the project says, so that there is no other host to try. */
function assumptionBehind({ host }: Http, { method, path, status, fate }: ProviderError): AssumptionId | undefined {
  const isElsewhere = webApp(host) !== undefined && webApp(host) !== publicHost();
  const isUnreached = status === undefined && fate === 'unsent';
  if (isElsewhere && (isUnreached || status === 401 || status === 404)) return 'A13';
  if (method !== 'GET') return undefined;
  if (status === 403) return 'A14';
  return status === 404 ? unlisted.get(path) : undefined;
}

/** Lists that are taken to be there. */
const unlisted: ReadonlyMap<string, AssumptionId> = new Map([
  ['/api/v2/syncs', 'A01'],
  ['/api/v2/datasets', 'A08'],
]);
