/** What an emulated service has, as far as fault rules ask. */
export interface Service {
  readonly name: string;
  /** Its lists come in pages. */
  readonly pages: boolean;
  /** A body may ask to be checked only. */
  readonly validate_only: boolean;
}

/** Takes every rule. */
export const everyService: Service = { name: 'This API', pages: true, validate_only: true };
