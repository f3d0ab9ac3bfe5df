import { Liquid } from 'liquidjs';

/**
 * Parses a Liquid template without running it: the message of its first syntax error, or undefined. Unknown filters pass, since
 * the service has filters of its own. This file is imported only where a manifest mentions a template.
 */
export function liquidError(template: string): string | undefined {
  engine ??= new Liquid({ strictFilters: false });
  try {
    engine.parse(template);
    return undefined;
  } catch (error) {
    return error instanceof Error ? oneLine(error.message) : 'not a Liquid template';
  }
}

let engine: Liquid | undefined;

function oneLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/, line:(\d+), col:(\d+)$/, ' (line $1, column $2 of the template)') ?? '';
}
