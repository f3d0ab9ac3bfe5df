/** What is wrong with a base URL: a fact that continues "The base URL …", and help. */
export interface UrlMistake {
  readonly fact: string;
  readonly hint: string;
}

const example = 'Write scheme, host and path only, such as "https://api.example.com".';

/**
 * What is wrong with the address of an API, or undefined. A token may travel over TLS or to this machine only; credentials, a query
 * or a fragment have no place in it, and neither has the version of the API. Never quotes the address: it may hold a password.
 */
export function urlMistake(value: string): UrlMistake | undefined {
  const address = { fact: 'is not a web address', hint: example };
  if (!/^https?:\/\//i.test(value) || /\s/.test(value) || !URL.canParse(value)) return address;
  const url = new URL(value);
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\/[^/]*@/i.test(value)) {
    return { fact: 'holds a user name or a password', hint: example };
  }
  if (/[?#]/.test(value)) return { fact: 'has a query or a fragment', hint: example };
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const hint = 'Write an address that starts with https; plain http is allowed for this machine only.';
    return { fact: 'is not encrypted (http) and not on this machine', hint };
  }
  const version = /(?:\/api)?\/v\d+(?=\/*$)|\/api\/v\d+(?=\/).*/i.exec(url.pathname);
  if (version === null) return undefined;
  return { fact: 'holds the version of the API', hint: `Leave out "${version[0]}": Syncline adds it.` };
}

/** 127.0.0.0/8, ::1 and localhost. The URL parser has already turned other spellings of an IPv4 address into dotted form. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
