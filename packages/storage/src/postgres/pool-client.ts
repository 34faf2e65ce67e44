import pg from 'pg';
import { StoreError } from '../store-error.ts';

const NO_PASSWORD = 'client password must be a string';

/**
 * A client that closes its connection if it can't sign in. The driver leaves such a connection
 * open, and the process then can't end until the database closes the connection after a minute.
 */
export class PoolClient extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    if (callback === undefined) return super.connect();
    super.connect((error: Error | null) => {
      if (error !== null && error !== undefined) void this.end().catch(ignore);
      callback(named(error) as Error);
    });
    return undefined;
  }
}

/** The driver's own text names a step of the protocol, but not what the operator must change. */
function named(error: Error | null): Error | null {
  if (!error?.message.includes(NO_PASSWORD)) return error;
  return new StoreError('failed', 'The database wants a password, and its URL contains none.', {
    cause: error,
  });
}

function ignore(): void {}
