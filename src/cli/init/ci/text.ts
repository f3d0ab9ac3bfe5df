/** A text with every line that is not empty moved to the right. */
export function indented(text: string, width: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(width));
}

/** A scalar of YAML: as it is where it can mean nothing else, else in double quotes. */
export function scalar(text: string): string {
  const plain = /^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

/** A list in YAML on one line, or over several where it is long. */
export function list(items: readonly string[], indent: number): string {
  const line = `[${items.map(scalar).join(', ')}]`;
  if (line.length <= 100) return line;
  return `\n${indented(items.map((one) => `- ${scalar(one)}`).join('\n'), indent)}`;
}
