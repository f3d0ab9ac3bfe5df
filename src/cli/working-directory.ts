/** The folder that the program was started in; undefined where it does not exist any more. */
export const startedIn = find();

function find(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // Libraries ask for it as they are loaded, before anybody could tell the user.
    process.cwd = () => '/';
    return undefined;
  }
}
