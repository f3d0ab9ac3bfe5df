import type { Origin } from '../model/diagnostic.ts';
import { fileIn } from './diagnostics/report.ts';
import { forJson, visible } from './escape.ts';

/** One finding of code scanning. */
export interface SarifResult {
  /** Names the rule. */
  readonly code: string;
  readonly level: 'error' | 'warning' | 'note';
  /** Lines of plain text. */
  readonly lines: readonly string[];
  readonly place: Origin;
  /** What stays the same while the finding does, wherever its line moves; left out where the line itself says that. */
  readonly identity?: string | undefined;
}

interface Options {
  /** `syncline x.y.z`. */
  readonly tool: string;
  /** The project's folder in the repository. */
  readonly base?: string | undefined;
  /** What a rule is about, where its name does not say that. */
  readonly rules?: Readonly<Record<string, string>>;
  /** What the results do not say. */
  readonly notes?: readonly string[];
  /** Why there are not more of them. */
  readonly failures?: readonly string[];
}

/** A log of SARIF 2.1.0 with one run. */
export function sarif(
  results: readonly SarifResult[],
  { tool, base = '', rules = {}, notes = [], failures = [] }: Options,
): string {
  const [name = '', version = ''] = tool.split(' ');
  const codes = [...new Set(results.map((one) => one.code))].sort((first, second) => (first < second ? -1 : 1));
  const driver = {
    name,
    version,
    rules: codes.map((id) => ({ id, shortDescription: { text: rules[id] ?? id.replaceAll('-', ' ') } })),
  };
  const indices = new Map(codes.map((code, index) => [code, index]));
  const told = [
    ...failures.map((text) => ({ level: 'error', message: { text: plain(text) } })),
    ...notes.map((text) => ({ level: 'note', message: { text: plain(text) } })),
  ];
  const invocations = [{ executionSuccessful: failures.length === 0, toolExecutionNotifications: told }];
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    results: results.map((one) => result(one, indices, base)),
    ...(told.length > 0 ? { invocations } : {}),
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${forJson(log, 2)}\n`;
}

function result(
  { code, level, lines, place, identity }: SarifResult,
  indices: ReadonlyMap<string, number>,
  base: string,
) {
  const uri = fileIn(base, place.file).split('/').map(encodeSegment).join('/');
  const region = { startLine: place.line, startColumn: place.column };
  return {
    ruleId: code,
    ruleIndex: indices.get(code),
    level,
    message: { text: lines.map(plain).join('\n') },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
    // GitHub asks for this one alone.
    ...(identity === undefined ? {} : { partialFingerprints: { primaryLocationLineHash: `${hash(identity)}:1` } }),
  };
}

/** Viewers turn `[text](target)` in a message into a link; foreign text may not do that. */
function plain(text: string): string {
  return visible(text).replaceAll('](', '] (');
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(visible(segment));
}

/** FNV-1a with 64 bits, in hex: nobody has to be kept from finding two texts that have the same one. */
function hash(text: string): string {
  let sum = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    sum = ((sum ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return sum.toString(16).padStart(16, '0');
}
