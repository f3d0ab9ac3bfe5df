/** A token that prints as `***` wherever it is turned into text. Only `reveal` gives it out. */
export interface Secret {
  /** For the one place that writes the Authorization header, and for redaction. */
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

export function secret(value: string): Secret {
  const hidden = () => '***';
  return Object.freeze({
    reveal: () => value,
    toString: hidden,
    toJSON: hidden,
    [Symbol.for('nodejs.util.inspect.custom')]: hidden,
  });
}
