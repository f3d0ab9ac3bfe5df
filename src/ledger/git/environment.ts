export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What every process of git is started with: all that says how a remote is reached (credentials, ssh, proxies, certificates,
 * where the user's settings lie), and nothing that says which repository is meant. Hooks and `git -C` leave such variables to
 * whatever they start (`GIT_DIR`, `GIT_INDEX_FILE`, …); a project's repository is found from its folder alone.
 */
export function gitEnvironment(environment: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (!name.startsWith('GIT_') || isAboutReaching(name))) kept[name] = value;
  }
  // Nobody may be there to answer a question, messages are shown as they are, and no reader takes a lock.
  return { ...kept, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

/** By exact name, or by the beginning that ends in `_`. */
const reaching = [
  'GIT_ALLOW_PROTOCOL',
  'GIT_ASKPASS',
  'GIT_CEILING_DIRECTORIES',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_KEY_',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_VALUE_',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_EXEC_PATH',
  'GIT_HTTP_',
  'GIT_PROTOCOL',
  'GIT_PROXY_',
  'GIT_SSH',
  'GIT_SSH_',
  'GIT_SSL_',
  'GIT_TRACE',
  'GIT_TRACE_',
  'GIT_TRACE2',
  'GIT_TRACE2_',
];

function isAboutReaching(name: string): boolean {
  return reaching.some((one) => (one.endsWith('_') ? name.startsWith(one) : name === one));
}
