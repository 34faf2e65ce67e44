/**
 * Returns the mode under which the store has requests for the next hour of a community, or of the
 * open pool.
 */
export function hourMode(community: string | undefined): string {
  return community === undefined ? 'hour' : `hour ${community}`;
}
