/** The version of the protocol that this code speaks. */
export const PROTOCOL_VERSION = 1;

/** The oldest and the newest version that a node accepts in a hello, both included. */
export const ACCEPTED_VERSIONS = { min: 1, max: 1 } as const;

/** Whether a node that runs this code can serve a client of that version. */
export function isAcceptedVersion(version: number): boolean {
  return (
    Number.isInteger(version) &&
    version >= ACCEPTED_VERSIONS.min &&
    version <= ACCEPTED_VERSIONS.max
  );
}
