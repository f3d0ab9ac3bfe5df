/** GitHub refused a request, answered something else than it documents, or did not answer at all. */
export class GitHubError extends Error {
  /** undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GitHubError';
    this.status = status;
  }
}

/** May the token not do this, or not even see that it could? GitHub answers 404 where it would give something away. */
export function isForbidden(error: unknown): error is GitHubError {
  return error instanceof GitHubError && (error.status === 401 || error.status === 403 || error.status === 404);
}
