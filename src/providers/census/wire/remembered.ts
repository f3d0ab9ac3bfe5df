/** What is read once per run, by key; a failure is not remembered. */
export function remembered<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  read: () => Promise<Value>,
): Promise<Value> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const fresh = read().catch((error: unknown) => {
    memory.delete(key);
    throw error;
  });
  memory.set(key, fresh);
  return fresh;
}
