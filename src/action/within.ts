/** The text, or as many of its lines as there is room for. */
export function within(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 100);
  return `${kept.slice(0, kept.lastIndexOf('\n') + 1)}\nThe rest does not fit here; the log of the job has it.\n`;
}
