/** Something wrong in a fault rule or a seed: one sentence of fact, one of help. */
export interface InputProblem {
  readonly message: string;
  readonly hint: string;
  /** Where it stands in a seed: `syncs[3].id`; absent where it is about all of it, or about no seed. */
  readonly place?: string;
}

/** Thrown by a start that was given an unusable rule or seed; a caller that parses first never meets it. */
export class EmulatorInputError extends Error {
  readonly hint: string;
  readonly place: string | undefined;

  constructor(problem: InputProblem) {
    super(problem.message);
    this.place = problem.place;
    this.name = 'EmulatorInputError';
    this.hint = problem.hint;
  }
}
