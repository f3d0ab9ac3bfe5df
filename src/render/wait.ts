import type { Wait } from '../model/wait.ts';

/** What is waited for, in a sentence without its end. Not escaped. */
export function waitWords(wait: Wait): string {
  const seconds = Math.round(wait.milliseconds / 1000);
  switch (wait.reason) {
    case 'rate-limit':
      return `${wait.request}: answered 429, so all requests to this host wait ${seconds} s`;
    case 'retry': {
      const what = wait.status === null ? 'no answer' : `answered ${wait.status}`;
      const when = seconds > 1 ? `trying again in ${seconds} s` : 'trying again';
      return `${wait.request}: ${what}, ${when} (${wait.tries + 1} of ${wait.most})`;
    }
    case 'read-back':
      return `${wait.address}: the service does not show yet what was written; Syncline reads again for up to ${seconds} s`;
    case 'preparation':
      return `${wait.address}: the service refreshes it for those that use it; Syncline waits up to ${seconds} s`;
    default:
      return wait satisfies never;
  }
}
