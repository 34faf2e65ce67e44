/** Somebody asked for what cannot be done; the message says why. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
