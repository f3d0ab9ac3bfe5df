import type { Io, Sink } from './io.ts';

/** The secrets of one run. Shorter values are left alone: hiding them would garble plans and protect nothing. */
export interface Vault {
  /** From now on this value is printed as `***`. */
  keep(value: string): void;
  redact(text: string): string;
}

const shortest = 8;

export function openVault(): Vault {
  const values = new Set<string>();
  return {
    keep: (value) => {
      if (value.length >= shortest) values.add(value);
    },
    redact: (text) => [...values].reduce((clean, value) => clean.replaceAll(value, '***'), text),
  };
}

/** The same world, in which nothing that is printed holds a secret. The last of several walls. */
export function guarded(io: Io, vault: Vault): Io {
  const guard = (sink: Sink): Sink => ({
    isTTY: sink.isTTY,
    get columns() {
      return sink.columns;
    },
    write: (text) => sink.write(vault.redact(text)),
  });
  return {
    stdout: guard(io.stdout),
    stderr: guard(io.stderr),
    get stdin() {
      return io.stdin;
    },
    env: io.env,
    cwd: io.cwd,
    checker: io.checker,
    cache: io.cache,
    now: io.now,
    sleep: io.sleep,
    changed: io.changed,
    told: io.told,
    failed: io.failed,
    signal: io.signal,
  };
}
