declare const SYNCLINE_VERSION: string | undefined;

/** Put in place by the build from package.json; the sources on their own have no version. */
export const version: string = typeof SYNCLINE_VERSION === 'string' ? SYNCLINE_VERSION : '0.0.0';

/** How plans and reports name what made them. */
export const tool = `syncline ${version}`;
