// Runs once before all tests: what is generated and not committed is there and current.
export { ensureGenerated as setup } from '../../scripts/generated.mjs';
