/** A plain (unquoted) scalar that does not mean everywhere what it seems to say. */
export interface Surprise {
  readonly code: 'yaml-1.1' | 'unsafe-integer' | 'not-json';
  readonly message: string;
  readonly hint: string;
}

/** Every spelling of a YAML 1.1 boolean that YAML 1.2 does not have, and what it meant. */
const booleans: ReadonlyMap<string, boolean> = new Map(
  Object.entries({ y: true, yes: true, on: true, n: false, no: false, off: false }).flatMap(([word, value]) =>
    [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)].map(
      (spelling) => [spelling, value] as const,
    ),
  ),
);

/** Nearly every number that people write; all of them are what they seem, and are written as they are printed. */
const harmless = /^(?:0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,7})\.\d{0,5}[1-9])$/;
const octal = /^[-+]?0[\d_]+$/;
const binary = /^[-+]?0b[01_]+$/;
const sexagesimal = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const grouped = /^[-+]?\.?\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]\d+)?$/;
const hexadecimal = /^[-+]?0x[\da-fA-F_]+$/;
/** YAML 1.1 wants both a point and a sign: `7.0e+10`. */
const scientific = /^[-+]?(?:\d+[eE][-+]?\d+|(?:\d+\.\d*|\.\d+)[eE]\d+)$/;
const newOctal = /^0o[0-7]+$/;
const integer = /^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/;
const decimal = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const special = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Is this a number that everybody reads alike, and prints as it is written? */
export function isNumberOfJson(source: string): boolean {
  return harmless.test(source);
}

/** Does a plain scalar mean everywhere what it says, and is it printed as it is written? */
export function isInnocent(source: string): boolean {
  return surpriseIn(source) === undefined && !losesSpelling(source);
}

/** What is wrong with a plain scalar, or undefined. YAML 1.1 tools read `no`, `010` and `1:30` as false, 8 and 90. */
export function surpriseIn(source: string): Surprise | undefined {
  const first = source.charCodeAt(0);
  if (first > 0x39) return source.length <= 3 ? wordSurprise(source) : undefined;
  if (harmless.test(source)) return undefined;
  return numberSurprise(source);
}

/** Is this a number that is printed in another way than it is written, such as `1.10` or `0x1F`? */
export function losesSpelling(source: string): boolean {
  if (source.charCodeAt(0) > 0x39 || harmless.test(source)) return false;
  return (integer.test(source) || decimal.test(source)) && String(Number(source)) !== source;
}

function wordSurprise(source: string): Surprise | undefined {
  const older = booleans.get(source);
  if (older === undefined) return undefined;
  return {
    code: 'yaml-1.1',
    message: `Unquoted ${source} is text in YAML 1.2 and ${older} in YAML 1.1.`,
    hint: `Quote it ("${source}") where text is meant; where the field is true or false, write ${older}.`,
  };
}

function numberSurprise(source: string): Surprise | undefined {
  const older = olderReading(source);
  const said = short(source);
  if (older !== undefined) {
    return {
      code: 'yaml-1.1',
      message: `Unquoted ${said} is ${older}.`,
      hint: `Quote it ("${said}") where text is meant, or write a plain decimal number.`,
    };
  }
  if (special.test(source)) {
    return {
      code: 'not-json',
      message: `${source} is a number that JSON, and so the API, does not have.`,
      hint: `Write a finite number, or quote it ("${source}") where text is meant.`,
    };
  }
  return integer.test(source) ? unsafeInteger(source) : decimal.test(source) ? unsafeDecimal(source) : undefined;
}

function unsafeInteger(source: string): Surprise | undefined {
  if (Number.isSafeInteger(Number(source))) return undefined;
  const said = short(source);
  return {
    code: 'unsafe-integer',
    message: `${said} is beyond 2^53 and would be rounded.`,
    hint: `Quote it ("${said}") where text is meant; a number must be between -9007199254740991 and 9007199254740991.`,
  };
}

function unsafeDecimal(source: string): Surprise | undefined {
  const number = Number(source);
  if (digitsOf(String(number)) === digitsOf(source)) return undefined;
  const said = short(source);
  return {
    code: 'unsafe-integer',
    message: `${said} has more digits than a number can hold, and would be rounded.`,
    hint: `Quote it ("${said}") where text is meant, or write a number that can be held${Number.isFinite(number) ? `, such as ${number}` : ''}.`,
  };
}

/** The digits of a decimal number without zeros around them, and the power of ten they are multiplied by. */
function digitsOf(source: string): string {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().replace(/^[-+]/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  let start = 0;
  let end = digits.length;
  while (digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  if (start === end) return '0';
  return `${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

function olderReading(source: string): string | undefined {
  const number = (kind: string) => `${kind} in YAML 1.1 and something else in YAML 1.2`;
  if (octal.test(source)) return number('an octal number');
  if (binary.test(source)) return number('a binary number');
  if (sexagesimal.test(source)) return number('a number in base 60');
  if (source.includes('_') && grouped.test(source)) return number('a number with digit groups');
  if (hexadecimal.test(source) && !integer.test(source)) return number('a hexadecimal number');
  if (scientific.test(source) || newOctal.test(source)) return 'text in YAML 1.1 and a number in YAML 1.2';
  return undefined;
}

function short(source: string): string {
  return source.length > 60 ? `${source.slice(0, 57)}…` : source;
}
