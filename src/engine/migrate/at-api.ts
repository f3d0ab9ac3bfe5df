import { InvalidInput } from '../../model/errors.ts';

/** The result of work at one of two APIs; what a file says that means nothing there names that API. @throws as the work does */
export async function atApi<Result>(api: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const told = error.diagnostics.map((one) => ({ ...one, message: `With \`api: ${api}\`: ${one.message}` }));
    throw new InvalidInput(told, error.root);
  }
}
