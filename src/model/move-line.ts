/** What a command that moves a target says beside the API. */
interface MoveWords {
  readonly target?: string;
  /**
   * The variable of the token at the API that the project file does not say; null where project file or ledger know it. Left out:
   * nobody here knows it, so a person has to fill it in.
   */
  readonly token?: string | null | undefined;
  readonly check?: true;
}

/** The command, in backticks, that moves a target to an API. */
export function moveLine(to: string, { target, token = 'NAME', check }: MoveWords = {}): string {
  const words = [
    `syncline migrate api --to ${to}`,
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...(token === null ? [] : [`--token-env ${token}`]),
    ...(check ? ['--check'] : []),
  ];
  return `\`${words.join(' ')}\``;
}
