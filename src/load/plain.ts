/** A plain (unquoted) scalar that does not mean everywhere what it seems to say. */
export interface Surprise {
  readonly code: 'yaml-1.1' | 'unsafe-integer' | 'not-json';
  readonly message: string;
  readonly hint: string;
}

const booleans: Readonly<Record<string, boolean>> = { y: true, yes: true, on: true, n: false, no: false, off: false };

/** Nearly every number that people write; all of them are what they seem. */
const harmless = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const octal = /^[-+]?0[\d_]+$/;
const binary = /^[-+]?0b[01_]+$/;
const sexagesimal = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const grouped = /^[-+]?\d[\d_]*_[\d_]*(?:\.[\d_]*)?$/;
const integer = /^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/;
const special = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** First characters of every scalar that `surpriseIn` can object to. */
export const suspects: readonly string[] = [...'yYnNoO+-.0123456789'];

/** What is wrong with a plain scalar, or undefined. YAML 1.1 tools read `no`, `010` and `1:30` as false, 8 and 90. */
export function surpriseIn(source: string): Surprise | undefined {
  const first = source.charCodeAt(0);
  if (first > 0x39) return source.length <= 3 ? wordSurprise(source) : undefined;
  if (harmless.test(source)) return undefined;
  return numberSurprise(source);
}

function wordSurprise(source: string): Surprise | undefined {
  const usual = source === source.toUpperCase() || source.slice(1) === source.slice(1).toLowerCase();
  const lower = source.toLowerCase();
  if (!usual || !Object.hasOwn(booleans, lower)) return undefined;
  return {
    code: 'yaml-1.1',
    message: `Unquoted ${source} is text in YAML 1.2 and ${booleans[lower] === true} in YAML 1.1.`,
    hint: `Quote it ("${source}"), or write true or false.`,
  };
}

function numberSurprise(source: string): Surprise | undefined {
  const older = olderReading(source);
  if (older !== undefined) {
    return {
      code: 'yaml-1.1',
      message: `Unquoted ${source} is ${older} in YAML 1.1 and something else in YAML 1.2.`,
      hint: `Quote it ("${source}"), or write a plain decimal number.`,
    };
  }
  if (special.test(source)) {
    return {
      code: 'not-json',
      message: `${source} is a number that JSON, and so the API, does not have.`,
      hint: `Write a finite number, or quote it ("${source}") where text is meant.`,
    };
  }
  if (!integer.test(source) || Number.isSafeInteger(Number(source))) return undefined;
  return {
    code: 'unsafe-integer',
    message: `${source} is beyond 2^53 and would be rounded.`,
    hint: `Quote it ("${source}") where text is meant; a number must be between -9007199254740991 and 9007199254740991.`,
  };
}

function olderReading(source: string): string | undefined {
  if (octal.test(source)) return 'an octal number';
  if (binary.test(source)) return 'a binary number';
  if (sexagesimal.test(source)) return 'a number in base 60';
  if (grouped.test(source)) return 'a number with digit groups';
  return undefined;
}
