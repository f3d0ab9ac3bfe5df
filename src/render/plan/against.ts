import type { Comparison, Difference, PlannedAs } from '../../model/against.ts';
import { forMarkdown, forTerminal, forWorkflow, forWorkflowProperty, markdownCode } from '../escape.ts';
import { type Style, style } from '../style.ts';

/** Plans beside the ones of a file. */
export interface Compared {
  /** As the user names it. */
  readonly file: string;
  readonly comparisons: readonly Comparison[];
}

/** What is not planned as it was, as a person reads it in a terminal: each address with what was planned then, and what is now. */
export function againstText({ file, comparisons }: Compared, options: { readonly colour: boolean }): string {
  const paint = style(options.colour);
  const sections = comparisons.map((one) => {
    const head = `${one.target} against ${file}: ${verdict(one)}.`;
    const title = one.differences.length === 0 ? paint.green(forTerminal(head)) : paint.red(forTerminal(head));
    return [paint.bold(title), ...one.differences.map((each) => differenceText(each, paint)), ...besidesText(one)];
  });
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function differenceText(difference: Difference, paint: Style): string {
  const { address, was } = difference;
  return [
    `  ${paint.red(`≠ ${forTerminal(address)}`)}`,
    `      then: ${forTerminal(planned(was))}`,
    `      now:  ${forTerminal(today(difference))}`,
  ].join('\n');
}

function besidesText({ besides }: Comparison): readonly string[] {
  return besides.map(({ address, now }) => `  besides: ${forTerminal(`${planned(now)} ${address}`)}`);
}

/** Characters that differences may take of a comment, and what has come besides. */
const rooms = { differences: 3000, besides: 1000 };

/** The same as the head of a comment. Where room runs out, the rest is counted. */
export function againstMarkdown({ file, comparisons }: Compared): string {
  const room = Math.max(1, comparisons.length);
  const sections = comparisons.map((one) => {
    const head = `**${forMarkdown(one.target)} against ${markdownCode(file)}: ${verdict(one)}.**\n\n`;
    const differences = one.differences.map(
      (each) =>
        `- ${markdownCode(each.address)}: then ${forMarkdown(planned(each.was))}; now ${forMarkdown(today(each))}\n`,
    );
    const besides = one.besides.map(
      ({ address, now }) => `- besides: ${forMarkdown(planned(now))} ${markdownCode(address)}\n`,
    );
    return `${head}${within(differences, rooms.differences / room)}${within(besides, rooms.besides / room)}`;
  });
  return sections.join('\n');
}

function within(lines: readonly string[], room: number): string {
  let left = room;
  const shown = lines.filter((line) => {
    left -= line.length;
    return left >= 0;
  });
  const more = lines.length - shown.length;
  return `${shown.join('')}${more > 0 ? `- and ${more} more, which do not fit here\n` : ''}`;
}

/** GitHub workflow commands: an error for what is not planned as it was, and one line for each target. */
export function againstGithub({ file, comparisons }: Compared): string {
  const lines = comparisons.flatMap((one) => [
    ...one.differences.slice(0, mostErrors).map((each) => {
      const title = forWorkflowProperty(`${each.address} is not planned as it was`);
      return `::error title=${title}::${forWorkflow(`then ${planned(each.was)}; now ${today(each)}`)}`;
    }),
    forTerminal(`${one.target} against ${file}: ${verdict(one)}.`),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** GitHub shows so many of one level. */
const mostErrors = 10;

/** `2 are not planned as they were, 1 has come besides` */
function verdict({ differences, besides }: Comparison): string {
  const [lost, more] = [differences.length, besides.length];
  const said =
    lost === 0
      ? 'everything is planned as it was'
      : `${lost} ${lost === 1 ? 'is not planned as it was' : 'are not planned as they were'}`;
  return more === 0 ? said : `${said}, ${more} ${more === 1 ? 'has' : 'have'} come besides`;
}

function planned({ action, blocked }: PlannedAs): string {
  return blocked === null ? action : `${action}, blocked (${blocked})`;
}

const partWords: Readonly<Record<string, string>> = {
  depends_on: 'what it waits for',
  fingerprint: 'what is live',
  hide: 'what is hidden',
  id: 'the id',
  label: 'the label',
  lifecycle: 'the lifecycle',
  release: 'whether it is let go',
};

function today({ now, fields, parts }: Difference): string {
  if (now === null) return 'nothing';
  // What it is to say follows from its fields.
  const others = parts.filter((part) => part !== 'desired' || fields.length === 0);
  const apart = [...fields, ...others.map((part) => (part === 'desired' ? 'what it says' : (partWords[part] ?? part)))];
  return apart.length === 0 ? planned(now) : `${planned(now)}, but not the same: ${apart.join(', ')}`;
}
