import type { Secret } from '../model/secret.ts';

/** Replaces every spelling of the secrets that a message could carry: plain, URL-encoded, base64. */
export function redactor(secrets: () => readonly Secret[]): (text: string) => string {
  return (text) => {
    let clean = text;
    for (const form of secrets().flatMap((one) => forms(one.reveal()))) clean = clean.replaceAll(form, '***');
    return clean;
  };
}

/** Longest first, so that no form leaves a piece of a longer one behind. */
function forms(token: string): string[] {
  const base64 = Buffer.from(token, 'utf8').toString('base64');
  const all = [token, token.trim(), encodeURIComponent(token), base64, base64.replace(/=+$/, ''), base64Url(base64)];
  return [...new Set(all)].filter((form) => form !== '').sort((first, second) => second.length - first.length);
}

function base64Url(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
