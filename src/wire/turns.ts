/** A turn for everybody who asks, one after the other: what has come over the network meanwhile is served between two of them. */
export function turns(): () => Promise<void> {
  let line = Promise.resolve();
  return () => {
    line = line.then(() => new Promise((go) => setImmediate(go)));
    return line;
  };
}
