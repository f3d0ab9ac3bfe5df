/** Something wrong in a fault rule or a seed: one sentence of fact, one of help. */
export interface InputProblem {
  readonly message: string;
  readonly hint: string;
}

/** Thrown by a start that was given an unusable rule or seed; a caller that parses first never meets it. */
export class EmulatorInputError extends Error {
  readonly hint: string;

  constructor(problem: InputProblem) {
    super(problem.message);
    this.name = 'EmulatorInputError';
    this.hint = problem.hint;
  }
}
