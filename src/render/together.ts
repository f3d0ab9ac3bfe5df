/** `3 targets together: 4 to create, 7 unchanged.` Targets that failed are told apart: nobody knows what they would have come to. */
export function together(targets: number, words: string): string {
  return `${targets} targets together: ${words}.`;
}
