/** How far work on one target has come. Times in milliseconds. */
export interface Tracked {
  readonly target: string;
  /** When the present stage began. */
  readonly since: number;
  readonly stage: Reading | Working;
}

export interface Reading {
  readonly name: 'reading';
  readonly pages: number;
  readonly things: number;
  /** How many things there are in all; undefined where the service does not say. */
  readonly of: number | undefined;
}

export interface Working {
  readonly name: 'applying' | 'checking';
  readonly done: number;
  readonly of: number;
}

/** All of it on one line of at most `width` characters. Not escaped. */
export function progressLine(tracked: readonly Tracked[], now: number, width: number): string {
  const line = tracked.map((one) => words(one, now)).join(' · ');
  // A line that reaches the last column would break, and what breaks cannot be wiped.
  return line.length < width ? line : `${line.slice(0, Math.max(0, width - 2))}…`;
}

function words({ target, since, stage }: Tracked, now: number): string {
  const parts = stage.name === 'reading' ? readingWords(stage) : [`${stage.name} ${stage.done} of ${stage.of}`];
  const left = timeLeft(stage.name === 'reading' ? stage.things : stage.done, stage.of, now - since);
  return `${target}: ${[...parts, ...(left === undefined ? [] : [`about ${left} left`])].join(', ')}`;
}

function readingWords({ pages, things, of }: Reading): readonly string[] {
  if (pages === 0) return ['reading'];
  const read = `reading, ${pages} page${pages === 1 ? '' : 's'}`;
  return [read, of === undefined ? `${things} things` : `${things} of ${of} things`];
}

/** As long as it has taken so far for each; undefined where nothing tells, or hardly anything is left. */
function timeLeft(done: number, of: number | undefined, elapsed: number): string | undefined {
  if (of === undefined || done === 0 || done >= of) return undefined;
  const seconds = Math.round((elapsed * (of - done)) / done / 1000);
  if (seconds < 1) return undefined;
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
